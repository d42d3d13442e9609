import type { CommandErrorKind } from "./api.ts";

/** Details of a command error. */
export interface CommandErrorOptions {
  /** The field at fault: `features.0.window`, `rows.3.temperature`. */
  readonly field?: string | undefined;
  /** What to do, as one imperative sentence: `Did you mean "sensor_metrics"?` */
  readonly hint?: string | undefined;
}

/** Answer to a different definition of a name that is in use: the command fails and is kept as a variant. */
export interface Refused {
  readonly creation: "refused";
  readonly conflict: CommandError;
}

/** A command failed. Nothing has changed, unless the kind is `unsafe` or the error is that of {@link Refused}. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly kind: CommandErrorKind;
  readonly field: string | undefined;
  readonly hint: string | undefined;

  /** @param message What is wrong, with the offending value, no trailing period. */
  constructor(kind: CommandErrorKind, message: string, options: CommandErrorOptions = {}) {
    super(message);
    this.kind = kind;
    this.field = options.field;
    this.hint = options.hint;
  }
}
