import type { SequencedBatch } from "../core/batch.ts";
import { type KeyDetector, markUnscored, type ScoreColumns } from "../core/detectors/detector.ts";
import { WindowSet } from "../core/features/window-set.ts";
import type { WindowMemories } from "../core/sorted-window/window-memory.ts";
import { createEvaluation } from "./create-evaluation.ts";
import type { OutputColumns } from "./engine-output.ts";
import { type DetectorStatus, type Evaluation, lagAt } from "./evaluation.ts";
import type { EventQueue } from "./event-queue.ts";
import type { KeyPart } from "./key-part.ts";
import { bySet, type EnginePlan, windowSets } from "./plan.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Everything that is known about one key: windows, models, alert states. It depends on the key's
 * own readings and the watermark only, so keys can run anywhere and in any order.
 */
export class KeyState {
  readonly #windows: readonly WindowSet[];
  /** Names of the window sets' saved pieces. */
  readonly #windowNames: readonly string[];
  readonly #watches: readonly Evaluation[];
  #nextSequence = 0;
  #repeated = 0;
  #missed = 0;
  /**
   * How far the key's event time lay behind the watermark at its last row, ms. A key's clock is its
   * own: the watermark less this lag. Otherwise every deadline of a sensor that lags (a second file, a
   * skewed clock) would have passed before it was set.
   */
  #lag = 0;

  /**
   * @param key Code of the key.
   * @param memories Of its engine.
   */
  constructor(plan: EnginePlan, key: number, keyName: string, memories: WindowMemories) {
    this.#windows = bySet(plan, plan.features).map(
      (specs) => new WindowSet(specs, plan.columns.length, plan.maxWindowRows),
    );
    this.#windowNames = windowSets(plan).map(({ name }) => name);
    this.#watches = plan.detectors.map((_, index) =>
      createEvaluation(plan, index, key, keyName, memories),
    );
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
    return [...this.#windows, ...this.#watches].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Watermark at which something happens without a reading, ms; Infinity: never. */
  get deadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { deadline } of this.#watches) {
      if (deadline < next) next = deadline;
    }
    return next + this.#lag;
  }

  /** Where each detector stands, in the order of the plan. */
  status(): DetectorStatus[] {
    return this.#watches.map((watch) => watch.status());
  }

  /**
   * One of its detectors.
   *
   * @throws {RangeError} If the plan has no such detector.
   */
  detector(index: number): KeyDetector {
    const watch = this.#watches[index];
    if (!watch) throw new RangeError(`The plan has no detector ${index}`);
    return watch.detector;
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
    for (let s = 0; s < this.#windows.length; s++) {
      const features = work.featureSets[s] as readonly Float64Array[];
      (this.#windows[s] as WindowSet).apply(work.times, work.columns, n, features);
    }
    scatter(work.features, output.features, work.origin, n);
    for (let d = 0; d < this.#watches.length; d++) {
      (this.#watches[d] as Evaluation).apply(batch, n, this.#lag, work, queue);
      scatterScores(work.scores, output.scores[d] as ScoreColumns, work.origin, n);
    }
    if (n > 0) this.#lag = lagAt(batch, work.origin[n - 1] as number);
  }

  /**
   * Does everything that was due up to the watermark `now`.
   *
   * @param position Row of the batch, by watermark, at which it happens.
   */
  tick(now: number, position: (watermark: number) => number, queue: EventQueue): void {
    const lag = this.#lag;
    for (const watch of this.#watches) {
      watch.tick(now - lag, (deadline) => position(deadline + lag), queue);
    }
  }

  /** From the watermark `from` up to `to` nobody watched. */
  excuse(from: number, to: number): void {
    const lag = this.#lag;
    for (const watch of this.#watches) watch.excuse(from - lag, to - lag);
  }

  /** The state in pieces; their names are unique within the key. */
  parts(): KeyPart[] {
    return [
      {
        name: "sequence",
        unit: "sequence",
        version: this.#nextSequence + this.#repeated,
        save: (writer) => {
          writer.f64(this.#nextSequence);
          writer.f64(this.#repeated);
          writer.f64(this.#missed);
          writer.f64(this.#lag);
        },
        load: (reader) => {
          this.#nextSequence = reader.f64();
          this.#repeated = reader.f64();
          this.#missed = reader.f64();
          this.#lag = reader.f64();
        },
      },
      ...this.#windows.map((windows, s): KeyPart => {
        const name = this.#windowNames[s] as string;
        return {
          name,
          unit: name,
          version: this.#nextSequence,
          save: (writer) => windows.save(writer),
          load: (reader) => windows.load(reader),
        };
      }),
      ...this.#watches.flatMap((watch) => watch.parts()),
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
  for (const scores of output.scores) markUnscored(scores, row);
}
