import type { History } from "../../../sorted-window/history.ts";
import type { StateReader, StateWriter } from "../../../state-codec.ts";
import type { Cells } from "../cells.ts";

const TAIL_FRACTION = 0.05; // part of the history that the tail formula models
const TAIL_MIN = 10;
const AUTOCORRELATION_MEMORY = 2000;
/** The prior of a tail: its weight in scores, and the mean excess of one feature, nats. */
const PRIOR_WEIGHT = 300;
const PRIOR_LOW = 1.15;
const PRIOR_HIGH = 1.35;
/** Part of the distance from the median to the 90 % quantile that the prior takes as mean excess. */
const PRIOR_SPREAD = 0.65;
const EXPONENT_MAX = 300;
/** Number of moments, and their indices. */
export const MOMENTS = 4;
const MEAN = 0;
const VARIANCE = 1;
const COVARIANCE = 2;
const PREVIOUS = 3;
/** Indices of what describes the history and its tail. */
const EFFECTIVE = 0;
const TOP = 1;
const LN_P_TOP = 2;
const THRESHOLD = 3;
const EXPONENT = 4;
const EXCESS = 5;
/** Of the calibrator at hand. */
const shape = new Float64Array(6);
/** ln of the smallest p ever reported. */
const LN_P_MIN = Math.log(1e-300);

/** What a score adds up. */
export interface ScoreParts {
  /** Raw columns. */
  readonly columns: number;
  /** Square root of the features of a column; 1 if the score is already divided by it. */
  readonly scale: number;
}

/**
 * Converts a score to the log of a tail probability with the detector's history of scores. The history holds
 * scores computed before their row was learned.
 *
 * Scores of neighbouring rows are correlated, so the history counts as fewer independent scores
 * (`sqrt((1 - rho) / (1 + rho))` of its length). Below the top 5 % p is a smoothed rank; inside it, the predictive
 * tail of an exponential whose mean comes from the excesses and a prior. See `docs/detector-spec.md`, section 5.
 *
 * Cost per score: a binary search and an insertion; in the tail also the sum of the top 5 %.
 */
export class Calibrator {
  readonly #capacity: number;
  readonly #history: History;
  readonly #slopeLow: number;
  readonly #slopeHigh: number;
  #pushed = 0;
  #seeds = 0;
  /** Moments of consecutive scores. */
  readonly #moments: Cells;

  /**
   * @param history An empty one.
   * @param moments {@link MOMENTS} zeros.
   * @param capacity Maximum number of scores.
   */
  constructor(history: History, moments: Cells, capacity: number, { columns, scale }: ScoreParts) {
    this.#capacity = capacity;
    this.#history = history;
    this.#moments = moments;
    this.#slopeLow = PRIOR_LOW * scale;
    this.#slopeHigh = PRIOR_HIGH * scale * columns;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#history.bytes;
  }

  /** Adds `from[i]`; scores of the warm-up (`seeding`) stay until newer ones outnumber them. */
  push(from: Float64Array, i: number, seeding: boolean): void {
    const before = this.#limit;
    this.#pushed += 1;
    this.#updateMoments(from, i);
    if (seeding) this.#seeds += 1;
    this.#history.add(from, i, this.#limit, before);
  }

