import type { Episode, Evidence } from "../core/alerts/alert-event.ts";
import { AlertPolicy } from "../core/alerts/alert-policy.ts";
import type { SequencedBatch } from "../core/batch.ts";
import type { Detector, ScoreColumns, StatePart } from "../core/detectors/detector.ts";
import { createKeyDetector } from "../core/detectors/registry.ts";
import { WindowSet } from "../core/features/window-set.ts";
import type { OutputColumns } from "./engine-output.ts";
import type { EventQueue } from "./event-queue.ts";
import type { EnginePlan } from "./plan.ts";
import { firstAtLeast } from "./search.ts";
import type { Workspace } from "./workspace.ts";

/** One detector of a key, with the policy that turns its anomalies into alerts. */
interface Watch {
  readonly detector: Detector;
  readonly policy: AlertPolicy;
}

/** Where a detector of a key stands. */
export interface DetectorStatus {
  readonly name: string;
  readonly observationsSeen: number;
  /** Observations still missing until the first score. */
  readonly observationsNeeded: number;
  readonly open: Episode | null;
}

/**
 * Everything that is known about one key: windows, models, alert states. It depends on the key's
 * own readings and the watermark only, so keys can run anywhere and in any order.
 */
export class KeyState {
  readonly #plan: EnginePlan;
  readonly #windows: WindowSet;
  readonly #watches: readonly Watch[];
  #nextSequence = 0;
  #repeated = 0;
  #missed = 0;

