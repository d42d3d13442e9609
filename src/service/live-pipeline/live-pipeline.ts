import { ReadingBuffer } from "../../buffer/reading-buffer.ts";
import type { AlertEvent, Episode } from "../../core/alerts/alert-event.ts";
import type { Batch, SequencedBatch } from "../../core/batch.ts";
import { learningOf } from "../../core/detectors/registry.ts";
import { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import { Engine } from "../../engine/engine.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { DetectorStatus } from "../../engine/evaluation/evaluation.ts";
import { inOrder } from "../../engine/event-queue.ts";
import { Intake } from "../../engine/intake.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { OutOfOrderPolicy } from "../../engine/row-sequencer.ts";
import type { TimeNotice, TimeSettings } from "../../engine/time/time-notice.ts";
import type { ValueNotice } from "../../engine/values/value-notice.ts";
import { type Trace, traceOf } from "../queries/trace.ts";
import { restorePipeline, type SavedPipeline, savePipeline } from "../snapshot/save-pipeline.ts";
import {
  PartReader,
  type PartWriter,
  type ReportLoss,
  type SnapshotPart,
} from "../snapshot/snapshot-parts.ts";
import { DailyAlarms } from "./counts/daily-alarms.ts";
import { RowHistory } from "./history/row-history.ts";
import { Rows } from "./history/rows.ts";
import { Observations, type PipelineCore } from "./observations.ts";
import type { CarriedModels } from "./rebuild/catch-up.ts";
import { type RebuildSetup, rebuild } from "./rebuild/rebuild.ts";
import { RepeatableCalls } from "./repeatable-calls.ts";
import { type BuiltShape, buildShape, type LiveDetector, type Shape } from "./shape.ts";
import { SourceStates } from "./source-states.ts";

/** Maximum number of rows that are stored with features and verdicts, for any buffer size. */
const MAX_HELD = 100_000;

/** The fixed settings of a pipeline. */
export interface PipelineFrame {
  /** Never reused among pipelines of one snapshot. */
  readonly id: number;
  readonly name: string;
  readonly layout: Layout;
  readonly maxRows: number;
  readonly maxKeys: number;
  readonly outOfOrder: OutOfOrderPolicy;
}

/** Result of an append. The arrays belong to the engine; the next append but one overwrites them. */
export interface PipelineOutput {
  /** The rows after the intake. */
  readonly batch: SequencedBatch;
  readonly output: EngineOutput;
  readonly evicted: number;
  /** What was found about times of rows, these and earlier ones. */
  readonly times: readonly TimeNotice[];
  /** Columns of sensors that lost their values, or have them again. */
  readonly values: readonly ValueNotice[];
}

/**
 * A running pipeline: rows in, features and verdicts out. Its shape may change while it runs. Synchronous, no
 * clock: the same calls give the same results.
 */
export class LivePipeline {
  readonly frame: PipelineFrame;
  readonly keys: KeyTable;
  readonly buffer: ReadingBuffer;
  readonly #intake: Intake;
  /** Positions and formats of its line sources. */
  readonly sources: SourceStates;
  /** Verdicts of its detectors. */
  readonly observations: Observations;
  /** Alarms of each sensor on its last day with any; the command handlers count them. */
  readonly alarms = new DailyAlarms();
  /** Calls that clients may send again; the command handlers add them. */
  readonly calls = new RepeatableCalls();
  readonly #core: PipelineCore;
  /** Number of changes of the shape. */
  #incarnation = 0;

  /** @param sources Sources of the pipeline that it replaces. */
  constructor(
    frame: PipelineFrame,
    shape: Shape = { sets: [], detectors: [] },
    sources = new SourceStates(),
  ) {
    const { layout, maxRows, maxKeys, outOfOrder } = frame;
    this.frame = frame;
    this.sources = sources;
    this.keys = new KeyTable(maxKeys);
    this.buffer = new ReadingBuffer(layout, this.keys, { maxRows });
    this.#intake = new Intake({ outOfOrder });
    const built = build(frame, shape);
    const history = new RowHistory(Math.min(maxRows, MAX_HELD));
    this.#core = {
      keys: this.keys,
      rows: new Rows(history, built),
      built,
      engine: new Engine(built.plan, this.keys),
      saving: null,
    };
    this.observations = new Observations(this.#core);
  }

  /** Grows with every change of the shape. Saved parts belong to one version. */
  get shapeVersion(): number {
    return this.#incarnation;
  }

  /** Plan of its engine. */
  get plan(): EnginePlan {
    return this.#core.built.plan;
  }

  /** Its feature sets and detectors. */
  get shape(): Shape {
    return this.#core.built.shape;
  }

  /** Memory of rows, windows and models, about, bytes. O(sensors). */
  get bytes(): number {
    return this.buffer.bytes + this.#core.engine.bytes;
  }

  /** Names of the features in use, in order of definition. */
  get featureNames(): readonly string[] {
    return [...this.#core.built.features.keys()];
  }

  /** Key of the newest row; -1: none. */
  get newestKey(): number {
    const { history } = this.#core.rows;
    return history.end > history.start ? history.key(history.end - 1) : -1;
  }

  /** Largest event time so far, ms; -Infinity before the first row. */
  get watermark(): number {
    return this.#intake.watermark;
  }

  /** Event time that is known, with or without a row, ms; -Infinity before the first row. */
  get now(): number {
    return this.#intake.now;
  }

  /** Number of rows that are no longer stored with features. */
  get droppedRows(): number {
    return this.#core.rows.history.start;
  }

  /** Number of rows that are stored with features. */
  get storedRows(): number {
    const { history } = this.#core.rows;
    return history.end - history.start;
  }

  /** Plausible values of its columns, see `Intake`. They may change while the pipeline runs. */
  set ranges(ranges: readonly PlausibleRange[]) {
    this.#intake.ranges = ranges;
  }

  /** Furthest jump ahead that needs no confirmation, see `Intake`. It may change while the pipeline runs. */
  set time({ maxJump, lateness }: TimeSettings) {
    this.#intake.maxJump = maxJump;
    this.#intake.lateness = lateness;
  }

  /** Whether rows with the same time are parts of one reading, see `Intake`. It may change while the pipeline runs. */
  set join(isOn: boolean) {
    this.#intake.join = isOn;
  }

  /** Appends and scores rows. May compact the batch's arrays; does not keep them. */
  append(batch: Batch): PipelineOutput {
    return this.#apply(this.#intake.accept(batch));
  }

  #apply(rows: SequencedBatch): PipelineOutput {
    const evicted = this.buffer.append(rows);
    const { saving } = this.#core;
    for (let i = 0; saving !== null && i < rows.length; i++) {
      saving.beforeChange(rows.keys[i] as number);
    }
    const { engine } = this.#core;
    const output = engine.apply(rows);
    this.#core.rows.add(rows, output, engine.steps);
    this.observations.count(rows, output);
    const times = this.#intake.takeNotices();
    return { batch: rows, output, evicted, times, values: this.#intake.takeValueNotices() };
  }

  /** Event time of the next {@link tick}, ms; Infinity before the first row. O(sensors). */
  get nextTick(): number {
    const { engineOffset, deadline, nextTick } = this.#intake;
    return Math.min(this.#core.engine.deadline - engineOffset, deadline, nextTick);
  }

  /** Advances event time to `now` without a row. @returns Rows that have waited, and events that were due then. */
  tick(now: number): {
    readonly passed: PipelineOutput | null;
    readonly events: AlertEvent[];
    readonly episodes: Episode[];
  } {
    const rows = this.#intake.tick(now);
    const passed = rows === null ? null : this.#apply(rows);
    const { events, episodes } = this.#core.engine.tick(now + this.#intake.engineOffset);
    return { passed, events: inOrder(events), episodes: inOrder(episodes) };
  }

  /**
   * Marks event time from `from` to `to`, ms, as unobserved: it does not count as silence.
   *
   * @returns Rows that have waited; null: none.
   */
  pause(from: number, to: number): PipelineOutput | null {
    const rows = this.#intake.pause(to);
    const passed = rows === null ? null : this.#apply(rows);
    const { offset } = this.#intake;
    this.#core.engine.pause(from + offset, to + offset);
    return passed;
  }

  /** Open episodes, by key, then detector. */
  openEpisodes(): Episode[] {
    return this.#core.engine.openEpisodes();
  }

  /**
   * Changes the shape. New features and detectors run through the stored rows; unchanged ones keep their
   * state.
   *
   * @param carried Models that new detectors start from.
   * @param renewed Detectors that keep their models and reset their alerts.
   */
  reshape(
    shape: Shape,
    carried: ReadonlyMap<LiveDetector, CarriedModels> = new Map(),
    renewed: ReadonlySet<LiveDetector> = new Set(),
  ): void {
    this.#rebuild(shape, { carried, renewed, relearned: new Map() });
  }

  /**
   * Lets the detectors that learn do so anew, from the stored rows. Their alerts and counts go on.
   *
   * @returns Their names.
   */
  relearn(): readonly string[] {
    const relearned = new Map<LiveDetector, LiveDetector>();
    const detectors = this.shape.detectors.map((detector) => {
      if (learningOf(detector.config) === null) return detector;
      const anew = { ...detector };
      relearned.set(anew, detector);
      return anew;
    });
    const changes = { carried: new Map(), renewed: new Set<LiveDetector>(), relearned };
    if (relearned.size > 0) this.#rebuild({ ...this.shape, detectors }, changes);
    return [...relearned.keys()].map(({ name }) => name);
  }

  #rebuild(shape: Shape, changes: Pick<RebuildSetup, "carried" | "renewed" | "relearned">): void {
    const core = this.#core;
    for (let key = 0; key < this.keys.size; key++) this.observations.keepExplanations(key);
    const built = build(this.frame, shape);
    const { keys, rows } = core;
    const { explanations } = this.observations;
    const { engine, kept } = rebuild(core, built, { keys, rows, explanations, ...changes });
    core.built = built;
    core.engine = engine;
    this.#incarnation += 1;
    this.observations.renew(kept, changes);
  }

  /**
   * Saves its state as it is before the first step; the caller saves {@link frame}, {@link shape} and
   * {@link shapeVersion}. Between steps there may be rows and score calls only.
   */
  saving(out: PartWriter): Generator<void, void> {
    return savePipeline(this.#prefix, this.#saved, out);
  }

  /** Restores a new pipeline of the same frame and shape, one sensor per step. */
  *restoring(
    incarnation: number,
    parts: ReadonlyMap<string, SnapshotPart>,
    report: ReportLoss,
  ): Generator<void, void> {
    this.#incarnation = incarnation;
    const { name } = this.frame;
    const reader = new PartReader(parts, this.#prefix, (loss) => report(`${name}: ${loss}`));
    yield* restorePipeline(this.#saved, reader);
    // versions of lost parts restart from zero
    if (!reader.complete) this.#incarnation += 1;
  }

  /** Newest features of a key; null: no row of it is stored. */
  newestRow(key: number): { readonly time: number; readonly features: Map<string, number> } | null {
    const row = this.#core.rows.history.newest(key);
    if (row < 0) return null;
    const names = this.featureNames;
    const values = this.#core.rows.values(names, row);
    const features = new Map(names.map((name, i) => [name, values[i] as number]));
    return { time: this.#core.rows.history.time(row), features };
  }

  /** Status of its detectors with a key, in their order; empty for a key without readings. */
  statuses(key: number): readonly DetectorStatus[] {
    return this.#core.engine.peek(key) ?? [];
  }

  /** Whether a detector found the newest row of a key anomalous. */
  isAnomalous(key: number): boolean {
    const { rows, built } = this.#core;
    const row = rows.history.newest(key);
    if (row < 0) return false;
    return built.shape.detectors.some((one) => rows.verdicts(one).at(row).isAnomaly === 1);
  }

  /** Newest rows of a key with their scores. */
  trace(key: number, limit: number): Trace {
    return traceOf(this.#core, key, limit);
  }

  get #prefix(): string {
    return `pipeline/${this.frame.id}/${this.#incarnation}/`;
  }

  get #saved(): SavedPipeline {
    const { buffer, observations, sources, alarms, calls } = this;
    const intake = this.#intake;
    return { core: this.#core, intake, buffer, observations, sources, alarms, calls };
  }
}

function build({ name, layout, maxRows }: PipelineFrame, shape: Shape): BuiltShape {
  return buildShape(shape, { pipeline: name, columns: layout.numeric, maxWindowRows: maxRows });
}
