import type { Reject } from "../../decode-context.ts";
import type { InputProfile } from "../../input-profile.ts";
import { cleanCell } from "../../rows/cell.ts";
import type { CsvDialect } from "../dialect.ts";
import { isValue } from "../sniff/header.ts";
import { cellsOf } from "./line-shape.ts";

const COMMENT = /^\s*(?:#|\/\/)/;
const SEVERAL_WORDS = /\p{L}{2}\P{L}+\p{L}{2}/u;
/** Most lines of words below a table. */
const MAX_FOOTER = 20;

/** The parts of a profile that show its comments. */
interface CommentedProfile extends Pick<InputProfile, "columns" | "rowColumns"> {
  readonly dialect: CsvDialect;
}

/** What the comments of a table look like. */
export interface Comments {
  /** Whether a line that begins with # is one, whatever follows. */
  readonly hash: boolean;
  /** Whether a line that is no reading is one. */
  isComment(text: string): boolean;
}

/** Comments by their first characters, unless the header or the first readings begin like that, too. */
export function commentsOf({ columns, rowColumns, dialect }: CommentedProfile): Comments {
  const [first] = rowColumns ?? columns;
  const used = [dialect.header?.[0] ?? "", ...(first?.examples ?? [])];
  const areComments = !used.some((cell) => COMMENT.test(cell));
  return { hash: areComments, isComment: (text) => areComments && COMMENT.test(text) };
}

/** The readings of a sample without comments; all of them if most begin like comments. */
export function withoutComments(
  rows: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const readings = rows.filter(([first = ""]) => !COMMENT.test(first));
  return readings.length * 2 >= rows.length ? readings : rows;
}

/** Tells rejects from what else stands between and below the readings of a table: comments, and words at its end. */
export class SideLines {
  readonly comments: Comments;
  readonly #delimiter: number;
  readonly #report: (reject: Reject) => void;
  /** Lines of words after the last reading. */
  #held: Reject[] = [];

  constructor(profile: CommentedProfile, report: (reject: Reject) => void) {
    this.comments = commentsOf(profile);
    this.#delimiter = profile.dialect.delimiter;
    this.#report = report;
  }

  /** Takes a record that is no reading. @returns Whether it counts as a row: comments do not. */
  add(reject: Reject): boolean {
    if (this.comments.isComment(reject.text)) return false;
    if (reject.reason === "cell count" && this.#isWords(reject.text)) this.#held.push(reject);
    else {
      this.release();
      this.#report(reject);
    }
    return true;
  }

  /** A reading follows: the lines before it are no footer. */
  release(): void {
    if (this.#held.length === 0) return;
    for (const reject of this.#held) this.#report(reject);
    this.#held = [];
  }

  /** The input has ended. */
  end(): void {
    if (this.#held.length > MAX_FOOTER) this.release();
    this.#held = [];
  }

  /** Whether there are several words, and no cell is a number or a time: no part of a reading is lost. */
  #isWords(text: string): boolean {
    if (!SEVERAL_WORDS.test(text)) return false;
    const cells = cellsOf(text, this.#delimiter).map(cleanCell);
    return cells.every((cell) => cell === "" || !isValue(cell));
  }
}
