import { anomalyScores } from "../../core/detectors/ecod/score/experts.ts";
import { type DetectionRates, detectionRates } from "./detection-rates.ts";

/** The results that another threshold of the anomaly score would have given. */
export interface ThresholdMetrics extends DetectionRates {
  /** Readings with at least this anomaly score are classified as anomalous. */
  readonly threshold: number;
  /** Contamination with the alarm boundary at this threshold. */
  readonly contamination: number;
  /** Labelled events with a reading at or above it. */
  readonly found: number;
  readonly missed: number;
  /**
   * False alerts whose peak is at or above it. NaN below the alarm boundary, where a run would raise more
   * alerts than this one did.
   */
  readonly falseAlarms: number;
}

/** Multiples of the detector's contamination, from a loose boundary to a strict one. */
const FACTORS = [5, 2, 1, 0.5, 0.3, 0.1, 0.03, 0.01];
const BOUNDARY = 0.5;

/** Counts readings, events and alerts on either side of several thresholds. */
export class ThresholdCounts {
  readonly #contaminations: readonly number[];
  readonly #thresholds: Float64Array;
  /** By number of thresholds reached. */
  readonly #anomalous: Float64Array;
  readonly #normal: Float64Array;
  readonly #events: Float64Array;
  readonly #falseAlarms: Float64Array;

  /** @param contamination Of the detector; null: it has none, and there are no thresholds. */
  constructor(contamination: number | null) {
    const factors = contamination === null ? [] : FACTORS;
    this.#contaminations = factors
      .map((factor) => factor * (contamination ?? 0))
      .filter((share) => share <= 0.5);
    const shares = Float64Array.from(this.#contaminations);
    this.#thresholds = new Float64Array(shares.length);
    anomalyScores(shares, 0, shares.length, contamination ?? 0, this.#thresholds);
    const bins = this.#thresholds.length + 1;
    this.#anomalous = new Float64Array(bins);
    this.#normal = new Float64Array(bins);
    this.#events = new Float64Array(bins);
    this.#falseAlarms = new Float64Array(bins);
  }

  /** Counts a reading that has a label and a score. */
  row(score: number, anomalous: boolean): void {
    this.#count(anomalous ? this.#anomalous : this.#normal, score);
  }

  /** Counts a labelled event. @param peak Its largest score. */
  event(peak: number): void {
    this.#count(this.#events, peak);
  }

  /** Counts an alert that touches no event. */
  falseAlarm(peak: number): void {
    this.#count(this.#falseAlarms, peak);
  }

  /** One entry per threshold, ascending. */
  metrics(): readonly ThresholdMetrics[] {
    return Array.from(this.#thresholds, (threshold, i) => {
      const truePositives = sumFrom(this.#anomalous, i + 1);
      const falsePositives = sumFrom(this.#normal, i + 1);
      const falseNegatives = sumFrom(this.#anomalous, 0) - truePositives;
      const trueNegatives = sumFrom(this.#normal, 0) - falsePositives;
      const found = sumFrom(this.#events, i + 1);
      return {
        threshold,
        contamination: this.#contaminations[i] as number,
        ...detectionRates(truePositives, falsePositives, falseNegatives, trueNegatives),
        found,
        missed: sumFrom(this.#events, 0) - found,
        falseAlarms: threshold < BOUNDARY ? Number.NaN : sumFrom(this.#falseAlarms, i + 1),
      };
    });
  }

  #count(bins: Float64Array, score: number): void {
    let bin = 0;
    while (bin < this.#thresholds.length && score >= (this.#thresholds[bin] as number)) bin += 1;
    bins[bin] = (bins[bin] as number) + 1;
  }
}

function sumFrom(bins: Float64Array, first: number): number {
  let sum = 0;
  for (let bin = first; bin < bins.length; bin++) sum += bins[bin] as number;
  return sum;
}
