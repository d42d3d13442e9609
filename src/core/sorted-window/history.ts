import type { StateReader, StateWriter } from "../state-codec.ts";

/** The newest values of a feature or score, exactly or about: a `SortedWindow` or a `Summary`. */
export interface History {
  /** Address in its memory. */
  readonly address: number;
  /** Number of values. */
  readonly length: number;
  /** Approximate bytes in use. */
  readonly bytes: number;
  /** The `i`-th smallest value, `0 <= i < length`. */
  at(i: number): number;
  /** How many values are `>= from[i]`. */
  countAtLeast(from: Float64Array, i: number): number;
  /** Mean of the `k` largest values less the value below them. */
  topExcess(k: number): number;
  /** Rank of the value that leaves when the next one comes; Infinity: none does. */
  rankOfLeaving(): number;
  /**
   * Adds `from[i]`. The oldest values leave if there are more than `limit`.
   *
   * @param span The limit before.
   */
  add(from: Float64Array, i: number, limit: number, span: number): void;
  save(writer: StateWriter): void;
  /** @throws {RangeError} If what was saved does not fit. */
  load(reader: StateReader): void;
}
