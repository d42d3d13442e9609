import type { CommandErrorKind } from "./api.ts";

/** Where and how something could be right. */
export interface CommandErrorOptions {
  /** The culprit: `features.0.window`, `rows.3.temperature`. */
  readonly field?: string | undefined;
  /** What to do about it, as one imperative sentence: `Did you mean "sensor_metrics"?` */
  readonly hint?: string | undefined;
}

/** Something was asked for that can't be done. Nothing has changed, but for `unsafe`. */
export class CommandError extends Error {
  override readonly name = "Refusal";
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
