import type { Episode, Evidence } from "../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../core/alerts/alert-policy.ts";
import { firstAtLeast, type SequencedBatch } from "../../core/batch.ts";
import { type Detector, isScored } from "../../core/detectors/detector.ts";
import { learningOf } from "../../core/detectors/registry.ts";
import type { EventQueue } from "../event-queue.ts";
import type { KeyPart, SavedPart } from "../keys/snapshot-parts.ts";
import type { Workspace } from "../keys/workspace.ts";
import type { DetectorPlan } from "../plan.ts";
import {
  alertsPart,
  type DetectorStatus,
  detectorParts,
  type Evaluation,
  lagAt,
  type RowOf,
} from "./evaluation.ts";

/** Scores readings and passes anomalies to the alert policy. */
export class ScoreEvaluation implements Evaluation {
  readonly #index: number;
  readonly #name: string;
  readonly #policy: AlertPolicy;
  readonly #create: () => Detector;
  /** Observations before the first score of a detector that learns; null: it is a rule. */
  readonly #warmup: number | null;
  /** Null until it is needed; a rule never waits. */
  #detector: Detector | null;
  /** Observations of a saved model that waits. */
  #seen = 0;

  /**
   * @param index Index of the detector in the plan.
   * @param create Creates the detector.
   */
  constructor(
    { name, config }: DetectorPlan,
    index: number,
    policy: AlertPolicy,
    create: () => Detector,
  ) {
    this.#index = index;
    this.#name = name;
    this.#policy = policy;
    this.#create = create;
    this.#warmup = learningOf(config)?.warmupPeriod ?? null;
    this.#detector = this.#warmup === null ? create() : null;
  }

  get detector(): Detector {
    this.#detector ??= this.#create();
    return this.#detector;
  }

  get bytes(): number {
    return this.#detector?.bytes ?? 0;
  }

  get open(): Episode | null {
    return this.#policy.open;
  }

  get deadline(): number {
    return this.#policy.deadline;
  }

  status(): DetectorStatus {
    const observationsSeen = this.#detector?.observationsSeen ?? this.#seen;
    const warmupPeriod = this.#warmup ?? this.detector.warmupPeriod;
    return {
      name: this.#name,
      observationsSeen,
      observationsNeeded: Math.max(0, warmupPeriod - observationsSeen),
      open: this.#policy.open,
    };
  }

  apply(
    batch: SequencedBatch,
    n: number,
    lagBefore: number,
    work: Workspace,
    queue: EventQueue,
  ): void {
    const { detector } = this;
    const policy = this.#policy;
    const inputs = work.inputs[this.#index] as readonly Float64Array[];
    const { scores, origin, times, steadyTimes } = work;
    let after = 0; // first row that is not done: a late deadline comes after done rows
    let lag = lagBefore;
    for (let i = 0; i < n; i++) {
      const row = origin[i] as number;
      // the key's clock: the stream clock minus the lag, or the time of the row if that is later
      const clock = Math.max((batch.watermarks[row] as number) - lag, times[i] as number);
      for (let due = policy.deadline; due <= clock; due = policy.deadline) {
        const position = Math.max(after, firstAtLeast(batch, due + lag));
        queue.atDeadline(Math.min(row, position), due);
        policy.tick(due, queue);
      }
      lag = lagAt(batch, row);
      detector.observe(inputs, i, scores, steadyTimes);
      after = row + 1;
      if (!isScored(scores, i)) continue;
      queue.atRow(row);
      if (scores.isAnomaly[i] === 0) policy.normal(times[i] as number, queue);
      else this.#anomaly(i, work, queue);
    }
  }

  tick(now: number, position: RowOf, queue: EventQueue): void {
    const policy = this.#policy;
    for (let due = policy.deadline; due <= now; due = policy.deadline) {
      queue.atDeadline(position(due, false), due);
      policy.tick(due, queue);
    }
  }

  /** No effect: it evaluates readings only. */
  excuse(): void {}

  shift(ms: number): void {
    this.#policy.shift(ms);
  }

  parts(): KeyPart[] {
    const rule = this.#warmup === null ? detectorParts(this.#name, this.detector) : [];
    return [...rule, alertsPart(this.#name, this.#policy)];
  }

  modelParts(): KeyPart[] {
    return this.#warmup === null ? [] : detectorParts(this.#name, this.detector);
  }

  modelWaits(saved: readonly SavedPart[]): void {
    const own = `detector/${this.#name}/`;
    for (const { name, version } of saved) {
      if (name.startsWith(own)) this.#seen = Math.max(this.#seen, version);
    }
  }

  renewModel(): void {
    if (this.#warmup !== null) this.#detector = null;
    this.#seen = 0;
  }

  #anomaly(i: number, work: Workspace, queue: EventQueue): void {
    const { detector } = this;
    const policy = this.#policy;
    const inputs = work.inputs[this.#index] as readonly Float64Array[];
    const { scores, times } = work;
    const timestamp = times[i] as number;
    const anomalyScore = scores.anomalyScore[i] as number;
    const rawScore = scores.rawScore[i] as number;
    const evidence: Evidence | null = policy.needsEvidence(anomalyScore, rawScore)
      ? {
          timestamp,
          rawScore,
          p: scores.p[i] as number,
          anomalyScore,
          reading: rowOf(work.columns, i),
          features: rowOf(inputs, i),
          explanation: detector.explain(inputs, i),
        }
      : null;
    policy.anomalous(timestamp, evidence, queue);
  }
}

function rowOf(columns: readonly Float64Array[], i: number): Float64Array {
  const row = new Float64Array(columns.length);
  for (let c = 0; c < row.length; c++) row[c] = (columns[c] as Float64Array)[i] as number;
  return row;
}
