import { ReadingBuffer } from "../../buffer/reading-buffer.ts";
import type { AlertEvent, Episode } from "../../core/alerts/alert-event.ts";
import type { Batch, SequencedBatch } from "../../core/batch.ts";
import { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import { Engine } from "../../engine/engine.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import { inOrder } from "../../engine/event-queue.ts";
import { Intake, type OutOfOrderPolicy } from "../../engine/intake.ts";
import type { DetectorStatus } from "../../engine/key-watch.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { type Trace, traceOf } from "../queries/trace.ts";
import { restorePipeline, type SavedPipeline, savePipeline } from "../snapshot/save-pipeline.ts";
import { PartReader, type PartWriter, type ReportLoss } from "../snapshot/snapshot-parts.ts";
import { DailyAlarms } from "./counts/alarm-days.ts";
import { RowHistory } from "./history/row-history.ts";
import { Rows } from "./history/rows.ts";
import { Observations, type PipelineCore } from "./observations.ts";
import type { CarriedModels } from "./rebuild/carried.ts";
import { rebuild } from "./rebuild/rebuild.ts";
import { type BuiltShape, buildShape, type LiveDetector, type Shape } from "./shape.ts";
import { SourceStates } from "./source-marks.ts";

/** Rows that are held with their features and verdicts, whatever the buffer holds. */
const MOST_HELD = 100_000;

/** What a pipeline is made of. */
export interface PipelineFrame {
  /** Unique for ever among pipelines that are saved together. */
  readonly id: number;
  readonly name: string;
  readonly layout: Layout;
  readonly maxRows: number;
  readonly maxKeys: number;
  readonly outOfOrder: OutOfOrderPolicy;
}

/** What an append came to; the arrays are the engine's and are overwritten by the next but one. */
export interface PipelineOutput {
  readonly rows: SequencedBatch;
  readonly output: EngineOutput;
  readonly evicted: number;
}

/**
 * A pipeline at work: rows go in, features and verdicts come out, and what it computes may change
 * while it runs. Synchronous, no clock: the same calls give the same results.
 */
export class LivePipeline {
  readonly frame: PipelineFrame;
  readonly keys: KeyTable;
  readonly buffer: ReadingBuffer;
  readonly #intake: Intake;
  /** How far the sources of lines are that its rows come from. */
  readonly sources: SourceStates;
  /** What its detectors say. */
  readonly observations: Observations;
  /** Alarms that were told, of each sensor on its last day with any; counted by whoever tells them. */
  readonly alarms = new DailyAlarms();
  readonly #core: PipelineCore;
  /** Times that what is computed has changed. */
  #incarnation = 0;

  /** @param sources Of the pipeline that it takes the place of. */
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
    this.#intake = new Intake(outOfOrder);
    const built = build(frame, shape);
    const history = new RowHistory(Math.min(maxRows, MOST_HELD));
    this.#core = {
      keys: this.keys,
      rows: new Rows(history, built),
      built,
      engine: new Engine(built.plan, this.keys),
      saving: null,
    };
    this.observations = new Observations(this.#core);
  }

  /** Grows with every change of what is computed: the same one, the same saved pieces. */
  get shapeVersion(): number {
    return this.#incarnation;
  }

  /** What its engine computes. */
  get plan(): EnginePlan {
    return this.#core.built.plan;
  }

  /** What it computes. */
  get shape(): Shape {
    return this.#core.built.shape;
  }

  /** Names of the features in use, in order of definition. */
  get featureNames(): readonly string[] {
    return [...this.#core.built.features.keys()];
  }

  /** Key of the newest row; -1 when there is none. */
  get newestKey(): number {
    const { history } = this.#core.rows;
    return history.end > history.start ? history.key(history.end - 1) : -1;
  }

  /** Largest event time so far, ms; -Infinity before the first row. */
  get watermark(): number {
    return this.#intake.watermark;
  }

  /** Rows that ever came and are no longer held with their features. */
  get droppedRows(): number {
    return this.#core.rows.history.start;
  }

  /** Plausible values of its columns, see `Intake`; they may change while it runs. */
  set ranges(ranges: readonly PlausibleRange[]) {
    this.#intake.ranges = ranges;
  }

  /** Lets rows in. The batch's arrays may be compacted, and are not kept. */
  append(batch: Batch): PipelineOutput {
    const rows = this.#intake.accept(batch);
    const { evicted } = this.buffer.append(rows);
    const { saving } = this.#core;
    for (let i = 0; saving !== null && i < rows.length; i++) {
      saving.beforeChange(rows.keys[i] as number);
    }
    const output = this.#core.engine.apply(rows);
    this.#core.rows.add(rows, output);
    this.observations.count(rows, output);
    return { rows, output, evicted };
  }

  /** Event time at which something is due without a row, ms; Infinity: never. O(sensors). */
  get deadline(): number {
    return this.#core.engine.deadline;
  }

  /** Event time has come to `now` without a row: what was due. */
  tick(now: number): { readonly events: AlertEvent[]; readonly episodes: Episode[] } {
    const { messages, episodes } = this.#core.engine.tick(now);
    return { events: inOrder(messages), episodes: inOrder(episodes) };
  }

  /** From event time `from` up to `to`, ms, nobody watched: no sensor without a reading since `from` is silent for it. */
  pause(from: number, to: number): void {
    this.#core.engine.pause(from, to);
  }

  /** Episodes that are going on, by key, then detector. */
  openEpisodes(): Episode[] {
    return this.#core.engine.openEpisodes();
  }

  /**
   * Changes what is computed. New features and detectors see the rows that are held, with the features
   * they had; what did not change goes on as it was.
   *
   * @param carried Models that new detectors start from.
   * @param renewed Detectors that go on, and whose alerts begin anew.
   */
  reshape(
    shape: Shape,
    carried: ReadonlyMap<LiveDetector, CarriedModels> = new Map(),
    renewed: ReadonlySet<LiveDetector> = new Set(),
  ): void {
    const core = this.#core;
    for (let key = 0; key < this.keys.size; key++) this.observations.keepExplanations(key);
    const built = build(this.frame, shape);
    const { keys, rows } = core;
    const { explanations } = this.observations;
    const { engine, kept } = rebuild(core, built, { keys, rows, explanations, carried, renewed });
    core.built = built;
    core.engine = engine;
    this.#incarnation += 1;
    this.observations.renew(kept, carried);
  }

  /**
   * Saves its state as it is before the first step; {@link frame}, {@link shape} and {@link shapeVersion}
   * are for the caller to keep. Rows and observations may come between the steps, but nothing else.
   */
  saving(out: PartWriter): Generator<void, void> {
    return savePipeline(this.#prefix, this.#saved, out);
  }

  /** Puts a fresh pipeline of the same frame and shape into a saved state. */
  restore(incarnation: number, pieces: ReadonlyMap<string, Uint8Array>, report: ReportLoss): void {
    this.#incarnation = incarnation;
    const { name } = this.frame;
    const reader = new PartReader(pieces, this.#prefix, (loss) => report(`${name}: ${loss}`));
    restorePipeline(this.#saved, reader);
    // versions may count from zero again
    if (!reader.complete) this.#incarnation += 1;
  }

  /** Newest features of a key; null when no row of it is held. */
  newestRow(key: number): { readonly time: number; readonly features: Map<string, number> } | null {
    const row = this.#core.rows.history.newest(key);
    if (row < 0) return null;
    const names = this.featureNames;
    const values = this.#core.rows.values(names, row);
    const features = new Map(names.map((name, i) => [name, values[i] as number]));
    return { time: this.#core.rows.history.time(row), features };
  }

  /** Where its detectors stand with a key, in their order; none for a key without readings. */
  statuses(key: number): readonly DetectorStatus[] {
    return this.#core.engine.peek(key) ?? [];
  }

  /** Whether one of its detectors found the newest row of a key anomalous. */
  isAnomalous(key: number): boolean {
    const { rows, built } = this.#core;
    const row = rows.history.newest(key);
    if (row < 0) return false;
    return built.shape.detectors.some((one) => rows.verdicts(one).at(row).isAnomaly === 1);
  }

  /** The newest rows of a key with what its detectors said of them. */
  trace(key: number, limit: number): Trace {
    return traceOf(this.#core, key, limit);
  }

  get #prefix(): string {
    return `pipeline/${this.frame.id}/${this.#incarnation}/`;
  }

  get #saved(): SavedPipeline {
    const { buffer, observations, sources, alarms } = this;
    return { core: this.#core, intake: this.#intake, buffer, observations, sources, alarms };
  }
}

function build({ name, layout, maxRows }: PipelineFrame, shape: Shape): BuiltShape {
  return buildShape(shape, { pipeline: name, columns: layout.numeric, maxWindowRows: maxRows });
}
