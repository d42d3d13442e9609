import type { DetectorCounts } from "./detector-counts.ts";

/**
 * The labelled events of one key: its consecutive readings with label 1. A missing label goes on
 * with what was. An event that ends is handed to the detectors' tallies.
 */
export class LabelledEvents {
  readonly #key: number;
  readonly #tallies: readonly DetectorCounts[];
  /** Event times of the first and the last reading of every event, ms. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #inside = false;
  /** Event time of the first reading of this event that counts, ms; NaN: none yet. */
  #countedFrom = Number.NaN;
  /** Of this event, by detector. */
  readonly #scored: Float64Array;
  readonly #anomalous: Float64Array;
  readonly #firstAnomaly: Float64Array;
  readonly #peakScore: Float64Array;
  readonly #peakAt: Float64Array;

  /**
   * @param key Code of the key.
   * @param tallies One per detector.
   */
  constructor(key: number, tallies: readonly DetectorCounts[]) {
    this.#key = key;
    this.#tallies = tallies;
    this.#scored = new Float64Array(tallies.length);
    this.#anomalous = new Float64Array(tallies.length);
    this.#firstAnomaly = new Float64Array(tallies.length).fill(Number.NaN);
    this.#peakScore = new Float64Array(tallies.length).fill(Number.NaN);
    this.#peakAt = new Float64Array(tallies.length).fill(Number.NaN);
  }

  /**
   * Takes the key's next reading.
   *
   * @param time Event time, ms; never decreases.
   * @param label 1, 0 or NaN.
   * @param counts Whether the reading is part of the reported span.
   * @returns Whether it is inside an event.
   */
  add(time: number, label: number, counts: boolean): boolean {
    if (label === 0) this.end();
    if (!(label === 1 || this.#inside)) return false;
    if (!this.#inside) {
      this.#inside = true;
      this.#starts.push(time);
    }
    this.#ends[this.#starts.length - 1] = time;
    if (counts && Number.isNaN(this.#countedFrom)) this.#countedFrom = time;
    return true;
  }

  /** What a detector said about the reading that was added last; only for scored ones inside. */
  score(detector: number, time: number, anomalous: boolean, score: number): void {
    this.#scored[detector] = (this.#scored[detector] as number) + 1;
    if (!(score <= (this.#peakScore[detector] as number))) {
      this.#peakScore[detector] = score;
      this.#peakAt[detector] = time;
    }
    if (!anomalous) return;
    this.#anomalous[detector] = (this.#anomalous[detector] as number) + 1;
    if (Number.isNaN(this.#firstAnomaly[detector] as number)) this.#firstAnomaly[detector] = time;
  }

  /** Ends the event that is going on, if there is one. */
  end(): void {
    if (!this.#inside) return;
    if (!Number.isNaN(this.#countedFrom)) {
      this.#tallies.forEach((tally, d) => {
        tally.event({
          key: this.#key,
          startedAt: this.#countedFrom,
          endedAt: this.#ends.at(-1) ?? Number.NaN,
          scored: this.#scored[d] as number,
          anomalous: this.#anomalous[d] as number,
          delayMs: (this.#firstAnomaly[d] as number) - this.#countedFrom,
          peakScore: this.#peakScore[d] as number,
          peakAt: this.#peakAt[d] as number,
        });
      });
    }
    this.#inside = false;
    this.#countedFrom = Number.NaN;
    this.#scored.fill(0);
    this.#anomalous.fill(0);
    this.#firstAnomaly.fill(Number.NaN);
    this.#peakScore.fill(Number.NaN);
    this.#peakAt.fill(Number.NaN);
  }

  /** Whether an event has a part of `[from, to]` (event time, ms). O(log events). */
  touch(from: number, to: number): boolean {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) <= to) low = middle + 1;
      else high = middle;
    }
    // events don't overlap: of those that start in time, the last one ends last
    return low > 0 && (this.#ends[low - 1] as number) >= from;
  }
}
