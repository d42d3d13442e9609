import type { Episode } from "../../core/alerts/alert-event.ts";
import { firstAfter, firstAtLeast, type SequencedBatch } from "../../core/batch.ts";
import type { KeyDetector, ScoreColumns } from "../../core/detectors/detector.ts";
import type { WindowSet } from "../../core/features/window-set.ts";
import type { StateWriter } from "../../core/state-codec.ts";
import type { OutputColumns } from "../engine-output.ts";
import {
  type DetectorStatus,
  type Evaluation,
  lagAt,
  type RowOf,
} from "../evaluation/evaluation.ts";
import type { EventQueue } from "../event-queue.ts";
import type { EnginePlan } from "../plan.ts";
import { blank, scatter, scatterScores } from "./copy-rows.ts";
import type { KeyCommon } from "./key-common.ts";
import { KeyModels, type LazyLoad } from "./key-models.ts";
import { type KeyPart, loadParts, type SavedPart, type Versions } from "./snapshot-parts.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The state of one key: windows, models, alerts. It depends only on the key's readings and the stream clock,
 * so keys can run in any thread and in any order.
 */
export class KeyState {
  readonly #keyName: string;
  readonly #models: KeyModels;
  readonly #evaluations: readonly Evaluation[];
  #nextSequence = 0;
  #repeated = 0;
  #missed = 0;
  /**
   * Lag of the key's event time behind the stream clock at its last row, ms; negative when the key is ahead. The
   * clock of a key is the stream clock minus this lag. Otherwise every deadline of a lagging sensor (a second
   * file, a skewed clock) would have passed before it was set.
   */
  #lag = 0;
  #setBy = 0;

  /**
   * @param key Code of the key.
   * @param common What the keys of an engine share.
   */
  constructor(plan: EnginePlan, key: number, keyName: string, common: KeyCommon) {
    this.#keyName = keyName;
    this.#models = new KeyModels(plan, key, keyName, common);
    this.#evaluations = this.#models.evaluations;
  }

  /** Number of dropped repeated readings. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Number of readings missing from the sequence. */
  get missed(): number {
    return this.#missed;
  }

  /** How far its clock was set forward in all, ms. */
  get setBy(): number {
    return this.#setBy;
  }

  /** Memory of windows and models, in bytes. */
  get bytes(): number {
    return this.#models.bytes;
  }

