/** The fault of an expression and its place. Parsing throws only this error. */
export class ExpressionFault extends Error {
  override readonly name = "ExpressionFault";
  /** 0-based offset in the text, in UTF-16 units; the length of the text for its end. */
  readonly at: number;
  /** What to do about it. */
  readonly hint: string | undefined;

  /** @param message What is wrong, without a period. */
  constructor(at: number, message: string, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}
