import { IotmonError } from "../../core/errors.ts";

/** Why the state directory can't be written. */
export interface DiskFailure {
  readonly message: string;
  /** Whether free space is the problem. */
  readonly isFull: boolean;
}

/** Whether an error says that the state directory was deleted while it was in use. */
export function isStateDeleted(error: unknown): boolean {
  return error instanceof IotmonError && error.reason === "state_deleted";
}

/** Converts an error of a write. */
export function diskFailure(error: unknown): DiskFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { message, isFull: error instanceof IotmonError && error.reason === "disk_full" };
}