  /** Stream clock at the next deadline, ms; Infinity: none. */
  get deadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { deadline } of this.#evaluations) {
      if (deadline < next) next = deadline;
    }
    return next + this.#lag;
  }

  /** Status of each detector, in the order of the plan. */
  status(): DetectorStatus[] {
    return this.#evaluations.map((evaluation) => evaluation.status());
  }

  /** Open episodes, in the order of the plan. */
  openEpisodes(): Episode[] {
    return this.#evaluations.flatMap(({ open }) => (open === null ? [] : [open]));
  }

  /**
   * A detector of the key.
   *
   * @throws {RangeError} If the plan has no such detector.
   */
  detector(index: number): KeyDetector {
    const evaluation = this.#evaluations[index];
    if (!evaluation) throw new RangeError(`The plan has no detector ${index}`);
    this.#models.wake();
    return evaluation.detector;
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
    const { windows } = this.#models;
    for (let s = 0; s < windows.length; s++) {
      const features = work.featureSets[s] as readonly Float64Array[];
      (windows[s] as WindowSet).apply(work.steadyTimes, work.columns, n, features);
    }
    scatter(work.features, output.features, work.origin, n);
    for (let d = 0; d < this.#evaluations.length; d++) {
      (this.#evaluations[d] as Evaluation).apply(batch, n, this.#lag, work, queue);
      scatterScores(work.scores, output.scores[d] as ScoreColumns, work.origin, n);
    }
    if (n > 0) this.#lag = lagAt(batch, work.origin[n - 1] as number);
  }

  /**
   * Runs the deadlines up to the stream clock `now`.
   *
   * @param position Maps the stream clock to its row of the batch.
   */
  tick(now: number, position: RowOf, queue: EventQueue): void {
    const lag = this.#lag;
    for (const evaluation of this.#evaluations) {
      evaluation.tick(now - lag, (deadline, isAfter) => position(deadline + lag, isAfter), queue);
    }
  }

  /**
   * The clock of the key was set before its next row `row`: runs the deadlines on the old clock, then moves all times
   * to the new one. Windows and models keep what they have.
   *
   * @param done Row after the key's last one in this batch.
   * @returns How far it was set forward, ms; 0 if the row is a repeated one.
   */
  setClock(batch: SequencedBatch, row: number, done: number, queue: EventQueue): number {
    if ((batch.sequences[row] as number) < this.#nextSequence) return 0;
    const now = batch.watermarks[row] as number;
    this.tick(
      now,
      (clock, isAfter) => {
        const reached = isAfter ? firstAfter(batch, clock) : firstAtLeast(batch, clock);
        return Math.min(row, Math.max(done, reached));
      },
      queue,
    );
    const ms = (batch.eventTimes[row] as number) - (now - this.#lag);
    this.#models.wake(); // what waits holds times, too
    for (const evaluation of this.#evaluations) evaluation.shift(ms);
    this.#setBy += ms;
    this.#lag = lagAt(batch, row);
    return ms;
  }

  /** Takes its rows so far as rows before its clock was set forward by `ms`. */
  shift(ms: number): void {
    for (const evaluation of this.#evaluations) evaluation.shift(ms);
    this.#setBy += ms;
  }

  /** Excludes the stream clock `from` up to `to` from silence. */
  excuse(from: number, to: number): void {
    const lag = this.#lag;
    for (const evaluation of this.#evaluations) evaluation.excuse(from - lag, to - lag);
  }

  /** Saves the parts that differ from saved ones; their names are unique within the key. */
  save(saved: Versions, writer: StateWriter): SavedPart[] {
    const sequence = this.#sequencePart();
    const changed = [
      ...(saved.get(sequence.name) === sequence.version ? [] : [sequence]),
      ...this.#models.changed(this.#nextSequence, saved),
    ].map(({ name, version, save }) => {
      writer.clear();
      save(writer);
      return { name, version, bytes: writer.finish() };
    });
    return [...changed, ...this.#models.waiting(saved)];
  }

  /**
   * Loads saved parts into a new state. A unit with a missing part keeps its initial state.
   *
   * @param lazy With it, windows and models wait until a reading or a score call needs them.
   * @throws {IotmonError} `ERR_STATE` if a part does not fit the plan or is damaged.
   */
  load(saved: readonly SavedPart[], lazy: LazyLoad | null): void {
    loadParts([this.#sequencePart()], saved, this.#keyName);
    this.#models.load(saved, lazy);
  }

  #sequencePart(): KeyPart {
    return {
      name: "sequence",
      unit: "sequence",
      version: this.#nextSequence + this.#repeated,
      save: (writer) => {
        writer.f64(this.#nextSequence);
        writer.f64(this.#repeated);
        writer.f64(this.#missed);
        writer.f64(this.#lag);
        writer.f64(this.#setBy);
      },
      load: (reader) => {
        this.#nextSequence = reader.f64();
        this.#repeated = reader.f64();
        this.#missed = reader.f64();
        this.#lag = reader.f64();
        if (reader.remaining > 0) this.#setBy = reader.f64();
      },
    };
  }

  /** Copies the key's new rows to the workspace. @returns Number of rows. */
  #gather(
    batch: SequencedBatch,
    rows: Uint32Array,
    from: number,
    to: number,
    work: Workspace,
    output: OutputColumns,
  ): number {
    const { origin, times, steadyTimes, columns } = work;
    const setBy = this.#setBy;
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
      const time = batch.eventTimes[row] as number;
      times[n] = time;
      steadyTimes[n] = time - setBy;
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
