import type { DecodeContext } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import type { LineFormat } from "./line-format.ts";

/** Rows of which most must be rejected. */
const WINDOW_ROWS = 50;
/** Rejected rows that are most of them. */
const MOST = WINDOW_ROWS / 2 + 1;

/** A format that rejected lines have, and their profile. */
export interface RevisedFormat {
  readonly format: LineFormat;
  readonly profile: InputProfile;
}

/** Finds the format of rejected lines; null: the following lines are read as before. */
export type Revise = (lines: readonly string[], line: number) => RevisedFormat | null;

/** The context of a recording whose format may change. */
export interface RevisableContext extends DecodeContext {
  /** Called when most lines are rejected. Undefined: their format stays. */
  readonly revise?: Revise | undefined;
}

/**
 * Notices when most rows of a recording are rejected, as `RejectedLines` does for a live source: more than half of
 * the last 50. Costs nothing for rows that are not rejected.
 */
export class Revision {
  readonly #revise: Revise | undefined;
  /** Rows of the last rejects; a ring. */
  readonly #rows = new Float64Array(MOST).fill(Number.NEGATIVE_INFINITY);
  #texts: string[] = [];
  #count = 0;
  /** Number of rejects at the last attempt. */
  #tried = 0;

  /** @param revise Undefined: the decision stays. */
  constructor(revise: Revise | undefined) {
    this.#revise = revise;
  }

  /**
   * A row was rejected. O(1).
   *
   * @param row 1-based row of the input.
   * @param line 1-based line of the input.
   * @returns How to read the following lines; null: as before.
   */
  rejected(row: number, line: number, text: string): RevisedFormat | null {
    if (this.#revise === undefined) return null;
    this.#rows[this.#count % MOST] = row;
    this.#count += 1;
    if (this.#texts.length === WINDOW_ROWS) this.#texts.shift();
    this.#texts.push(text);
    const isMost = row - (this.#rows[this.#count % MOST] as number) < WINDOW_ROWS;
    if (!isMost || this.#count < 2 * this.#tried) return null;
    this.#tried = this.#count;
    const found = this.#revise(this.#texts, line);
    if (found !== null) {
      this.#rows.fill(Number.NEGATIVE_INFINITY);
      this.#texts = [];
      this.#count = 0;
      this.#tried = 0;
    }
    return found;
  }
}
