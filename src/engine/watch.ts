import type { Episode, Evidence } from "../core/alerts/alert-event.ts";
import { AlertPolicy } from "../core/alerts/alert-policy.ts";
import type { SequencedBatch } from "../core/batch.ts";
import { type Detector, isScored } from "../core/detectors/detector.ts";
import { createKeyDetector } from "../core/detectors/registry.ts";
import type { EventQueue } from "./event-queue.ts";
import type { KeyPart } from "./key-part.ts";
import type { EnginePlan } from "./plan.ts";
import { firstAtLeast } from "./search.ts";
import type { Workspace } from "./workspace.ts";

/** Where a detector of a key stands. */
export interface DetectorStatus {
  readonly name: string;
  readonly observationsSeen: number;
  /** Observations still missing until the first score. */
  readonly observationsNeeded: number;
  readonly open: Episode | null;
}

/** One detector of one key, with the policy that turns its anomalies into alerts. */
export class Watch {
  readonly #index: number;
  readonly #name: string;
  readonly #detector: Detector;
  readonly #policy: AlertPolicy;

  /** @param index Of the detector in the plan. */
  constructor(plan: EnginePlan, index: number, key: number, keyName: string) {
    const detector = plan.detectors[index];
    if (!detector) throw new RangeError(`The plan has no detector ${index}`);
    const { name, config, inputs, alerts } = detector;
    this.#index = index;
    this.#name = name;
    this.#detector = createKeyDetector(config, inputs.length);
    this.#policy = new AlertPolicy(alerts, {
      pipeline: plan.pipeline,
      detectorName: name,
      detector: index,
      keyName,
      key,
    });
  }

  /** Bytes that the model holds now. */
  get bytes(): number {
    return this.#detector.bytes;
  }

  /** Event time of the key at which something happens without a reading, ms; NaN: never. */
  get deadline(): number {
    return this.#policy.deadline;
  }

  status(): DetectorStatus {
    const { observationsSeen, warmupPeriod } = this.#detector;
    return {
      name: this.#name,
      observationsSeen,
      observationsNeeded: Math.max(0, warmupPeriod - observationsSeen),
      open: this.#policy.open,
    };
  }

  /**
   * Runs the first `n` rows of the workspace; their scores are then in `work.scores`.
   *
   * @param lagBefore How far the key lay behind the watermark at its row before, ms.
   */
  apply(
    batch: SequencedBatch,
    n: number,
    lagBefore: number,
    work: Workspace,
    queue: EventQueue,
  ): void {
    const detector = this.#detector;
    const policy = this.#policy;
    const inputs = work.inputs[this.#index] as readonly Float64Array[];
    const { scores, origin, times } = work;
    let after = 0; // rows before this one are done: a late deadline comes after them
    let lag = lagBefore;
    for (let i = 0; i < n; i++) {
      const row = origin[i] as number;
      // the key's clock: what the watermark says of it, or the row itself when it has caught up
      const clock = Math.max((batch.watermarks[row] as number) - lag, times[i] as number);
      for (let due = policy.deadline; due <= clock; due = policy.deadline) {
        const position = Math.max(after, firstAtLeast(batch, due + lag));
        queue.atDeadline(Math.min(row, position), due);
        policy.tick(due, queue);
      }
      lag = lagAt(batch, row);
      detector.observe(inputs, i, scores);
      after = row + 1;
      if (!isScored(scores, i)) continue;
      queue.atRow(row);
      if (scores.isAnomaly[i] === 0) policy.normal(times[i] as number, queue);
      else this.#anomaly(i, work, queue);
    }
  }

  /**
   * Does everything that was due up to `now` on the key's clock.
   *
   * @param position Row of the batch, by deadline, at which it happens.
   */
  tick(now: number, position: (deadline: number) => number, queue: EventQueue): void {
    const policy = this.#policy;
    for (let due = policy.deadline; due <= now; due = policy.deadline) {
      queue.atDeadline(position(due), due);
      policy.tick(due, queue);
    }
  }

  /** The state in pieces: those of the model go together, the alerts stand by themselves. */
  parts(): KeyPart[] {
    const policy = this.#policy;
    const model = `detector/${this.#name}`;
    const alerts = `${model}/alerts`;
    return [
      ...this.#detector
        .parts()
        .map((part) => ({ ...part, name: `${model}/${part.name}`, unit: model })),
      {
        name: alerts,
        unit: alerts,
        version: policy.version,
        save: (writer) => policy.save(writer),
        load: (reader) => policy.load(reader),
      },
    ];
  }

  #anomaly(i: number, work: Workspace, queue: EventQueue): void {
    const detector = this.#detector;
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
          reading: Float64Array.from(work.columns, (column) => column[i] as number),
          features: Float64Array.from(inputs, (input) => input[i] as number),
          explanation: detector.explain(inputs, i),
        }
      : null;
    policy.anomalous(timestamp, evidence, queue);
  }
}

/** How far a row's key lies behind the watermark with this row, ms, >= 0. */
export function lagAt(batch: SequencedBatch, row: number): number {
  return (batch.watermarks[row] as number) - (batch.eventTimes[row] as number);
}
