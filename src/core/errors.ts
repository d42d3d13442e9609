/**
 * A failure that a user can cause is an {@link IotmonError} with a stable code. Any other error is a
 * bug and keeps its stack trace.
 *
 * @module
 */

/** Stable, documented failure codes. Never rename one: scripts match on them. */
export type ErrorCode =
  | "ERR_USAGE"
  | "ERR_DATA"
  | "ERR_NO_INPUT"
  | "ERR_CANT_CREATE"
  | "ERR_IO"
  | "ERR_PERMISSION"
  | "ERR_CONFIG"
  | "ERR_STATE"
  | "ERR_UNAVAILABLE";

/** One of several faults, for example in a pipeline file. */
export interface Fault {
  /** Where: `pipeline.yaml:12:7`, or `readings.csv:340`. */
  readonly at: string;
  /** What is wrong and why, with the offending value, no trailing period. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Keys and list indices of the value at fault in its document; absent: the fault is in no document. */
  readonly path?: readonly (string | number)[];
  /** The message without the path. */
  readonly problem?: string;
}

/** Extra facts carried by an {@link IotmonError}. */
export interface IotmonErrorOptions extends ErrorOptions {
  /** Where the fault is, e.g. `pipeline.yaml:12:7` or `readings.csv:340`. */
  readonly at?: string | undefined;
  /** What the user can do about it, as one imperative sentence. */
  readonly hint?: string | undefined;
  /** All faults, if the message summarizes several. */
  readonly faults?: readonly Fault[] | undefined;
  /** Machine-readable reason, more specific than the code. */
  readonly reason?: ErrorReason | undefined;
}

/**
 * `disk_full`: the disk has no free space, or the disk quota is used up. `state_deleted`: the state directory was deleted
 * or moved while it was in use.
 */
export type ErrorReason = "disk_full" | "state_deleted";

/** A failure with a known cause, reported to the user without a stack trace. */
export class IotmonError extends Error {
  override readonly name = "IotmonError";
  readonly code: ErrorCode;
  readonly at: string | undefined;
  readonly hint: string | undefined;
  readonly faults: readonly Fault[];
  readonly reason: ErrorReason | undefined;

  /**
   * @param code Stable failure code.
   * @param message What went wrong, with the offending value, no trailing period.
   */
  constructor(code: ErrorCode, message: string, options: IotmonErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.at = options.at;
    this.hint = options.hint;
    this.faults = options.faults ?? [];
    this.reason = options.reason;
  }
}
