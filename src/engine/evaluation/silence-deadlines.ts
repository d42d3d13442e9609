import type { Episode, Evidence } from "../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../core/alerts/alert-policy.ts";
import { firstAfter, firstAtLeast, type SequencedBatch } from "../../core/batch.ts";
import { type AbsenceDetector, markUnscored } from "../../core/detectors/detector.ts";
import type { EventQueue } from "../event-queue.ts";
import type { KeyPart } from "../keys/snapshot-parts.ts";
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

/**
 * Raises an alert when a key has had no reading for some time. A reading at the exact deadline is in time, so
 * the alert waits until time is past the deadline, and carries it. The alert ends with the next reading,
 * whatever its values. Rows get no score.
 */
export class SilenceDeadlines implements Evaluation {
  readonly #index: number;
  readonly #name: string;
  readonly #detector: AbsenceDetector;
  readonly #policy: AlertPolicy;

  /** @param index Index of the detector in the plan. */
  constructor(
    { name }: DetectorPlan,
    index: number,
    detector: AbsenceDetector,
    policy: AlertPolicy,
  ) {
    this.#index = index;
    this.#name = name;
    this.#detector = detector;
    this.#policy = policy;
  }

  get detector(): AbsenceDetector {
    return this.#detector;
  }

  get bytes(): number {
    return this.#detector.bytes;
  }

  get open(): Episode | null {
    return this.#policy.open;
  }

  get deadline(): number {
    const detector = this.#detector;
    return detector.absent ? this.#policy.deadline : detector.deadline;
  }

  status(): DetectorStatus {
    return {
      name: this.#name,
      observationsSeen: this.#detector.observationsSeen,
      observationsNeeded: 0,
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
    const inputs = work.inputs[this.#index] as readonly Float64Array[];
    const { scores, origin, times } = work;
    let after = 0; // first row that is not done: a late deadline comes after done rows
    let lag = lagBefore;
    for (let i = 0; i < n; i++) {
      const row = origin[i] as number;
      const time = times[i] as number;
      const clock = Math.max((batch.watermarks[row] as number) - lag, time);
      for (let due = this.deadline; this.#isPast(due, clock); due = this.deadline) {
        const isAbsent = this.#detector.absent;
        const reached = isAbsent ? firstAtLeast(batch, due + lag) : firstAfter(batch, due + lag);
        queue.atDeadline(Math.min(row, Math.max(after, reached)), due);
        this.#due(due, queue);
      }
      lag = lagAt(batch, row);
      after = row + 1;
      if (this.#detector.absent) this.#comeBack(row, time, queue);
      this.#detector.see(inputs, i, time);
      markUnscored(scores, i);
    }
  }

  tick(now: number, position: RowOf, queue: EventQueue): void {
    for (let due = this.deadline; this.#isPast(due, now); due = this.deadline) {
      queue.atDeadline(position(due, !this.#detector.absent), due);
      this.#due(due, queue);
    }
  }

  excuse(from: number, to: number): void {
    if (!this.#detector.absent) this.#detector.excuse(from, to);
  }

  shift(ms: number): void {
    this.#detector.shift(ms);
    this.#policy.shift(ms);
  }

  parts(): KeyPart[] {
    return [...detectorParts(this.#name, this.#detector), alertsPart(this.#name, this.#policy)];
  }

  modelParts(): KeyPart[] {
    return [];
  }

  modelWaits(): void {}

  renewModel(): void {}

  /** Whether a deadline has passed: of the key, or while it is absent of its alerts. False for NaN. */
  #isPast(deadline: number, clock: number): boolean {
    return this.#detector.absent ? deadline <= clock : deadline < clock;
  }

  #due(deadline: number, queue: EventQueue): void {
    const detector = this.#detector;
    const policy = this.#policy;
    if (detector.absent) {
      policy.tick(deadline, queue);
      return;
    }
    const evidence = this.#evidence();
    detector.miss();
    policy.anomalous(deadline, evidence, queue);
  }

  #comeBack(row: number, time: number, queue: EventQueue): void {
    queue.atRow(row);
    // time may have passed the deadline by the clock of other sensors, and this reading be older
    const at = Math.max(time, this.#policy.newest);
    this.#policy.lasted(at);
    this.#policy.normal(at, queue);
  }

  /** The newest reading, at its own time. */
  #evidence(): Evidence {
    const detector = this.#detector;
    const { lastReading } = detector;
    return {
      timestamp: detector.lastSeen,
      rawScore: Number.NaN,
      p: Number.NaN,
      anomalyScore: 1,
      reading: lastReading,
      features: lastReading,
      explanation: detector.explain(),
    };
  }
}
