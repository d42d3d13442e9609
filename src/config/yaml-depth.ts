import { CST, Lexer } from "yaml";

/** What follows the mark of a text that is not quoted. */
const TEXT = "\u001f";
const SKIPPED: ReadonlySet<string | null> = new Set([
  ...["doc-mode", "byte-order-mark", "space", "newline", "comment", "comma"],
]);
/** Tokens that stand for no character of the text. */
const MARKS: ReadonlySet<string | null> = new Set(["doc-mode", "flow-error-end"]);
/** A level may count twice: as a key and as its colon. */
const MARGIN = 2;

/**
 * Finds where a YAML text is nested too deeply, before it is parsed: the parser calls itself for each level, and V8 ends
 * the process if it compiles a regular expression when the stack is nearly full. O(characters), without recursion.
 *
 * This is an estimate for texts that are far too deep: levels of indentation count by the columns at which something
 * begins. `checkNodes` counts the levels exactly.
 *
 * @param most Most levels. A text of up to that many passes if each line has one key, and no text of four times as many does.
 * @returns Offset of a token that is too deep; -1: none.
 */
export function tooDeepAt(text: string, most: number): number {
  const levels = new Levels();
  let offset = 0;
  let lineStart = 0;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    const type = isText ? "scalar" : CST.tokenType(token);
    isText = token === TEXT && !isText;
    if (isText) continue;
    levels.take(type, offset - lineStart);
    if (levels.count > MARGIN * most) return offset;
    if (!MARKS.has(type)) offset += token.length;
    const newline = token.lastIndexOf("\n");
    if (newline >= 0) lineStart = offset - (token.length - 1 - newline);
  }
  return -1;
}

/** The levels at a place of a text. */
class Levels {
  /** Open brackets. */
  #brackets = 0;
  /** Columns at which something has begun outside of brackets, ascending. */
  readonly #columns: number[] = [];

  get count(): number {
    return this.#brackets + this.#columns.length;
  }

  take(type: string | null, column: number): void {
    if (type === "flow-map-start" || type === "flow-seq-start") this.#brackets += 1;
    else if (type === "flow-map-end" || type === "flow-seq-end") this.#brackets -= 1;
    else if (type === "flow-error-end") this.#brackets = 0;
    else if (type === "doc-start" || type === "doc-end") this.#columns.length = 0;
    else if (this.#brackets <= 0 && !SKIPPED.has(type)) this.#enter(column);
  }

  /** Something begins at a column: what began further to the right has ended. */
  #enter(column: number): void {
    const columns = this.#columns;
    while ((columns.at(-1) ?? -1) > column) columns.pop();
    if (columns.at(-1) !== column) columns.push(column);
  }
}
