import { SortedWindow } from "../../sorted-window/sorted-window.ts";
import type { WindowMemory } from "../../sorted-window/window-memory.ts";
import type { StateReader, StateWriter } from "../../state-codec.ts";

const TAIL_FRACTION = 0.01; // part of the history that the tail formula models
const TAIL_MIN = 10;
const AUTOCORRELATION_MEMORY = 2000;
/** Indices of the moments. */
const MEAN = 0;
const VARIANCE = 1;
const COVARIANCE = 2;
const PREVIOUS = 3;
const LN_P_MIN = Math.log(1e-300); // smallest p ever reported: keeps -ln p finite

/**
 * Converts a score to a tail probability with the detector's history of scores. The history holds
 * scores computed before their row was learned.
 *
 * Scores of neighbouring rows are correlated, so the history counts as fewer independent scores
 * (`sqrt((1 - rho) / (1 + rho))` of its length). Below the top 1 % p is a smoothed rank; inside it,
 * the exact predictive tail of an exponential whose mean was estimated from the excesses.
 *
 * Cost per score: a binary search and an insertion; in the tail also the sum of the top 1 %.
 */
export class Calibrator {
  readonly #capacity: number;
  readonly #history: SortedWindow;
  #pushed = 0;
  #seeds = 0;
  /** Moments of consecutive scores; an array, because V8 boxes a number in a field at every change. */
  readonly #moments = new Float64Array(4);
  readonly #effective = new Float64Array(1);

  /** @param capacity Maximum number of scores. */
  constructor(memory: WindowMemory, capacity: number) {
    this.#capacity = capacity;
    this.#history = new SortedWindow(memory, capacity);
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#history.bytes;
  }

  /** Adds `from[i]`; scores of the warm-up (`seeding`) stay until newer ones outnumber them. */
  push(from: Float64Array, i: number, seeding: boolean): void {
    this.#pushed += 1;
    this.#updateMoments(from, i);
    if (seeding) this.#seeds += 1;
    // the newest half only, until `capacity` is reached: early scores were measured against a
    // small reference and are too large
    const limit = Math.min(
      this.#capacity,
      Math.max(this.#seeds, Math.floor((this.#pushed + 1) / 2)),
    );
    if (this.#history.length < limit) this.#history.push(from, i);
    else this.#history.slide(from, i);
  }

  /** Writes the probability of a score of at least `from[i]` to `out[k]`: in (0, 1]; 1 without history. */
  tailProbability(from: Float64Array, i: number, out: Float64Array, k: number): void {
    const history = this.#history;
    const m = history.length;
    if (m === 0) {
      out[k] = 1;
      return;
    }
    this.#measure();
    const effective = this.#effective[0] as number;
    const share = effective / m;
    const atLeast = m - history.countBelow(from, i);
    const top = Math.min(Math.max(TAIL_MIN, Math.floor(TAIL_FRACTION * m)), Math.floor(m / 2));
    if (atLeast >= top || m < 2 * TAIL_MIN) {
      out[k] = Math.min((atLeast * share + 1) / (effective + 1), 1);
      return;
    }
    const threshold = history.at(m - top - 1);
    const meanExcess = Math.max(history.excess(m - top, m, threshold) / top, 1e-6);
    const lnP =
      Math.log((top * share + 1) / (effective + 1)) -
      top * Math.log1p(((from[i] as number) - threshold) / (top * meanExcess));
    out[k] = Math.min(Math.exp(Math.max(lnP, LN_P_MIN)), 1);
  }

  /**
   * The score at which {@link tailProbability} falls to `p`: every larger score is at most as probable,
   * every smaller one more. Infinity if the history is too short.
   */
  boundary(p: number): number {
    const history = this.#history;
    const m = history.length;
    this.#measure();
    const effective = this.#effective[0] as number;
    const share = effective / m;
    const top = Math.min(Math.max(TAIL_MIN, Math.floor(TAIL_FRACTION * m)), Math.floor(m / 2));
    const rankP = (atLeast: number): number => (atLeast * share + 1) / (effective + 1);
    const tailed = m >= 2 * TAIL_MIN;
    if (tailed && rankP(top) > p) {
      const threshold = history.at(m - top - 1);
      const meanExcess = Math.max(history.excess(m - top, m, threshold) / top, 1e-6);
      const nats = Math.log(rankP(top)) - Math.log(p);
      return Math.max(threshold + top * meanExcess * Math.expm1(nats / top), history.at(m - top));
    }
    let atLeast = tailed ? top : -1;
    let tooMany = m; // every score is at least as large as the smallest
    while (tooMany - atLeast > 1) {
      const middle = (atLeast + tooMany) >>> 1;
      if (rankP(middle) <= p) atLeast = middle;
      else tooMany = middle;
    }
    return atLeast < 0 ? Number.POSITIVE_INFINITY : history.at(m - atLeast - 1);
  }

  save(writer: StateWriter): void {
    writer.f64(this.#pushed);
    writer.f64(this.#seeds);
    writer.f64s(this.#moments);
    this.#history.save(writer);
  }

  load(reader: StateReader): void {
    this.#pushed = reader.f64();
    this.#seeds = reader.f64();
    reader.f64s(this.#moments);
    this.#history.load(reader);
  }

  /** Exponentially weighted moments of consecutive scores, for their lag-1 autocorrelation. */
  #updateMoments(from: Float64Array, i: number): void {
    const moments = this.#moments;
    const score = from[i] as number;
    const weight = 1 / Math.min(this.#pushed, AUTOCORRELATION_MEMORY);
    const mean = this.#pushed === 1 ? score : (moments[MEAN] as number);
    const variance = moments[VARIANCE] as number;
    const covariance = moments[COVARIANCE] as number;
    const deviation = score - mean; // 0 for the first score, so its moments are 0
    const previousDeviation = (moments[PREVIOUS] as number) - mean;
    moments[COVARIANCE] = covariance + weight * (deviation * previousDeviation - covariance);
    moments[VARIANCE] = variance + weight * (deviation * deviation - variance);
    moments[MEAN] = mean + weight * deviation;
    moments[PREVIOUS] = score;
  }

  /** How many independent scores the history counts as. */
  #measure(): void {
    const variance = this.#moments[VARIANCE] as number;
    const covariance = this.#moments[COVARIANCE] as number;
    const rho = variance > 1e-12 ? Math.min(Math.max(covariance / variance, 0), 0.99) : 0;
    this.#effective[0] = Math.max(1, this.#history.length * Math.sqrt((1 - rho) / (1 + rho)));
  }
}

/**
 * Maps tail probabilities, `from` to `to` of `ps`, to [0, 1]: 0.5 exactly at `p === contamination`, 0.85 where
 * p is 0.3 of it, 0.95 where it is a tenth.
 */
export function anomalyScores(
  ps: Float64Array,
  from: number,
  to: number,
  contamination: number,
  out: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const p = ps[i] as number;
    out[i] =
      p <= contamination ? 1 - (0.5 * p) / contamination : (0.5 * (1 - p)) / (1 - contamination);
  }
}
