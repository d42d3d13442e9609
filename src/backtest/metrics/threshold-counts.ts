import { anomalyScores } from "../../core/detectors/ecod/calibrator.ts";

/** What another threshold of the anomaly score would have given. NaN where nothing counts. */
export interface ThresholdMetrics {
  /** Readings whose anomaly score is at least this are taken for anomalous. */
  readonly threshold: number;
  /** Contamination that puts the alarm boundary there. */
  readonly contamination: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Share of the normal readings at or above it. */
  readonly falseAlarmRate: number;
  /** Labelled events with a reading at or above it. */
  readonly found: number;
  readonly missed: number;
  /**
   * False alerts whose peak is at or above it. NaN below the alarm boundary, where there would be more
   * than were raised.
   */
  readonly falseAlarms: number;
}

/** Of the detector's contamination: from a loose boundary to a strict one. */
const FACTORS = [5, 2, 1, 0.5, 0.3, 0.1, 0.03, 0.01];
const BOUNDARY = 0.5;

/** Counts readings, events and alerts on either side of a handful of thresholds. */
export class ThresholdCounts {
  readonly #contaminations: readonly number[];
  readonly #thresholds: Float64Array;
  /** By number of thresholds reached. */
  readonly #anomalous: Float64Array;
  readonly #normal: Float64Array;
  readonly #events: Float64Array;
  readonly #falseAlarms: Float64Array;

  /** @param contamination Of the detector; null when it has none, then nothing is counted. */
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

  /** Counts a reading with a label and a score. */
  row(score: number, anomalous: boolean): void {
    this.#count(anomalous ? this.#anomalous : this.#normal, score);
  }

  /** Counts a labelled event. @param peak The largest score inside. */
  event(peak: number): void {
    this.#count(this.#events, peak);
  }

  /** Counts an alert that touches no event. */
  falseAlarm(peak: number): void {
    this.#count(this.#falseAlarms, peak);
  }

  /** A line a threshold, from the lowest to the highest. */
  metrics(): readonly ThresholdMetrics[] {
    return Array.from(this.#thresholds, (threshold, i) => {
      const truePositives = from(this.#anomalous, i + 1);
      const falsePositives = from(this.#normal, i + 1);
      const falseNegatives = from(this.#anomalous, 0) - truePositives;
      const found = from(this.#events, i + 1);
      return {
        threshold,
        contamination: this.#contaminations[i] as number,
        precision: truePositives / (truePositives + falsePositives),
        recall: truePositives / (truePositives + falseNegatives),
        f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
        falseAlarmRate: falsePositives / from(this.#normal, 0),
        found,
        missed: from(this.#events, 0) - found,
        falseAlarms: threshold < BOUNDARY ? Number.NaN : from(this.#falseAlarms, i + 1),
      };
    });
  }

  #count(bins: Float64Array, score: number): void {
    let bin = 0;
    while (bin < this.#thresholds.length && score >= (this.#thresholds[bin] as number)) bin += 1;
    bins[bin] = (bins[bin] as number) + 1;
  }
}

function from(bins: Float64Array, first: number): number {
  let sum = 0;
  for (let bin = first; bin < bins.length; bin++) sum += bins[bin] as number;
  return sum;
}