  /** @param key Code of the key. */
  constructor(plan: EnginePlan, key: number, keyName: string) {
    this.#plan = plan;
    this.#windows = new WindowSet(plan.features, plan.columns.length, plan.maxWindowRows);
    this.#watches = plan.detectors.map(({ name, config, inputs, alerts }, detector) => ({
      detector: createKeyDetector(config, inputs.length),
      policy: new AlertPolicy(alerts, {
        pipeline: plan.pipeline,
        detectorName: name,
        detector,
        keyName,
        key,
      }),
    }));
  }

  /** Readings that came again and were dropped. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Readings that never came, by their numbers. */
  get missed(): number {
    return this.#missed;
  }

  /** Bytes held now by windows and models. */
  get bytes(): number {
    return this.#watches.reduce((sum, { detector }) => sum + detector.bytes, this.#windows.bytes);
  }

  /** Event time at which something happens without a reading, ms; Infinity: never. */
  get deadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { policy } of this.#watches) {
      const deadline = policy.deadline;
      if (deadline < next) next = deadline;
    }
    return next;
  }

  /** Where each detector stands, in the order of the plan. */
  status(): DetectorStatus[] {
    return this.#watches.map(({ detector, policy }, i) => ({
      name: this.#plan.detectors[i]?.name ?? "",
      observationsSeen: detector.observationsSeen,
      observationsNeeded: Math.max(0, detector.warmupPeriod - detector.observationsSeen),
      open: policy.open,
    }));
  }

  /**
   * Runs the key's rows `rows[from..to)` of a batch.
   *
   * @param work Room for `to - from` rows.
   */
  apply(
    batch: SequencedBatch,
    rows: Uint32Array,
    from: number,
    to: number,
    work: Workspace,
    output: OutputColumns,
    queue: EventQueue,
  ): void {
    const n = this.#gather(batch, rows, from, to, work, output);
    this.#windows.apply(work.times, work.columns, n, work.features);
    scatter(work.features, output.features, work.origin, n);
    for (let d = 0; d < this.#watches.length; d++) {
      this.#watch(d, batch, n, work, queue);
      scatterScores(work.scores, output.scores[d] as ScoreColumns, work.origin, n);
    }
  }

  /**
   * Does everything that was due up to `now`.
   *
   * @param position Row of the batch, by deadline, at which it happens.
   */
  tick(now: number, position: (deadline: number) => number, queue: EventQueue): void {
    for (const { policy } of this.#watches) {
      for (let due = policy.deadline; due <= now; due = policy.deadline) {
        queue.atDeadline(position(due), due);
        policy.tick(due, queue);
      }
    }
  }

  /** The state in pieces; their names are unique within the key. */
  parts(): StatePart[] {
    const version = this.#nextSequence;
    return [
      {
        name: "windows",
        version,
        save: (writer) => {
          writer.f64(this.#nextSequence);
          writer.f64(this.#repeated);
          writer.f64(this.#missed);
          this.#windows.save(writer);
        },
        load: (reader) => {
          this.#nextSequence = reader.f64();
          this.#repeated = reader.f64();
          this.#missed = reader.f64();
          this.#windows.load(reader);
        },
      },
      {
        name: "alerts",
        version,
        save: (writer) => {
          for (const { policy } of this.#watches) policy.save(writer);
        },
        load: (reader) => {
          for (const { policy } of this.#watches) policy.load(reader);
        },
      },
      ...this.#watches.flatMap(({ detector }, i) =>
        detector.parts().map((part) => ({
          ...part,
          name: `detector/${this.#plan.detectors[i]?.name}/${part.name}`,
        })),
      ),
    ];
  }

  /** Copies the key's new rows together; returns how many. */
  #gather(
    batch: SequencedBatch,
    rows: Uint32Array,
    from: number,
    to: number,
    work: Workspace,
    output: OutputColumns,
  ): number {
    const { origin, times, columns } = work;
    let n = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i] as number;
      const sequence = batch.sequences[row] as number;
      if (sequence < this.#nextSequence) {
        this.#repeated += 1;
        blank(output, row);
        continue;
      }
      this.#missed += sequence - this.#nextSequence;
      this.#nextSequence = sequence + 1;
      origin[n] = row;
      times[n] = batch.eventTimes[row] as number;
      n += 1;
    }
    for (let c = 0; c < columns.length; c++) {
      const source = batch.columns[c] as Float64Array;
      const target = columns[c] as Float64Array;
      for (let i = 0; i < n; i++) target[i] = source[origin[i] as number] as number;
    }
    return n;
  }

  /** Runs one detector and its alert policy over the gathered rows. */
  #watch(d: number, batch: SequencedBatch, n: number, work: Workspace, queue: EventQueue): void {
    const { detector, policy } = this.#watches[d] as Watch;
    const inputs = work.inputs[d] as readonly Float64Array[];
    const { scores, origin, times } = work;
    let after = 0; // rows before this one are done: a late deadline comes after them
    for (let i = 0; i < n; i++) {
      const row = origin[i] as number;
      const watermark = batch.watermarks[row] as number;
      for (let due = policy.deadline; due <= watermark; due = policy.deadline) {
        queue.atDeadline(Math.max(after, firstAtLeast(batch, due)), due);
        policy.tick(due, queue);
      }
      detector.observe(inputs, i, scores);
      after = row + 1;
      if (Number.isNaN(scores.rawScore[i] as number)) continue;
      queue.atRow(row);
      if (scores.isAnomaly[i] === 0) policy.normal(times[i] as number, queue);
      else this.#anomaly(d, i, work, queue);
    }
  }

  #anomaly(d: number, i: number, work: Workspace, queue: EventQueue): void {
    const { detector, policy } = this.#watches[d] as Watch;
    const inputs = work.inputs[d] as readonly Float64Array[];
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

function scatter(
  from: readonly Float64Array[],
  to: readonly Float64Array[],
  origin: Uint32Array,
  n: number,
): void {
  for (let c = 0; c < from.length; c++) scatterColumn(from[c], to[c], origin, n);
}

function scatterColumn(
  from: Float64Array | undefined,
  to: Float64Array | undefined,
  origin: Uint32Array,
  n: number,
): void {
  if (!from || !to) return;
  for (let i = 0; i < n; i++) to[origin[i] as number] = from[i] as number;
}

function scatterScores(from: ScoreColumns, to: ScoreColumns, origin: Uint32Array, n: number): void {
  scatterColumn(from.rawScore, to.rawScore, origin, n);
  scatterColumn(from.p, to.p, origin, n);
  scatterColumn(from.anomalyScore, to.anomalyScore, origin, n);
  for (let i = 0; i < n; i++) to.isAnomaly[origin[i] as number] = from.isAnomaly[i] as number;
}

/** Marks a row that was not run, so that nothing of an earlier batch shows through. */
function blank(output: OutputColumns, row: number): void {
  for (const feature of output.features) feature[row] = Number.NaN;
  for (const scores of output.scores) {
    scores.rawScore[row] = Number.NaN;
    scores.p[row] = Number.NaN;
    scores.anomalyScore[row] = 0;
    scores.isAnomaly[row] = 0;
  }
}
