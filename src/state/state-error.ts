import { type ErrorCode, type ErrorReason, IotmonError } from "../core/errors.ts";

/** Damage in the state directory, and the loss that it caused. */
export interface Damage {
  /** File or value, relative to the state directory: `outbox/0000000000000001.seg:120`. */
  readonly at: string;
  /** The fault and what was done about it, one sentence without a period. */
  readonly message: string;
  /** Records or values known to be lost. */
  readonly records: number;
  /** Skipped bytes. */
  readonly bytes: number;
}

/** Receives each damage as it is found. Must not throw. */
export type ReportDamage = (damage: Damage) => void;

type Reason = readonly [code: ErrorCode, why: string, hint?: string];

const ELSEWHERE = "Name another directory for the state";
const REASONS: Readonly<Record<string, Reason>> = {
  EACCES: ["ERR_PERMISSION", "no permission to read and write it", "Change its owner or mode"],
  EPERM: ["ERR_PERMISSION", "no permission to read and write it", "Change its owner or mode"],
  ENOENT: ["ERR_CANT_CREATE", "it can't be created", ELSEWHERE],
  ENOTDIR: ["ERR_CANT_CREATE", "a part of its path is a file", ELSEWHERE],
  EEXIST: ["ERR_CANT_CREATE", "there is a file of that name", ELSEWHERE],
  ENAMETOOLONG: ["ERR_CANT_CREATE", "its name is too long", ELSEWHERE],
  EROFS: ["ERR_CANT_CREATE", "its disk is read-only", ELSEWHERE],
  ENOSPC: ["ERR_IO", "the disk is full", "Free some space"],
  EDQUOT: ["ERR_IO", "your disk quota is used up", "Free some space"],
};

/**
 * Describes why a part of the state directory can't be created, read or written.
 *
 * @param what `the state directory`.
 * @param path For the message.
 */
export function stateError(what: string, path: string, cause: unknown): IotmonError {
  if (cause instanceof IotmonError) return cause;
  const known = cause instanceof Error && "code" in cause ? REASONS[String(cause.code)] : undefined;
  const root = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const text = root instanceof Error ? root.message : String(root);
  const [code, why, hint] = known ?? (["ERR_IO", text] as const);
  const reason = diskReason(cause);
  return new IotmonError(code, `${what} can't be used: ${why}`, { at: path, hint, cause, reason });
}

/** The error of a state directory that was deleted or moved while it was in use. */
export function deletedError(path: string, cause?: unknown): IotmonError {
  const message =
    "the state directory was deleted or moved while in use, so nothing more can be saved: stop iotmon, put the directory " +
    "back if you can, and start iotmon again";
  return new IotmonError("ERR_IO", message, { at: path, cause, reason: "state_deleted" });
}

/** Whether the disk is full, by the error's code. */
function diskReason(cause: unknown): ErrorReason | undefined {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" ? "disk_full" : undefined;
}
