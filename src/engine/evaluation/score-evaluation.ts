import type { Episode, Evidence } from "../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../core/alerts/alert-policy.ts";
import type { AlertConfig } from "../../core/alerts/config.ts";
import { firstAtLeast, type SequencedBatch } from "../../core/batch.ts";
import { type Detector, type Explanation, isScored } from "../../core/detectors/detector.ts";
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
import { BudgetPacing } from "./pacing/budget-pacing.ts";
import { CooldownPacing } from "./pacing/cooldown-pacing.ts";
import type { Pacing } from "./pacing/pacing.ts";

/** Scores readings and passes anomalies to the alert policy. */
export class ScoreEvaluation implements Evaluation {
  readonly #index: number;
  readonly #name: string;
  readonly #policy: AlertPolicy;
  readonly #create: () => Detector;
  /** Observations before the first score of a detector that learns; null: it is a rule. */
  readonly #warmup: number | null;
  /** Null: the interval between readings has no effect on alerts. */
  #pacing: Pacing | null;
  readonly #createPacing: () => Pacing | null;
  /** Inputs of which at least one has a value in a reading. */
  readonly #values: readonly number[];
  /** Null until it is needed; a rule never waits. */
  #detector: Detector | null;
  /** Observations of a saved model that waits. */
  #seen = 0;

  /**
   * @param index Index of the detector in the plan.
   * @param create Creates the detector.
   */
  constructor(
    { name, config, inputs, alerts }: DetectorPlan,
    index: number,
    policy: AlertPolicy,
    create: () => Detector,
  ) {
    this.#index = index;
    this.#name = name;
    this.#policy = policy;
    this.#create = create;
    const learning = learningOf(config);
    this.#warmup = learning?.warmupPeriod ?? null;
    this.#createPacing = () => (learning === null ? null : createPacing(alerts, policy));
    this.#pacing = this.#createPacing();
    const raw = learning?.rawFeatures ?? [];
    this.#values = raw.length > 0 ? raw : [...inputs.keys()];
    this.#detector = this.#warmup === null ? create() : null;
  }

  get detector(): Detector {
    this.#detector ??= this.#create();
    return this.#detector;
  }

  get bytes(): number {
    return (this.#detector?.bytes ?? 0) + (this.#pacing?.bytes ?? 0);
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
    const pacing = this.#pacing;
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
      if (!this.#pace(inputs, i, work)) continue;
      queue.atRow(row);
      if (scores.isAnomaly[i] === 1) this.#anomaly(i, work, queue);
      else if (pacing === null) policy.normal(times[i] as number, queue);
      else pacing.normal(times[i] as number, policy, queue);
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
    this.#pacing?.shift(ms);
  }

  parts(): KeyPart[] {
    const rule = this.#warmup === null ? detectorParts(this.#name, this.detector) : [];
    return [...rule, alertsPart(this.#name, this.#policy)];
  }

  modelParts(): KeyPart[] {
    if (this.#warmup === null) return [];
    const model = detectorParts(this.#name, this.detector);
    return this.#pacing === null ? model : [...model, this.#pacingPart(this.#pacing)];
  }

  modelWaits(saved: readonly SavedPart[]): void {
    const own = `detector/${this.#name}/`;
    for (const { name, version } of saved) {
      if (name.startsWith(own)) this.#seen = Math.max(this.#seen, version);
    }
  }

  renewModel(): void {
    if (this.#warmup !== null) this.#detector = null;
    this.#pacing = this.#createPacing();
    this.#seen = 0;
  }

  /** The pacing as a part, apart from the model: a state without it keeps its model. */
  #pacingPart(pacing: Pacing): KeyPart {
    const name = `detector/${this.#name}/${pacing.name}`;
    return {
      name,
      unit: name,
      version: this.detector.observationsSeen,
      save: (writer) => pacing.save(writer),
      load: (reader) => pacing.load(reader),
    };
  }

  /** Passes a reading on to the pacing. @returns Whether the alert policy sees the reading. */
  #pace(inputs: readonly Float64Array[], i: number, work: Workspace): boolean {
    const pacing = this.#pacing;
    const { scores, steadyTimes } = work;
    if (pacing === null) return isScored(scores, i);
    if (!this.#hasValue(inputs, i)) return isScored(scores, i) && pacing.pass(scores, i);
    pacing.take(scores, steadyTimes, i);
    if (pacing.remembers) pacing.remember(this.#evidence(i, work));
    return isScored(scores, i);
  }

  #hasValue(inputs: readonly Float64Array[], i: number): boolean {
    for (const input of this.#values) {
      const value = (inputs[input] as Float64Array)[i] as number;
      if (value - value === 0) return true;
    }
    return false;
  }

  #anomaly(i: number, work: Workspace, queue: EventQueue): void {
    const policy = this.#policy;
    const pacing = this.#pacing;
    const { scores, times } = work;
    const timestamp = times[i] as number;
    const anomalyScore = scores.anomalyScore[i] as number;
    const own = pacing?.evidence(anomalyScore) ?? null;
    const rawScore = own?.rawScore ?? (scores.rawScore[i] as number);
    const evidence = policy.needsEvidence(anomalyScore, rawScore)
      ? (own ?? this.#evidence(i, work))
      : null;
    policy.anomalous(timestamp, evidence, queue, pacing?.since(timestamp));
  }

  #evidence(i: number, work: Workspace): Evidence {
    const inputs = work.inputs[this.#index] as readonly Float64Array[];
    const { scores, times } = work;
    const rawScore = scores.rawScore[i] as number;
    return {
      timestamp: times[i] as number,
      rawScore,
      p: scores.p[i] as number,
      anomalyScore: scores.anomalyScore[i] as number,
      reading: rowOf(work.columns, i),
      features: rowOf(inputs, i),
      explanation: this.#explain(inputs, i, rawScore),
    };
  }

  #explain(inputs: readonly Float64Array[], i: number, rawScore: number): Explanation {
    const { detector } = this;
    const explanation = detector.explain(inputs, i);
    const threshold = this.#pacing?.threshold(detector) ?? Number.NaN;
    if (Number.isNaN(threshold)) return explanation;
    // the readings before can make a reading anomalous that is not by itself
    return { ...explanation, threshold: Math.min(threshold, rawScore) };
  }
}

function createPacing({ budget, cooldownMs }: AlertConfig, policy: AlertPolicy): Pacing | null {
  if (budget !== null) return new BudgetPacing(budget);
  return cooldownMs === null ? new CooldownPacing(policy) : null;
}

function rowOf(columns: readonly Float64Array[], i: number): Float64Array {
  const row = new Float64Array(columns.length);
  for (let c = 0; c < row.length; c++) row[c] = (columns[c] as Float64Array)[i] as number;
  return row;
}
