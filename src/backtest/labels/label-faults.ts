import { type Fault, IotmonError } from "../../core/errors.ts";

/** One error for all faults of a file of labels. */
export function labelError(label: string, faults: readonly Fault[]): IotmonError {
  const many = faults.length === 1 ? "a fault" : `${faults.length} faults`;
  return new IotmonError("ERR_DATA", `The labels ${label} have ${many}`, { faults });
}
