import type { StateReader, StateWriter } from "../../../state-codec.ts";

/** Median of the newest `size` scores, or of all while there are fewer. O(size) per score; size is about ten. */
export class ScoreMedian {
  readonly #recent: Float64Array; // a ring
  readonly #sorted: Float64Array;
  #length = 0;
  #next = 0;

  /** @param size Scores the median runs over, >= 1. */
  constructor(size: number) {
    this.#recent = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  /** Adds a score and returns the median, which is the mean of the middle two for an even number. */
  push(score: number): number {
    const size = this.#recent.length;
    this.#recent[this.#next] = score;
    this.#next = this.#next + 1 === size ? 0 : this.#next + 1;
    if (this.#length < size) this.#length += 1;
    const sorted = this.#sorted;
    for (let i = 0; i < this.#length; i++) {
      const value = this.#recent[i] as number;
      let at = i;
      for (; at > 0 && (sorted[at - 1] as number) > value; at--) {
        sorted[at] = sorted[at - 1] as number;
      }
      sorted[at] = value;
    }
    const half = this.#length >>> 1;
    const upper = sorted[half] as number;
    return this.#length % 2 === 1 ? upper : 0.5 * ((sorted[half - 1] as number) + upper);
  }

  /** Continues with the scores of another of the same size. */
  follow(other: ScoreMedian): void {
    this.#recent.set(other.#recent);
    this.#length = other.#length;
    this.#next = other.#next;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#length);
    writer.u32(this.#next);
    writer.f64s(this.#recent);
  }

  load(reader: StateReader): void {
    this.#length = reader.u32();
    this.#next = reader.u32();
    reader.f64s(this.#recent);
  }
}