  /**
   * Length of the history. The newest half only, until `capacity` is reached: early scores were measured against a small
   * reference and are too large.
   */
  get #limit(): number {
    const half = Math.floor((this.#pushed + 1) / 2);
    return Math.min(this.#capacity, Math.max(1, this.#seeds, half));
  }

  /** Writes ln of the probability of a score of at least `from[i]` to `out[k]`: in [ln 1e-300, 0]; 0 without history. */
  logTail(from: Float64Array, i: number, out: Float64Array, k: number): void {
    const history = this.#history;
    const m = history.length;
    if (m === 0) {
      out[k] = 0;
      return;
    }
    this.#measure(m);
    const atLeast = history.countAtLeast(from, i);
    if (m < 2 * TAIL_MIN || atLeast >= (shape[TOP] as number)) {
      out[k] = Math.min(0, this.#lnRank(atLeast, m));
      return;
    }
    this.#fitTail(m);
    const exponent = shape[EXPONENT] as number;
    const beyond = Math.max(0, (from[i] as number) - (shape[THRESHOLD] as number));
    const lnP =
      (shape[LN_P_TOP] as number) -
      exponent * Math.log1p(beyond / (exponent * (shape[EXCESS] as number)));
    out[k] = Math.min(0, Math.max(LN_P_MIN, lnP));
  }

  /** Writes the score of the tail at which {@link logTail} is `from[i]` to `out[k]`; -Infinity: it is not in the tail. */
  scoreAt(from: Float64Array, i: number, out: Float64Array, k: number): void {
    const m = this.#history.length;
    const lnP = from[i] as number;
    out[k] = Number.NEGATIVE_INFINITY;
    if (m < 2 * TAIL_MIN) return;
    this.#measure(m);
    if (lnP >= this.#lnRank(shape[TOP] as number, m)) return;
    this.#fitTail(m);
    out[k] = this.#tailScore(lnP);
  }

  /**
   * The score at which the tail probability falls to `p`: every larger score is at most as probable,
   * every smaller one more. Infinity if the history is too short.
   */
  boundary(p: number): number {
    const history = this.#history;
    const m = history.length;
    this.#measure(m);
    const effective = shape[EFFECTIVE] as number;
    const share = effective / m;
    const top = shape[TOP] as number;
    const rankP = (atLeast: number): number => (atLeast * share + 1) / (effective + 1);
    const tailed = m >= 2 * TAIL_MIN;
    if (tailed && rankP(top) > p) {
      this.#fitTail(m);
      return Math.max(this.#tailScore(Math.log(p)), history.at(m - top));
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
    writer.f64s(this.#moments.memory.numbers, this.#moments.at, MOMENTS);
    this.#history.save(writer);
  }

  load(reader: StateReader): void {
    this.#pushed = reader.f64();
    this.#seeds = reader.f64();
    reader.f64s(this.#moments.memory.numbers, this.#moments.at, MOMENTS);
    this.#history.load(reader);
  }

  /** Exponentially weighted moments of consecutive scores, for their lag-1 autocorrelation. */
  #updateMoments(from: Float64Array, i: number): void {
    const { at } = this.#moments;
    const moments = this.#moments.memory.numbers;
    const score = from[i] as number;
    const weight = 1 / Math.min(this.#pushed, AUTOCORRELATION_MEMORY);
    const mean = this.#pushed === 1 ? score : (moments[at + MEAN] as number);
    const variance = moments[at + VARIANCE] as number;
    const covariance = moments[at + COVARIANCE] as number;
    const deviation = score - mean; // 0 for the first score, so its moments are 0
    const previousDeviation = (moments[at + PREVIOUS] as number) - mean;
    moments[at + COVARIANCE] = covariance + weight * (deviation * previousDeviation - covariance);
    moments[at + VARIANCE] = variance + weight * (deviation * deviation - variance);
    moments[at + MEAN] = mean + weight * deviation;
    moments[at + PREVIOUS] = score;
  }

  /** How many independent scores the history of `m` counts as, and how many are its tail. */
  #measure(m: number): void {
    const { memory, at } = this.#moments;
    const variance = memory.numbers[at + VARIANCE] as number;
    const covariance = memory.numbers[at + COVARIANCE] as number;
    const rho = variance > 1e-12 ? Math.min(Math.max(covariance / variance, 0), 0.99) : 0;
    const effective = Math.max(1, m * Math.sqrt((1 - rho) / (1 + rho)));
    const top = Math.min(Math.max(TAIL_MIN, Math.floor(TAIL_FRACTION * m)), Math.floor(m / 2));
    shape[EFFECTIVE] = effective;
    shape[TOP] = top;
  }

  /** ln p of a score that `atLeast` of the `m` in the history reach, after {@link #measure}. */
  #lnRank(atLeast: number, m: number): number {
    const effective = shape[EFFECTIVE] as number;
    return Math.log((atLeast * (effective / m) + 1) / (effective + 1));
  }

  /** Fits the tail of the history of `m`, after {@link #measure}. */
  #fitTail(m: number): void {
    const history = this.#history;
    const top = shape[TOP] as number;
    const threshold = history.at(m - top - 1);
    const own = history.topExcess(top);
    const spread = history.at(m - 1 - Math.floor(m / 10)) - history.at(Math.floor(m / 2));
    const prior = Math.min(this.#slopeHigh, Math.max(this.#slopeLow, PRIOR_SPREAD * spread));
    const exponent = top + PRIOR_WEIGHT;
    shape[LN_P_TOP] = this.#lnRank(top, m);
    shape[THRESHOLD] = threshold;
    shape[EXPONENT] = exponent;
    shape[EXCESS] = (top * own + PRIOR_WEIGHT * prior) / exponent;
  }

  /** Inverse of the tail formula, after {@link #fitTail}. */
  #tailScore(lnP: number): number {
    const exponent = shape[EXPONENT] as number;
    const steps = Math.min(((shape[LN_P_TOP] as number) - lnP) / exponent, EXPONENT_MAX);
    return (shape[THRESHOLD] as number) + exponent * (shape[EXCESS] as number) * Math.expm1(steps);
  }
}
