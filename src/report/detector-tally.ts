/** How well single readings were told apart: those with a label and a score. NaN where nothing counts. */
export interface RowMetrics {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Readings with a label but without a score; they count in no other number. */
  readonly unscored: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** False positives among the readings labelled normal. */
  readonly falseAlarmRate: number;
}

/** How well labelled events were found: an event is a key's consecutive readings with label 1. */
export interface EventMetrics {
  /** Events with an anomalous reading inside. */
  readonly found: number;
  /** Events that were scored, at least in part, and not found. */
  readonly missed: number;
  /** Events without any score, e.g. inside the warm-up: neither found nor missed. */
  readonly unscored: number;
  /** Alerts that touch an event among all alerts; NaN without alerts. */
  readonly precision: number;
  /** Found among found and missed; NaN when there are none. */
  readonly recall: number;
  readonly f1: number;
  /** Event time from an event's start to its first anomalous reading, ms; NaN when none was found. */
  readonly medianDelayMs: number;
  readonly longestDelayMs: number;
}

/** Events of more scored readings than the detector's patience. */
interface LastingEvents {
  readonly count: number;
  /** Their scored readings. */
  readonly readings: number;
  /** Those that were anomalous. */
  readonly anomalous: number;
}

/** What a {@link DetectorTally} comes to. */
export interface TallyMetrics {
  readonly rows: RowMetrics;
  readonly events: EventMetrics;
  readonly lasting: LastingEvents;
}

/** Counts what one detector got right and wrong, by reading, by event and by alert. */
export class DetectorTally {
  readonly #patience: number;
  #truePositives = 0;
  #falsePositives = 0;
  #falseNegatives = 0;
  #trueNegatives = 0;
  #unscoredRows = 0;
  #missed = 0;
  #unscoredEvents = 0;
  #lasting = 0;
  #lastingReadings = 0;
  #lastingAnomalous = 0;
  readonly #delays: number[] = []; // one a found event
  #trueAlarms = 0;
  #falseAlarms = 0;

  /** @param patience Readings after which an event is a lasting one. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Alerts so far that touch no event. */
  get falseAlarms(): number {
    return this.#falseAlarms;
  }

  /** Counts a reading. A missing label (NaN) says nothing. */
  row(label: number, scored: boolean, anomalous: boolean): void {
    if (Number.isNaN(label)) return;
    if (!scored) this.#unscoredRows += 1;
    else if (label === 1 && anomalous) this.#truePositives += 1;
    else if (label === 1) this.#falseNegatives += 1;
    else if (anomalous) this.#falsePositives += 1;
    else this.#trueNegatives += 1;
  }

  /**
   * Counts an event that has ended.
   *
   * @param scored Its scored readings.
   * @param anomalous Its anomalous readings.
   * @param delay From its start to the first of them, ms; NaN when there is none.
   */
  event(scored: number, anomalous: number, delay: number): void {
    if (scored === 0) this.#unscoredEvents += 1;
    else if (anomalous === 0) this.#missed += 1;
    else this.#delays.push(delay);
    if (scored <= this.#patience) return;
    this.#lasting += 1;
    this.#lastingReadings += scored;
    this.#lastingAnomalous += anomalous;
  }

  /** Counts an alert. */
  alert(touchesEvent: boolean): void {
    if (touchesEvent) this.#trueAlarms += 1;
    else this.#falseAlarms += 1;
  }

  /** All counts so far, and what follows from them. */
  metrics(): TallyMetrics {
    return {
      rows: this.#rows(),
      events: this.#events(),
      lasting: {
        count: this.#lasting,
        readings: this.#lastingReadings,
        anomalous: this.#lastingAnomalous,
      },
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
      precision: truePositives / (truePositives + falsePositives),
      recall: truePositives / (truePositives + falseNegatives),
      f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
      falseAlarmRate: falsePositives / (falsePositives + trueNegatives),
    };
  }

  #events(): EventMetrics {
    const delays = this.#delays.toSorted((a, b) => a - b);
    const found = delays.length;
    const precision = this.#trueAlarms / (this.#trueAlarms + this.#falseAlarms);
    const recall = found / (found + this.#missed);
    return {
      found,
      missed: this.#missed,
      unscored: this.#unscoredEvents,
      precision,
      recall,
      f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
      medianDelayMs: median(delays),
      longestDelayMs: delays.at(-1) ?? Number.NaN,
    };
  }
}

/** NaN for no values. @param sorted Ascending. */
function median(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  const lower = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
