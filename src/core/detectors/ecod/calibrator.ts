import { SortedWindow } from "../../sorted-window.ts";
import type { StateReader, StateWriter } from "../../state-codec.ts";

const TAIL_FRACTION = 0.01; // part of the history that the tail formula models
const TAIL_MIN = 10;
const AUTOCORRELATION_MEMORY = 2000;
const LN_P_MIN = Math.log(1e-300); // smallest p ever reported: keeps -ln p finite

/**
 * Turns a score into a tail probability, from the detector's own history of scores that were
 * computed before their row was learned.
 *
 * Scores of neighbouring rows are correlated, so the history counts as fewer independent scores
 * (`sqrt((1 - rho) / (1 + rho))` of its length). Below the top 1 % p is a smoothed rank; inside it,
 * the exact predictive tail of an exponential whose mean was estimated from the excesses.
 *
 * Cost: a binary search and an insertion a score; in the tail also the sum of the top 1 %.
 * Source: detector specification, section 5.
 */
export class Calibrator {
  readonly #capacity: number;
  readonly #history: SortedWindow;
  #pushed = 0;
  #seeds = 0;
  #mean = 0;
  #variance = 0;
  #covariance = 0;
  #previous = 0;

  /** @param capacity Scores kept at the most. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#history = new SortedWindow(capacity);
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#history.bytes;
  }

  /** Adds a score; `seeding` ones (of the warm-up) are kept until newer ones outnumber them. */
  push(score: number, seeding: boolean): void {
    this.#pushed += 1;
    this.#updateMoments(score);
    if (seeding) this.#seeds += 1;
    // the newest half only, until `capacity` is reached: early scores were measured against a
    // small reference and are too large
    const limit = Math.min(
      this.#capacity,
      Math.max(this.#seeds, Math.floor((this.#pushed + 1) / 2)),
    );
    if (this.#history.length < limit) this.#history.push(score);
    else this.#history.slide(score);
  }

  /** Probability of a score at least this large, in (0, 1]; 1 without any history. */
  tailProbability(score: number): number {
    const history = this.#history;
    const m = history.length;
    if (m === 0) return 1;
    const effective = this.#effectiveSize();
    const share = effective / m;
    const atLeast = m - history.countBelow(score);
    const k = Math.min(Math.max(TAIL_MIN, Math.floor(TAIL_FRACTION * m)), Math.floor(m / 2));
    if (atLeast >= k || m < 2 * TAIL_MIN) {
      return Math.min((atLeast * share + 1) / (effective + 1), 1);
    }
    const threshold = history.at(m - k - 1);
    const meanExcess = Math.max(history.excess(m - k, m, threshold) / k, 1e-6);
    const lnP =
      Math.log((k * share + 1) / (effective + 1)) -
      k * Math.log1p((score - threshold) / (k * meanExcess));
    return Math.min(Math.exp(Math.max(lnP, LN_P_MIN)), 1);
  }

  save(writer: StateWriter): void {
    writer.f64(this.#pushed);
    writer.f64(this.#seeds);
    writer.f64(this.#mean);
    writer.f64(this.#variance);
    writer.f64(this.#covariance);
    writer.f64(this.#previous);
    this.#history.save(writer);
  }

  load(reader: StateReader): void {
    this.#pushed = reader.f64();
    this.#seeds = reader.f64();
    this.#mean = reader.f64();
    this.#variance = reader.f64();
    this.#covariance = reader.f64();
    this.#previous = reader.f64();
    this.#history.load(reader);
  }

  /** Exponentially weighted moments of consecutive scores, for their lag-1 autocorrelation. */
  #updateMoments(score: number): void {
    if (this.#pushed === 1) {
      this.#mean = score;
    } else {
      const weight = 1 / Math.min(this.#pushed, AUTOCORRELATION_MEMORY);
      const deviation = score - this.#mean;
      const previousDeviation = this.#previous - this.#mean;
      this.#covariance += weight * (deviation * previousDeviation - this.#covariance);
      this.#variance += weight * (deviation * deviation - this.#variance);
      this.#mean += weight * deviation;
    }
    this.#previous = score;
  }

  #effectiveSize(): number {
    const rho =
      this.#variance > 1e-12 ? Math.min(Math.max(this.#covariance / this.#variance, 0), 0.99) : 0;
    return Math.max(1, this.#history.length * Math.sqrt((1 - rho) / (1 + rho)));
  }
}

/**
 * Maps a tail probability to [0, 1]: 0.5 exactly at `p === contamination`, 0.85 where p is 0.3 of
 * it, 0.95 where it is a tenth.
 */
export function anomalyScore(p: number, contamination: number): number {
  return p <= contamination ? 1 - (0.5 * p) / contamination : (0.5 * (1 - p)) / (1 - contamination);
}
