import { ReadingBuffer } from "../../buffer/reading-buffer.ts";
import type { AlertEvent, Episode } from "../../core/alerts/alert-event.ts";
import type { Batch, SequencedBatch } from "../../core/batch.ts";
import { createScoreColumns, type ScoreColumns, UNSCORED } from "../../core/detectors/detector.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import { Engine } from "../../engine/engine.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import { inOrder } from "../../engine/event-queue.ts";
import { Intake, type OutOfOrderPolicy } from "../../engine/intake.ts";
import type { DetectorStatus } from "../../engine/key-watch.ts";
import type { ScoredContribution } from "../api.ts";
import type { Carried } from "./carried.ts";
import { partsOf } from "./catch-up.ts";
import { nameContributions } from "./contributions.ts";
import { Explanations } from "./explanations.ts";
import { rebuild } from "./rebuild.ts";
import { RowHistory } from "./row-history.ts";
import { Rows } from "./rows.ts";
import { type BuiltShape, buildShape, type LiveDetector, type Shape } from "./shape.ts";
import { Tally } from "./tally.ts";
import { type Verdict, verdictAt } from "./verdict.ts";

/** Rows that are held with their features and verdicts, whatever the buffer holds. */
const MOST_HELD = 100_000;

/** What a pipeline is made of. */
export interface PipelineFrame {
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

/** What a detector said of something it was shown, and why. */
export interface Observed {
  readonly verdict: Verdict;
  readonly contributions: readonly ScoredContribution[];
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
  readonly #rows: Rows;
  readonly #explanations = new Explanations();
  readonly #tallies = new Map<LiveDetector, Tally>();
  #built: BuiltShape;
  #engine: Engine;

  constructor(frame: PipelineFrame, shape: Shape = { sets: [], detectors: [] }) {
    const { layout, maxRows, maxKeys, outOfOrder } = frame;
    this.frame = frame;
    this.keys = new KeyTable(maxKeys);
    this.buffer = new ReadingBuffer(layout, this.keys, { maxRows });
    this.#intake = new Intake(outOfOrder);
    this.#built = this.#build(shape);
    this.#rows = new Rows(new RowHistory(Math.min(maxRows, MOST_HELD)), this.#built);
    this.#engine = new Engine(this.#built.plan, this.keys);
    for (const detector of shape.detectors) this.#tallies.set(detector, new Tally());
  }

  /** What it computes. */
  get shape(): Shape {
    return this.#built.shape;
  }

