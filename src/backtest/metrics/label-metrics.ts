import type { Episode } from "../../core/alerts/alert-event.ts";
import type { SequencedBatch } from "../../core/batch.ts";
import { isScored, type ScoreColumns } from "../../core/detectors/detector.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import { contaminationOf, type EnginePlan } from "../../engine/plan.ts";
import { type CountedMetrics, DetectorCounts, patienceOf } from "./detector-counts.ts";
import { LabelledEvents } from "./labelled-events.ts";

const MS_PER_DAY = 86_400_000;

/** The quality of one detector against labels. */
export interface LabelMetrics extends CountedMetrics {
  readonly detector: string;
  /** Alerts that touch no labelled event of their key. */
  readonly falseAlarms: number;
  /**
   * False alarms of all keys per day of event time, from the first to the last reported reading. NaN for
   * an empty time span.
   */
  readonly falseAlarmsPerDay: number;
  /** The false alarms, by start. */
  readonly falseAlerts: readonly Episode[];
}

/**
 * Compares the output of detectors with a label column, batch by batch. Memory grows with keys, labelled
 * events and false alerts, not with readings.
 */
export class LabelMeter {
  readonly #label: number;
  readonly #plan: EnginePlan;
  readonly #counts: readonly DetectorCounts[];
  readonly #events: LabelledEvents[] = []; // by key code; may have holes
  #first = Number.NaN;
  #last = Number.NaN;

  /** @param label Index into `Batch.labels`. */
  constructor(plan: EnginePlan, label: number) {
    this.#plan = plan;
    this.#label = label;
    this.#counts = plan.detectors.map(
      (detector) => new DetectorCounts(patienceOf(detector.config), contaminationOf(detector)),
    );
  }

  /**
   * Adds a batch and counts its rows from `first` to `end` (exclusive). Labels of earlier rows are kept
   * too: an alert that touches them is not a false one.
   */
  add(batch: SequencedBatch, output: EngineOutput, first: number, end: number): void {
    const labels = batch.labels[this.#label];
    if (!labels) throw new RangeError(`The batch has no label column ${this.#label}`);
    for (let i = 0; i < end; i++) {
      const time = batch.eventTimes[i] as number;
      const events = this.#eventsOf(batch.keys[i] as number);
      const inside = events.add(time, labels[i] as number, i >= first);
      if (i < first) continue;
      if (!(time >= this.#first)) this.#first = time;
      if (!(time <= this.#last)) this.#last = time;
      for (let d = 0; d < this.#counts.length; d++) {
        const scores = output.scores[d] as ScoreColumns;
        const scored = isScored(scores, i);
        const anomalous = scores.isAnomaly[i] === 1;
        const score = scores.anomalyScore[i] as number;
        (this.#counts[d] as DetectorCounts).row(labels[i] as number, scored, anomalous, score);
        if (inside && scored) events.score(d, time, anomalous, score);
      }
    }
  }

  /**
   * The metrics of each detector, in the order of the plan. Call it once, at the end.
   *
   * @param episodes All episodes of the reported span, by start; suppressed ones are ignored.
   */
  finish(episodes: readonly Episode[]): LabelMetrics[] {
    this.#events.forEach((events) => {
      events.end();
    });
    const falseAlerts: Episode[][] = this.#counts.map(() => []);
    for (const episode of episodes) {
      if (!episode.notified) continue;
      const { key, detector, startedAt, lastAnomalyAt, peak } = episode;
      const touches = this.#events[key]?.touch(detector, startedAt, lastAnomalyAt) === true;
      this.#counts[detector]?.alert(touches, peak.anomalyScore);
      if (!touches) falseAlerts[detector]?.push(episode);
    }
    const days = (this.#last - this.#first) / MS_PER_DAY;
    return this.#counts.map((counts, d) => ({
      detector: this.#plan.detectors[d]?.name ?? "",
      ...counts.metrics(this.#events.reduce((told, events) => told + events.told(d), 0)),
      falseAlarms: counts.falseAlarms,
      falseAlarmsPerDay: days > 0 ? counts.falseAlarms / days : Number.NaN,
      falseAlerts: falseAlerts[d] ?? [],
    }));
  }

  #eventsOf(key: number): LabelledEvents {
    const known = this.#events[key];
    if (known) return known;
    const fresh = new LabelledEvents(key, this.#counts);
    this.#events[key] = fresh;
    return fresh;
  }
}
