/** How well a score ranks anomalous readings above normal ones. NaN without readings of both kinds. */
export interface RankMetrics {
  /** Probability that an anomalous reading scores higher than a normal one; ties count half. */
  readonly auc: number;
  /**
   * Mean precision over all thresholds, each weighted by its increase in recall (the step-wise sum of
   * scikit-learn's `average_precision_score`). Tied readings share a threshold.
   */
  readonly averagePrecision: number;
}

const CHUNK = 65_536;
const MAX_SCORES = 262_144;

/** Number of labels by distinct score, ascending. */
interface Counted {
  readonly length: number;
  readonly scores: Float64Array;
  readonly anomalous: Float64Array;
  readonly normal: Float64Array;
}

/**
 * Collects scores with their labels in at most 15 MB. Exact up to 262,144 distinct scores. Beyond that it
 * merges neighbouring scores, which changes each metric by less than 1e-4.
 */
export class RankCurve {
  readonly #most: number;
  readonly #anomalous = new Float64Array(CHUNK);
  readonly #normal = new Float64Array(CHUNK);
  #anomalousLength = 0;
  #normalLength = 0;
  #counted: Counted = counted(0);

  /** @param most Limit of distinct scores. */
  constructor(most = MAX_SCORES) {
    this.#most = most;
  }

  /** Adds the score of a reading. Amortised O(log n). */
  add(score: number, anomalous: boolean): void {
    if (anomalous) this.#anomalous[this.#anomalousLength++] = score;
    else this.#normal[this.#normalLength++] = score;
    if (this.#anomalousLength === CHUNK || this.#normalLength === CHUNK) this.#merge();
  }

  /** The metrics of all scores so far. */
  metrics(): RankMetrics {
    this.#merge();
    const { length, anomalous, normal } = this.#counted;
    const [positives, negatives] = [sum(anomalous, length), sum(normal, length)];
    let [above, falseAbove, pairs, precision] = [0, 0, 0, 0];
    for (let i = length - 1; i >= 0; i--) {
      const [hits, misses] = [anomalous[i] as number, normal[i] as number];
      pairs += misses * (above + hits / 2);
      above += hits;
      falseAbove += misses;
      precision += hits * (above / (above + falseAbove));
    }
    return { auc: pairs / (positives * negatives), averagePrecision: precision / positives };
  }

  #merge(): void {
    const anomalous = this.#anomalous.subarray(0, this.#anomalousLength).sort();
    const normal = this.#normal.subarray(0, this.#normalLength).sort();
    let all = merged(this.#counted, anomalous, normal);
    while (all.length > this.#most) all = halved(all);
    this.#counted = all;
    this.#anomalousLength = 0;
    this.#normalLength = 0;
  }
}

function counted(capacity: number): Counted & { length: number } {
  return {
    length: 0,
    scores: new Float64Array(capacity),
    anomalous: new Float64Array(capacity),
    normal: new Float64Array(capacity),
  };
}

/** @param anomalous Ascending, as is `normal`. */
function merged(old: Counted, anomalous: Float64Array, normal: Float64Array): Counted {
  const all = counted(old.length + anomalous.length + normal.length);
  let [o, a, n] = [0, 0, 0];
  const next = (list: Float64Array, at: number, length: number): number =>
    at < length ? (list[at] as number) : Number.POSITIVE_INFINITY;
  while (o < old.length || a < anomalous.length || n < normal.length) {
    const known = next(old.scores, o, old.length);
    const score = Math.min(
      known,
      next(anomalous, a, anomalous.length),
      next(normal, n, normal.length),
    );
    let [hits, misses] = [0, 0];
    if (known === score) {
      hits = old.anomalous[o] as number;
      misses = old.normal[o] as number;
      o += 1;
    }
    for (; anomalous[a] === score; a++) hits += 1;
    for (; normal[n] === score; n++) misses += 1;
    all.scores[all.length] = score;
    all.anomalous[all.length] = hits;
    all.normal[all.length] = misses;
    all.length += 1;
  }
  return all;
}

/** Merges each pair of neighbours under the lower score. */
function halved({ length, scores, anomalous, normal }: Counted): Counted {
  const half = counted(Math.ceil(length / 2));
  for (let i = 0; i < length; i += 2) {
    half.scores[half.length] = scores[i] as number;
    half.anomalous[half.length] = (anomalous[i] as number) + at(anomalous, i + 1, length);
    half.normal[half.length] = (normal[i] as number) + at(normal, i + 1, length);
    half.length += 1;
  }
  return half;
}

function at(list: Float64Array, index: number, length: number): number {
  return index < length ? (list[index] as number) : 0;
}

function sum(list: Float64Array, length: number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += list[i] as number;
  return total;
}
