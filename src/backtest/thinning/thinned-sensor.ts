import type { WindowMemories } from "../../core/sorted-window/window-memory.ts";
import { larger, mergeBy, mergeFirst, requireEven, smaller } from "./buckets.ts";
import { UsualBand, type UsualReach } from "./usual-band.ts";

/** One column of a sensor, by bucket; NaN: no reading of the bucket has a value. */
export interface ThinnedColumn {
  readonly smallest: Float64Array;
  readonly largest: Float64Array;
  /** The usual range when the bucket began. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A sensor's whole run, in buckets of equally many readings; the last may have fewer. */
export interface ThinnedSeries {
  readonly perBucket: number;
  /** Event time of the first reading of each bucket, ms. */
  readonly times: Float64Array;
  /** Event time of the last reading, ms. */
  readonly end: number;
  readonly columns: readonly ThinnedColumn[];
  /** By detector, the largest anomaly score; NaN: not scored. */
  readonly scores: readonly Float64Array[];
  /** 1: a reading is labelled as anomalous. */
  readonly labelled: Uint8Array;
}

/** The parts of a reading that a {@link ThinnedSensor} needs. */
export interface ThinnedReading {
  readonly time: number;
  readonly columns: readonly Float64Array[];
  readonly row: number;
  readonly isLabelled: boolean;
  /** By detector; NaN: not scored. */
  readonly scores: Float64Array;
}

/**
 * Thins the readings of one sensor in bounded memory without losing a peak. Each bucket has the smallest
 * and largest value of every column, and the largest score. When the buckets are full, neighbours merge.
 */
export class ThinnedSensor {
  readonly #bands: readonly UsualBand[];
  #capacity: number;
  #series: ThinnedSeries;
  #perBucket = 1;
  #length = 0;
  #end = Number.NaN;

  /**
   * @param capacity Maximum number of buckets; even.
   * @param memories Memory for the usual ranges.
   * @throws {RangeError} If `capacity` is not an even number >= 2.
   */
  constructor(
    columns: number,
    detectors: number,
    capacity: number,
    reach: UsualReach,
    memories: WindowMemories,
  ) {
    requireEven(capacity);
    this.#capacity = capacity;
    this.#series = emptySeries(columns, detectors, capacity);
    this.#bands = Array.from({ length: columns }, () => new UsualBand(reach, memories));
  }

  /** Readings so far. */
  get readings(): number {
    return this.#length;
  }

  /** Buckets in use. */
  get buckets(): number {
    return Math.ceil(this.#length / this.#perBucket);
  }

  /** Appends a reading. Amortised O(columns + detectors). */
  add({ time, columns, row, isLabelled, scores }: ThinnedReading): void {
    if (this.#length === this.#capacity * this.#perBucket) this.#mergePairs();
    const { times, labelled, ...series } = this.#series;
    const bucket = Math.floor(this.#length / this.#perBucket);
    const isFresh = this.#length % this.#perBucket === 0;
    if (isFresh) {
      times[bucket] = time;
      labelled[bucket] = 0;
    }
    if (isLabelled) labelled[bucket] = 1;
    for (let c = 0; c < this.#bands.length; c++) {
      const column = series.columns[c] as ThinnedColumn;
      const band = this.#bands[c] as UsualBand;
      const value = (columns[c] as Float64Array)[row] as number;
      if (isFresh) {
        column.low[bucket] = band.low;
        column.high[bucket] = band.high;
        column.smallest[bucket] = value;
        column.largest[bucket] = value;
      } else {
        column.smallest[bucket] = smaller(column.smallest[bucket] as number, value);
        column.largest[bucket] = larger(column.largest[bucket] as number, value);
      }
      band.add(columns[c] as Float64Array, row);
    }
    for (let d = 0; d < scores.length; d++) {
      const maxima = series.scores[d] as Float64Array;
      const score = scores[d] as number;
      maxima[bucket] = isFresh ? score : larger(maxima[bucket] as number, score);
    }
    this.#length += 1;
    this.#end = time;
  }

  /**
   * Reduces the number of buckets to `capacity`.
   *
   * @throws {RangeError} If `capacity` is not an even number >= 2.
   */
  shrink(capacity: number): void {
    requireEven(capacity);
    if (capacity >= this.#capacity) return;
    while (this.buckets > capacity) this.#mergePairs();
    this.#capacity = capacity;
    this.#series = mergedSeries(this.#series, 1, Math.min(this.buckets, capacity), capacity);
  }

  /** The series in at most `most` buckets. */
  finish(most: number): ThinnedSeries {
    const { buckets } = this;
    const factor = Math.max(1, Math.ceil(buckets / most));
    const merged = mergedSeries(this.#series, factor, buckets, Math.ceil(buckets / factor));
    return { ...merged, perBucket: factor * this.#perBucket, end: this.#end };
  }

  #mergePairs(): void {
    this.#series = mergedSeries(this.#series, 2, this.buckets, this.#capacity);
    this.#perBucket *= 2;
  }
}

function emptySeries(columns: number, detectors: number, length: number): ThinnedSeries {
  const numbers = (): Float64Array => new Float64Array(length);
  return {
    perBucket: 1,
    times: numbers(),
    end: Number.NaN,
    columns: Array.from({ length: columns }, () => ({
      smallest: numbers(),
      largest: numbers(),
      low: numbers(),
      high: numbers(),
    })),
    scores: Array.from({ length: detectors }, numbers),
    labelled: new Uint8Array(length),
  };
}

/** Merges each `factor` of the first `used` buckets; the new arrays have length `room`. */
function mergedSeries(
  series: ThinnedSeries,
  factor: number,
  used: number,
  room: number,
): ThinnedSeries {
  const into = emptySeries(series.columns.length, series.scores.length, room);
  mergeFirst(series.times, into.times, factor, used);
  mergeBy(larger, series.labelled, into.labelled, factor, used);
  for (const [c, { smallest, largest, low, high }] of series.columns.entries()) {
    const target = into.columns[c] as ThinnedColumn;
    mergeBy(smaller, smallest, target.smallest, factor, used);
    mergeBy(larger, largest, target.largest, factor, used);
    mergeFirst(low, target.low, factor, used);
    mergeFirst(high, target.high, factor, used);
  }
  for (const [d, maxima] of series.scores.entries()) {
    mergeBy(larger, maxima, into.scores[d] as Float64Array, factor, used);
  }
  return into;
}
