import { type DetectorConfig, learningOf } from "../../core/detectors/registry.ts";
import { type DetectionRates, detectionRates } from "./detection-rates.ts";
import { RankCurve, type RankMetrics } from "./rank-curve.ts";
import { ThresholdCounts, type ThresholdMetrics } from "./threshold-counts.ts";

/** Quality by reading, over the readings that have a label and a score. */
export interface RowMetrics extends DetectionRates {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Readings with a label but no score; excluded from all other numbers. */
  readonly unscored: number;
}

/** Quality by labelled event: consecutive readings of a key with label 1. */
export interface EventMetrics {
  /** Events with a score that an alert touches. */
  readonly told: number;
  /** Events with an anomalous reading inside, whether or not an alert was sent. */
  readonly found: number;
  /** Events with a score but no anomalous reading. */
  readonly missed: number;
  /** Events without a score, e.g. during warm-up: neither found nor missed. */
  readonly unscored: number;
  /** Alerts that touch an event among all alerts; NaN without alerts. */
  readonly precision: number;
  /** Told among found and missed; NaN without both. */
  readonly recall: number;
  readonly f1: number;
  /** Event time from an event's start to its first anomalous reading, ms; NaN when no event was found. */
  readonly medianDelayMs: number;
  readonly longestDelayMs: number;
}

/** Events with more scored readings than the detector's patience. */
interface LastingEvents {
  readonly count: number;
  /** Number of scored readings inside these events. */
  readonly readings: number;
  /** Number of anomalous readings inside these events. */
  readonly anomalous: number;
}

/** A labelled event of the reported span, as scored by one detector. */
export interface SeenEvent {
  /** Code of its sensor. */
  readonly key: number;
  /** Event times of its first and last reading, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Its scored readings. */
  readonly scored: number;
  /** Its anomalous readings. */
  readonly anomalous: number;
  /** From its start to its first anomalous reading, ms; NaN without one. */
  readonly delayMs: number;
  /** Largest anomaly score inside and its event time, ms; NaN without scores. */
  readonly peakScore: number;
  readonly peakAt: number;
}

/** Metrics of one detector, from its {@link DetectorCounts}. */
export interface CountedMetrics {
  readonly rows: RowMetrics;
  readonly events: EventMetrics;
  readonly lasting: LastingEvents;
  /** How well the anomaly score separates the readings, at any threshold. */
  readonly ranking: RankMetrics;
  /** Ascending; empty for detectors without a contamination. */
  readonly thresholds: readonly ThresholdMetrics[];
  /** The missed events, by start. */
  readonly missedEvents: readonly SeenEvent[];
}

/** Readings until a detector learns a lasting anomaly as normal; Infinity: it never does. */
export function patienceOf(config: DetectorConfig): number {
  return learningOf(config)?.patience ?? Number.POSITIVE_INFINITY;
}

/** Counts right and wrong results of one detector, by reading, by event and by alert. */
export class DetectorCounts {
  readonly #patience: number;
  #truePositives = 0;
  #falsePositives = 0;
  #falseNegatives = 0;
  #trueNegatives = 0;
  #unscoredRows = 0;
  readonly #missed: SeenEvent[] = [];
  readonly #ranking = new RankCurve();
  readonly #thresholds: ThresholdCounts;
  #unscoredEvents = 0;
  #lasting = 0;
  #lastingReadings = 0;
  #lastingAnomalous = 0;
  readonly #delays: number[] = []; // one per found event
  #trueAlarms = 0;
  #falseAlarms = 0;

  /**
   * @param patience Longer events count as lasting, in readings.
   * @param contamination Of the detector; null: it has none.
   */
  constructor(patience: number, contamination: number | null) {
    this.#patience = patience;
    this.#thresholds = new ThresholdCounts(contamination);
  }

  /** Alerts so far that touch no event. */
  get falseAlarms(): number {
    return this.#falseAlarms;
  }

  /**
   * Counts a reading, unless its label is missing (NaN).
   *
   * @param score Its anomaly score.
   */
  row(label: number, scored: boolean, anomalous: boolean, score: number): void {
    if (Number.isNaN(label)) return;
    if (!scored) {
      this.#unscoredRows += 1;
      return;
    }
    this.#ranking.add(score, label === 1);
    this.#thresholds.row(score, label === 1);
    if (label === 1 && anomalous) this.#truePositives += 1;
    else if (label === 1) this.#falseNegatives += 1;
    else if (anomalous) this.#falsePositives += 1;
    else this.#trueNegatives += 1;
  }

  /** Counts an ended event. */
  event(event: SeenEvent): void {
    const { scored, anomalous } = event;
    if (scored === 0) {
      this.#unscoredEvents += 1;
      return;
    }
    if (anomalous === 0) this.#missed.push(event);
    else this.#delays.push(event.delayMs);
    this.#thresholds.event(event.peakScore);
    if (scored <= this.#patience) return;
    this.#lasting += 1;
    this.#lastingReadings += scored;
    this.#lastingAnomalous += anomalous;
  }

  /** Counts an alert. @param peak Its largest anomaly score. */
  alert(touchesEvent: boolean, peak: number): void {
    if (touchesEvent) {
      this.#trueAlarms += 1;
      return;
    }
    this.#falseAlarms += 1;
    this.#thresholds.falseAlarm(peak);
  }

  /** The metrics of all counts so far. @param told Events with a score that an alert touches. */
  metrics(told: number): CountedMetrics {
    return {
      rows: this.#rows(),
      events: this.#events(told),
      lasting: {
        count: this.#lasting,
        readings: this.#lastingReadings,
        anomalous: this.#lastingAnomalous,
      },
      ranking: this.#ranking.metrics(),
      thresholds: this.#thresholds.metrics(),
      missedEvents: this.#missed.toSorted((a, b) => a.startedAt - b.startedAt || a.key - b.key),
    };
  }

  #rows(): RowMetrics {
    const truePositives = this.#truePositives;
    const falsePositives = this.#falsePositives;
    const falseNegatives = this.#falseNegatives;
    const trueNegatives = this.#trueNegatives;
    return {
      truePositives,
      falsePositives,
      falseNegatives,
      trueNegatives,
      unscored: this.#unscoredRows,
      ...detectionRates(truePositives, falsePositives, falseNegatives, trueNegatives),
    };
  }

  #events(told: number): EventMetrics {
    const delays = this.#delays.toSorted((a, b) => a - b);
    const found = delays.length;
    const precision = this.#trueAlarms / (this.#trueAlarms + this.#falseAlarms);
    const missed = this.#missed.length;
    const recall = told / (found + missed);
    return {
      told,
      found,
      missed,
      unscored: this.#unscoredEvents,
      precision,
      recall,
      f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
      medianDelayMs: median(delays),
      longestDelayMs: delays.at(-1) ?? Number.NaN,
    };
  }
}

/** NaN without values. @param sorted Ascending. */
function median(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  const lower = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
