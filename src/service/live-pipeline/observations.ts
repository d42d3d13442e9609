import type { SequencedBatch } from "../../core/batch.ts";
import { createScoreColumns, type ScoreColumns, UNSCORED } from "../../core/detectors/detector.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import type { Engine } from "../../engine/engine.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import type { DetectorStatus } from "../../engine/evaluation/evaluation.ts";
import type { ScoredContribution, SensorProgress } from "../api.ts";
import type { KeySaves } from "../snapshot/key-saves.ts";
import { VerdictCounts } from "./counts/verdict-counts.ts";
import { Explanations, nameContributions, type RowExplanation } from "./explanations.ts";
import type { Rows } from "./history/rows.ts";
import { type Verdict, verdictAt } from "./history/verdict-columns.ts";
import { type CarriedModels, partsOf } from "./rebuild/catch-up.ts";
import type { RebuildSetup } from "./rebuild/rebuild.ts";
import type { BuiltShape, LiveDetector } from "./shape.ts";

/** The parts of a running pipeline; a change of the shape replaces the engine. */
export interface PipelineCore {
  readonly keys: KeyTable;
  readonly rows: Rows;
  built: BuiltShape;
  engine: Engine;
  /** Saves each key before it changes while a checkpoint is in progress; null: none is. */
  saving: KeySaves | null;
}

/** A verdict and its explanation. */
export interface Observed {
  readonly verdict: Verdict;
  readonly contributions: readonly ScoredContribution[];
}

/** Verdicts of a pipeline's detectors on its rows and on score calls. */
export class Observations {
  readonly explanations = new Explanations();
  readonly #core: PipelineCore;
  readonly #counts = new Map<LiveDetector, VerdictCounts>();
  #changes = 0;

  constructor(core: PipelineCore) {
    this.#core = core;
    for (const detector of core.built.shape.detectors)
      this.#counts.set(detector, new VerdictCounts());
  }

  /** Newest of the key's last rows whose inputs of a detector match `values`; -1: none. */
  findRow(detector: LiveDetector, key: number, values: Float64Array): number {
    return this.#core.rows.find(detector.inputNames, key, values);
  }

  /** Verdict on a stored row; explained only for the newest row of its key. */
  ofRow(detector: LiveDetector, row: number): Observed {
    const { history } = this.#core.rows;
    const key = history.key(row);
    const verdict = this.#core.rows.verdicts(detector).at(row);
    if (history.newest(key) !== row) return { verdict, contributions: [] };
    this.#explain(detector, this.#index(detector), key);
    const explained = this.explanations.get(detector, key);
    return { verdict, contributions: explained?.row === row ? explained.contributions : [] };
  }

  /** Scores values that belong to no row. @param learn Whether the model learns from them. */
  score(detector: LiveDetector, key: number, values: Float64Array, learn: boolean): Observed {
    const index = this.#index(detector);
    const out = createScoreColumns(1);
    const inputs = Array.from(values, (value) => Float64Array.of(value));
    if (!learn) {
      const explanation = this.#core.engine.scoreWithoutLearning(key, index, inputs, out);
      const contributions = nameContributions(explanation, detector.inputNames);
      return { verdict: verdictAt(out, 0), contributions };
    }
    this.#core.saving?.beforeChange(key);
    this.#explain(detector, index, key);
    this.#core.engine.observe(key, index, inputs, out);
    const verdict = verdictAt(out, 0);
    if (verdict.isAnomaly === UNSCORED) return { verdict, contributions: [] };
    this.#changes += 1;
    this.countsOf(detector).count(key, verdict.isAnomaly === 1);
    const explanation = this.#core.engine.explain(key, index, inputs);
    return { verdict, contributions: nameContributions(explanation, detector.inputNames) };
  }

  /** Status of a detector with a key; null: it has not seen the key. */
  status(detector: LiveDetector, key: number): DetectorStatus | null {
    return this.#core.engine.peek(key)?.[this.#index(detector)] ?? null;
  }

  /** Warm-up progress and counts of a detector for a key; -1: a key without readings. */
  progress(detector: LiveDetector, key: number): SensorProgress {
    const seen = key < 0 ? 0 : (this.status(detector, key)?.observationsSeen ?? 0);
    const warmup = "warmupPeriod" in detector.config ? Number(detector.config.warmupPeriod) : 0;
    const counts = this.countsOf(detector);
    return {
      isWarm: seen >= warmup,
      observationsSeen: seen,
      observationsNeeded: Math.max(0, warmup - seen),
      scored: counts.scored(key),
      anomalies: counts.anomalies(key),
    };
  }