  /** Names of the features in use, in order of definition. */
  get featureNames(): readonly string[] {
    return [...this.#built.features.keys()];
  }

  /** Key of the newest row; -1 when there is none. */
  get newestKey(): number {
    const { history } = this.#rows;
    return history.end > history.start ? history.key(history.end - 1) : -1;
  }

  /** Largest event time so far, ms; -Infinity before the first row. */
  get watermark(): number {
    return this.#intake.watermark;
  }

  /** Rows that ever came and are no longer held with their features. */
  get forgotten(): number {
    return this.#rows.history.start;
  }

  /** Lets rows in. The batch's arrays may be compacted, and are not kept. */
  append(batch: Batch): PipelineOutput {
    const rows = this.#intake.accept(batch);
    const { evicted } = this.buffer.append(rows);
    const output = this.#engine.apply(rows);
    this.#rows.add(rows, output);
    this.#count(rows, output);
    return { rows, output, evicted };
  }

  /** Event time has come to `now` without a row: what was due. */
  tick(now: number): { readonly events: AlertEvent[]; readonly episodes: Episode[] } {
    const { messages, episodes } = this.#engine.tick(now);
    return { events: inOrder(messages), episodes: inOrder(episodes) };
  }

  /** Episodes that are going on, by key, then detector. */
  openEpisodes(): Episode[] {
    return this.#engine.openEpisodes();
  }

  /**
   * Changes what is computed. New features and detectors see the rows that are held, with the features
   * they had; what did not change goes on as it was.
   *
   * @param carried Models that new detectors start from.
   */
  reshape(shape: Shape, carried: ReadonlyMap<LiveDetector, Carried> = new Map()): void {
    this.settle();
    const built = this.#build(shape);
    const old = { built: this.#built, engine: this.#engine };
    const { keys } = this;
    const explanations = this.#explanations;
    const { engine, kept } = rebuild(old, built, { keys, rows: this.#rows, explanations, carried });
    for (const detector of this.#tallies.keys()) {
      if (kept.has(detector)) continue;
      this.#tallies.delete(detector);
      if (!shape.detectors.includes(detector)) explanations.remove(detector);
    }
    for (const detector of shape.detectors) {
      if (kept.has(detector)) continue;
      this.#tallies.set(detector, this.#recount(detector, carried.get(detector) ?? new Map()));
    }
    this.#built = built;
    this.#engine = engine;
  }

  /** Newest features of a key; null when no row of it is held. */
  newestRow(key: number): { readonly time: number; readonly features: Map<string, number> } | null {
    const row = this.#rows.history.newest(key);
    if (row < 0) return null;
    const names = this.featureNames;
    const values = this.#rows.values(names, row);
    const features = new Map(names.map((name, i) => [name, values[i] as number]));
    return { time: this.#rows.history.time(row), features };
  }

  /** Newest of the key's last rows whose inputs of a detector are about these; -1: none. */
  findRow(detector: LiveDetector, key: number, values: Float64Array): number {
    return this.#rows.find(detector.inputNames, key, values);
  }

  /** What a detector said of a row that is held. */
  ofRow(detector: LiveDetector, row: number): Observed {
    const { history } = this.#rows;
    const key = history.key(row);
    if (history.newest(key) === row) this.#explain(detector, this.#index(detector), key);
    const explained = this.#explanations.get(detector, key);
    return {
      verdict: this.#rows.verdicts(detector).at(row),
      contributions: explained?.row === row ? explained.contributions : [],
    };
  }

  /** Shows a detector what is no row, to learn it or only to look. */
  observe(detector: LiveDetector, key: number, values: Float64Array, learn: boolean): Observed {
    const index = this.#index(detector);
    const out = createScoreColumns(1);
    const inputs = Array.from(values, (value) => Float64Array.of(value));
    if (!learn) {
      const explanation = this.#engine.look(key, index, inputs, out);
      const contributions = nameContributions(explanation, detector.inputNames);
      return { verdict: verdictAt(out, 0), contributions };
    }
    this.#explain(detector, index, key);
    this.#engine.observe(key, index, inputs, out);
    const verdict = verdictAt(out, 0);
    if (verdict.isAnomaly === UNSCORED) return { verdict, contributions: [] };
    this.tally(detector).count(key, verdict.isAnomaly === 1);
    const explanation = this.#engine.explain(key, index, inputs);
    return { verdict, contributions: nameContributions(explanation, detector.inputNames) };
  }

  /** Where a detector stands with a key; null when it never saw it. */
  status(detector: LiveDetector, key: number): DetectorStatus | null {
    return this.#engine.peek(key)?.[this.#index(detector)] ?? null;
  }

  /** How often a detector gave verdicts. */
  tally(detector: LiveDetector): Tally {
    const tally = this.#tallies.get(detector);
    if (!tally) throw new RangeError(`There is no detector ${detector.name}`);
    return tally;
  }

  /** A detector's models, to go on elsewhere. */
  carry(detector: LiveDetector): Carried {
    const prefix = `detector/${detector.name}/`;
    const parts = partsOf(this.#engine, this.keys.size, (name) => name.startsWith(prefix));
    const tally = this.tally(detector);
    return new Map(
      [...parts].map(([key, models]) => [
        this.keys.name(key),
        { parts: models, scored: tally.scored(key), anomalies: tally.anomalies(key) },
      ]),
    );
  }

  /** Explains the newest row of every key, as long as its detectors remember it. */
  settle(): void {
    for (const [index, detector] of this.#built.shape.detectors.entries()) {
      if (!scoresReadings(detector.config)) continue;
      for (let key = 0; key < this.keys.size; key++) this.#explain(detector, index, key);
    }
  }

  /** Keeps why the newest row of a key was scored as it was: asked later, the detector can't say. */
  #explain(detector: LiveDetector, index: number, key: number): void {
    const row = this.#rows.history.newest(key);
    if (row < 0 || !this.#rows.verdicts(detector).isScored(row)) return;
    if (this.#explanations.get(detector, key)?.row === row) return;
    const values = this.#rows.values(detector.inputNames, row);
    const inputs = Array.from(values, (value) => Float64Array.of(value));
    const explanation = this.#engine.explain(key, index, inputs);
    const contributions = nameContributions(explanation, detector.inputNames);
    this.#explanations.set(detector, key, { row, contributions });
  }

  #index(detector: LiveDetector): number {
    return this.#built.shape.detectors.indexOf(detector);
  }

  #build(shape: Shape): BuiltShape {
    const { name, layout, maxRows } = this.frame;
    return buildShape(shape, { pipeline: name, columns: layout.numeric, maxWindowRows: maxRows });
  }

  #count(rows: SequencedBatch, { length, scores }: EngineOutput): void {
    for (const [d, detector] of this.#built.shape.detectors.entries()) {
      const { isAnomaly } = scores[d] as ScoreColumns;
      const tally = this.tally(detector);
      for (let i = 0; i < length; i++) {
        const verdict = isAnomaly[i] as number;
        if (verdict !== UNSCORED) tally.count(rows.keys[i] as number, verdict === 1);
      }
    }
  }

  #recount(detector: LiveDetector, carried: Carried): Tally {
    const tally = new Tally();
    for (const [name, { scored, anomalies }] of carried) {
      const key = this.keys.find(name);
      if (key >= 0) tally.add(key, scored, anomalies);
    }
    const { history } = this.#rows;
    const verdicts = this.#rows.verdicts(detector);
    for (let row = history.start; row < history.end; row++) {
      if (verdicts.isScored(row)) tally.count(history.key(row), verdicts.at(row).isAnomaly === 1);
    }
    return tally;
  }
}
