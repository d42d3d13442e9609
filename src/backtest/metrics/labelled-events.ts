import type { DetectorCounts } from "./detector-counts.ts";

/**
 * The labelled events of one key: consecutive readings with label 1. A missing label does not end an
 * event. Each ended event is added to the counts of every detector.
 */
export class LabelledEvents {
  readonly #key: number;
  readonly #counts: readonly DetectorCounts[];
  /** Event times of the first and the last reading of every event, ms. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** By event: whether a detector scored a reported reading of it, by detector. */
  readonly #isCounted: (readonly boolean[])[] = [];
  /** Events that alerts touch, by detector. */
  readonly #told: readonly Set<number>[];
  #inside = false;
  /** Event time of this event's first reading in the reported span, ms; NaN: none yet. */
  #countedFrom = Number.NaN;
  /** Counts and scores of the current event, by detector. */
  readonly #scored: Float64Array;
  readonly #anomalous: Float64Array;
  readonly #firstAnomaly: Float64Array;
  readonly #peakScore: Float64Array;
  readonly #peakAt: Float64Array;

  /**
   * @param key Code of the key.
   * @param counts One per detector.
   */
  constructor(key: number, counts: readonly DetectorCounts[]) {
    this.#key = key;
    this.#counts = counts;
    this.#told = counts.map(() => new Set());
    this.#scored = new Float64Array(counts.length);
    this.#anomalous = new Float64Array(counts.length);
    this.#firstAnomaly = new Float64Array(counts.length).fill(Number.NaN);
    this.#peakScore = new Float64Array(counts.length).fill(Number.NaN);
    this.#peakAt = new Float64Array(counts.length).fill(Number.NaN);
  }

  /**
   * Adds the key's next reading.
   *
   * @param time Event time, ms; never decreases.
   * @param label 1, 0 or NaN.
   * @param isReported Whether the reading is in the reported span.
   * @returns Whether it is inside an event.
   */
  add(time: number, label: number, isReported: boolean): boolean {
    if (label === 0) this.end();
    if (!(label === 1 || this.#inside)) return false;
    if (!this.#inside) {
      this.#inside = true;
      this.#starts.push(time);
    }
    this.#ends[this.#starts.length - 1] = time;
    if (isReported && Number.isNaN(this.#countedFrom)) this.#countedFrom = time;
    return true;
  }

  /** Adds a detector's score of the last added reading. Only for scored readings inside an event. */
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

  /** Ends the current event, if any. */
  end(): void {
    if (!this.#inside) return;
    const isCounted = !Number.isNaN(this.#countedFrom);
    this.#isCounted.push(Array.from(this.#scored, (scored) => isCounted && scored > 0));
    if (isCounted) {
      this.#counts.forEach((own, d) => {
        own.event({
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

  /** Number of events with a score that alerts of a detector touch. */
  told(detector: number): number {
    return this.#told[detector]?.size ?? 0;
  }

  /**
   * Takes an alert of a detector over `[from, to]` (event time, ms).
   *
   * @returns Whether it touches an event. O(log events).
   */
  touch(detector: number, from: number, to: number): boolean {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) <= to) low = middle + 1;
      else high = middle;
    }
    // events do not overlap: the last that starts by `to` also ends last
    const touches = low > 0 && (this.#ends[low - 1] as number) >= from;
    for (let event = low - 1; event >= 0 && (this.#ends[event] as number) >= from; event--) {
      if (this.#isCounted[event]?.[detector] === true) this.#told[detector]?.add(event);
    }
    return touches;
  }
}
