import type { Episode } from "../../core/alerts/alert-event.ts";
import type { SequencedBatch } from "../../core/batch.ts";
import { isScored, type ScoreColumns } from "../../core/detectors/detector.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { patienceOf } from "../patience.ts";
import { type CountedMetrics, DetectorCounts } from "./detector-counts.ts";
import { LabelledEvents } from "./labelled-events.ts";

const MS_PER_DAY = 86_400_000;

/** What labels say about one detector. */
export interface LabelMetrics extends CountedMetrics {
  readonly detector: string;
  /** Alerts that touch no labelled event of their key. */
  readonly falseAlarms: number;
  /**
   * False alarms of all keys together per day of event time between the first and the last reported
   * reading; NaN when that is no time.
   */
  readonly falseAlarmsPerDay: number;
  /** Those alerts, by start. */
  readonly falseAlerts: readonly Episode[];
}

/**
 * Compares what detectors said with what a label column says, batch by batch. Memory grows with
 * keys, labelled events and false alerts, not with readings.
 */
export class LabelMeter {
  readonly #label: number;
  readonly #plan: EnginePlan;
  readonly #tallies: readonly DetectorCounts[];
  readonly #events: LabelledEvents[] = []; // by key code; may have holes
  #first = Number.NaN;
  #last = Number.NaN;

  /** @param label Index into `Batch.labels`. */
  constructor(plan: EnginePlan, label: number) {
    this.#plan = plan;
    this.#label = label;
    this.#tallies = plan.detectors.map(
      ({ config }) =>
        new DetectorCounts(
          patienceOf(config),
          config.algorithm === "ecod" ? config.contamination : null,
        ),
    );
  }

  /**
   * Takes the next batch, of which rows `first` to `end` (exclusive) count. Labels of rows before
   * `first` are only remembered: an alert that touches them is not a false one.
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
      for (let d = 0; d < this.#tallies.length; d++) {
        const scores = output.scores[d] as ScoreColumns;
        const scored = isScored(scores, i);
        const anomalous = scores.isAnomaly[i] === 1;
        const score = scores.anomalyScore[i] as number;
        (this.#tallies[d] as DetectorCounts).row(labels[i] as number, scored, anomalous, score);
        if (inside && scored) events.score(d, time, anomalous, score);
      }
    }
  }

  /**
   * What the labels say about each detector, in the order of the plan. Call it once, at the end.
   *
   * @param episodes All episodes of the reported span, by start; those nobody was told of are passed over.
   */
  finish(episodes: readonly Episode[]): LabelMetrics[] {
    this.#events.forEach((events) => {
      events.end();
    });
    const falseAlerts: Episode[][] = this.#tallies.map(() => []);
    for (const episode of episodes) {
      if (!episode.notified) continue;
      const { key, detector, startedAt, lastAnomalyAt, peak } = episode;
      const touches = this.#events[key]?.touch(startedAt, lastAnomalyAt) === true;
      this.#tallies[detector]?.alert(touches, peak.anomalyScore);
      if (!touches) falseAlerts[detector]?.push(episode);
    }
    const days = (this.#last - this.#first) / MS_PER_DAY;
    return this.#tallies.map((tally, d) => ({
      detector: this.#plan.detectors[d]?.name ?? "",
      ...tally.metrics(),
      falseAlarms: tally.falseAlarms,
      falseAlarmsPerDay: days > 0 ? tally.falseAlarms / days : Number.NaN,
      falseAlerts: falseAlerts[d] ?? [],
    }));
  }

  #eventsOf(key: number): LabelledEvents {
    const known = this.#events[key];
    if (known) return known;
    const fresh = new LabelledEvents(key, this.#tallies);
    this.#events[key] = fresh;
    return fresh;
  }
}