  /** Verdict counts of a detector. */
  countsOf(detector: LiveDetector): VerdictCounts {
    const counts = this.#counts.get(detector);
    if (!counts) throw new RangeError(`There is no detector ${detector.name}`);
    return counts;
  }

  /** Models of a detector, to continue in another pipeline. */
  carry(detector: LiveDetector): CarriedModels {
    const prefix = `detector/${detector.name}/`;
    const parts = partsOf(this.#core.engine, this.#core.keys.size, (name) =>
      name.startsWith(prefix),
    );
    const counts = this.countsOf(detector);
    return new Map(
      [...parts].map(([key, models]) => [
        this.#core.keys.name(key),
        { parts: models, scored: counts.scored(key), anomalies: counts.anomalies(key) },
      ]),
    );
  }

  /** Stores the explanations of the newest row of a key, while its detectors can give them. */
  keepExplanations(key: number): void {
    for (const [index, detector] of this.#core.built.shape.detectors.entries()) {
      if (scoresReadings(detector.config)) this.#explain(detector, index, key);
    }
  }

  /** Stores the explanation of a key's newest row: the detector can't give it after the next row. */
  #explain(detector: LiveDetector, index: number, key: number): void {
    const row = this.#core.rows.history.newest(key);
    if (row < 0 || !this.#core.rows.verdicts(detector).isScored(row)) return;
    if (this.explanations.get(detector, key)?.row === row) return;
    const values = this.#core.rows.values(detector.inputNames, row);
    const inputs = Array.from(values, (value) => Float64Array.of(value));
    const explanation = this.#core.engine.explain(key, index, inputs);
    const contributions = nameContributions(explanation, detector.inputNames);
    this.explanations.set(detector, key, { row, contributions });
  }

  #index(detector: LiveDetector): number {
    return this.#core.built.shape.detectors.indexOf(detector);
  }

  /** Grows with every verdict. */
  get changes(): number {
    return this.#changes;
  }

  saveCounts(writer: StateWriter): void {
    const { keys, built } = this.#core;
    writer.f64(this.#changes);
    for (const detector of built.shape.detectors) this.countsOf(detector).save(writer, keys.size);
  }

  /** @throws {RangeError} If the bytes end early. */
  loadCounts(reader: StateReader): void {
    this.#changes = reader.f64();
    const { keys, built } = this.#core;
    for (const detector of built.shape.detectors) this.countsOf(detector).load(reader, keys.size);
  }

  /** Restores an explanation of a detector by its name. */
  loadExplanation(key: number, name: string, explanation: RowExplanation): void {
    const detector = this.#core.built.shape.detectors.find((one) => one.name === name);
    if (detector) this.explanations.set(detector, key, explanation);
  }

  /** Counts the verdicts on new rows. */
  count(rows: SequencedBatch, { length, scores }: EngineOutput): void {
    this.#changes += length;
    for (const [d, detector] of this.#core.built.shape.detectors.entries()) {
      const { isAnomaly } = scores[d] as ScoreColumns;
      const counts = this.countsOf(detector);
      for (let i = 0; i < length; i++) {
        const verdict = isAnomaly[i] as number;
        if (verdict !== UNSCORED) counts.count(rows.keys[i] as number, verdict === 1);
      }
    }
  }

  /** Call after a change of the engine: recounts detectors that were not kept. */
  renew(
    kept: ReadonlySet<LiveDetector>,
    { carried, relearned }: Pick<RebuildSetup, "carried" | "relearned">,
  ): void {
    const { detectors } = this.#core.built.shape;
    for (const [detector, before] of relearned) this.#counts.set(detector, this.countsOf(before));
    for (const detector of this.#counts.keys()) {
      if (kept.has(detector) || relearned.has(detector)) continue;
      this.#counts.delete(detector);
      if (!detectors.includes(detector)) this.explanations.remove(detector);
    }
    for (const detector of detectors) {
      if (kept.has(detector) || relearned.has(detector)) continue;
      this.#counts.set(detector, this.#recount(detector, carried.get(detector) ?? new Map()));
    }
  }

  #recount(detector: LiveDetector, carried: CarriedModels): VerdictCounts {
    const counts = new VerdictCounts();
    for (const [name, { scored, anomalies }] of carried) {
      const key = this.#core.keys.find(name);
      if (key >= 0) counts.add(key, scored, anomalies);
    }
    const { history } = this.#core.rows;
    const verdicts = this.#core.rows.verdicts(detector);
    for (let row = history.start; row < history.end; row++) {
      if (verdicts.isScored(row)) counts.count(history.key(row), verdicts.at(row).isAnomaly === 1);
    }
    return counts;
  }
}
