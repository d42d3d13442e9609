import type { History } from "../../sorted-window/history.ts";
import {
  type Kernel,
  WindowMemories,
  type WindowMemory,
} from "../../sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../state-codec.ts";
import {
  type Detector,
  type Explanation,
  markUnscored,
  type ScoreColumns,
  type StatePart,
} from "../detector.ts";
import { capacities, type EcodConfig } from "./config.ts";
import { explainRow } from "./explain.ts";
import { createHistories, type Histories, spareHistories } from "./histories.ts";
import { Novelty } from "./novelty/novelty.ts";
import { columnCount } from "./score/column-sums.ts";
import { anomalyScores, Experts } from "./score/experts.ts";
import { RowScore } from "./score/row-score.ts";
import { RoundingGrid } from "./warm-up/rounding-grid.ts";
import { NEUTRAL_SURPRISE, SeedRows } from "./warm-up/seed-rows.ts";

const STRIKE_DECAY = 1 / 64; // exact in binary

/**
 * Streaming ECOD for one key. Ranks each feature in the tails of its recent values, adds the surprises up, in all and
 * by column, and converts the sums to a tail probability with the history of its scores.
 *
 * Does not learn very unlikely rows for a while, so that an incident does not become normal. Raw columns
 * also remember every region that they have visited.
 *
 * Cost per row and feature: two binary searches and one sorted replacement. No allocation once the
 * windows are full. Source: Z. Li et al., "ECOD", IEEE TKDE 35 (2023), arXiv:2201.00382; for a stream, as
 * `docs/detector-spec.md` defines.
 */
export class Ecod implements Detector {
  readonly #config: EcodConfig;
  readonly #memory: WindowMemory;
  readonly #histories: Histories;
  readonly #votes: Kernel["vote"];
  readonly #learns: Kernel["learn"];
  readonly #experts: Experts;
  readonly #score: RowScore;
  /** Whether references and experts belong to another detector and must not change. */
  readonly #scoresOnly: boolean;
  readonly #grid: RoundingGrid;
  readonly #novelty: Novelty;
  readonly #lnGate: number;
  /** Warm-up rows up to here do not seed the experts. */
  readonly #seedStart: number;
  /** The last row, rounded. */
  readonly #x: Float64Array;
  /** Its address in memory: values, surprises (NaN: no vote) and sides (1: high). */
  readonly #row: number;
  /** Null once the warm-up is over. */
  #seeds: SeedRows | null;
  /** Rows that went through the steps; those that the grid holds back come on top. */
  #observations = 0;
  /** Also an array: V8 recompiles the class when a field changes from an integer to a fraction. */
  readonly #strikes = new Float64Array(1);
  #learned = 0;
  /** Number of the last learned observation; not saved, because `explain` follows `observe`. */
  #learnedAt = 0;
  /** Raw score at the alarm boundary for the last anomalous row; not saved. */
  #threshold = Number.NaN;

  /**
   * @param dimension Features per row, >= 1.
   * @param memories Memories for its windows.
   * @param lender Detector whose references and experts this one uses for scoring without learning.
   * @throws {RangeError} If `contamination` or a window is out of range, if `columns` does not fit the features, or if
   *   the windows are too large.
   */
  constructor(
    config: EcodConfig,
    dimension: number,
    memories = new WindowMemories(),
    lender: Ecod | null = null,
  ) {
    if (!(config.contamination > 0 && config.contamination <= 0.5)) {
      throw new RangeError(`contamination must be in (0, 0.5], got ${config.contamination}`);
    }
    const { columns, rawFeatures, warmupPeriod } = config;
    if (columns.length !== dimension) {
      throw new RangeError(`${columns.length} columns do not fit ${dimension} features`);
    }
    this.#config = config;
    const { seeds, calibration } = capacities(config);
    const isCompact = config.reference === "compact";
    this.#scoresOnly = lender !== null && !isCompact;
    if (lender === null || isCompact) {
      this.#histories =
        lender === null
          ? createHistories(config, dimension, memories)
          : spareHistories(lender.#histories.memory, config, dimension);
      const { scores } = this.#histories;
      this.#experts = new Experts(scores, calibration, dimension, columnCount(columns));
    } else {
      const { memory } = lender.#histories;
      const row = memory.spare(`row of ${dimension}`, () => memory.createRow(dimension));
      this.#histories = { ...lender.#histories, row };
      this.#experts = lender.#experts;
    }
    const { memory, row } = this.#histories;
    this.#memory = memory;
    this.#row = row;
    this.#votes = isCompact ? memory.kernel.voteSummaries : memory.kernel.vote;
    this.#learns = isCompact ? memory.kernel.learnSummaries : memory.kernel.learn;
    this.#grid = new RoundingGrid(columns, rawFeatures, warmupPeriod);
    this.#x = new Float64Array(dimension);
    const votes = { memory: this.#memory, at: this.#u };
    this.#score = new RowScore(config, this.#experts, votes, this.#scoresOnly);
    const { frozen, noveltyFeatures } = config;
    this.#novelty = new Novelty(frozen ? [] : noveltyFeatures, columns, warmupPeriod);
    this.#lnGate = Math.log(config.gate);
    this.#seedStart = warmupPeriod - seeds;
    this.#seeds = new SeedRows(seeds, dimension);
  }

  get observationsSeen(): number {
    return this.#observations + this.#grid.held;
  }

  get warmupPeriod(): number {
    return this.#config.warmupPeriod;
  }

  get bytes(): number {
    const references = this.#histories.references.reduce(
      (sum, reference) => sum + reference.bytes,
      0,
    );
    const warmingUp = (this.#seeds?.bytes ?? 0) + this.#grid.bytes;
    return references + this.#experts.bytes + this.#novelty.bytes + warmingUp;
  }

  /** Nats that novelty added to the last row's raw score. */
  get novelty(): number {
    return this.#novelty.bonus;
  }

  /** Column that decided about the last row, because it alone is rarer than all together; -1: none. */
  get column(): number {
    return this.#score.column;
  }

  /** Weighted surprise of a feature in the last row, nats; NaN when it did not vote. */
  contribution(input: number): number {
    return (
      (this.#score.weights[input] as number) * (this.#memory.numbers[this.#u + input] as number)
    );
  }

  /** Whether the last value of a feature lies on the high side of its reference. */
  isHigh(input: number): boolean {
    return this.#memory.numbers[this.#u + this.#x.length + input] === 1;
  }

  observe(inputs: readonly Float64Array[], row: number, out: ScoreColumns): void {
    this.#take(inputs, row);
    this.#score.clear();
    if (this.observationsSeen >= this.#config.warmupPeriod) this.#step(out, row);
    else {
      this.#warmUp();
      this.#forget();
      markUnscored(out, row);
    }
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    const { columns } = this.#config;
    const explained = {
      contribution: (input: number) => this.contribution(input),
      isHigh: (input: number) => this.isHigh(input),
      bonuses: this.#novelty.bonuses(),
      passedOver: (input: number) => this.#passedOver(input),
      decimal: (input: number, value: number) => this.#grid.decimal(input, value),
      decided: (input: number) => columns[input] === this.column,
      threshold: this.#threshold,
    };
    return explainRow(explained, this.#histories.references, inputs, row);
  }

  /** Copies the novelty memories, and summaries: some microseconds. */
  copyForScoring(): Ecod {
    const twin = new Ecod(this.#config, this.#x.length, undefined, this);
    if (!twin.#scoresOnly) return loaded(twin, this);
    twin.#observations = this.observationsSeen;
    twin.#strikes.set(this.#strikes);
    twin.#seeds = null;
    twin.#score.follow(this.#score);
    twin.#grid.follow(this.#grid);
    const writer = new StateWriter();
    this.#novelty.save(writer);
    twin.#novelty.load(new StateReader(writer.finish()));
    return twin;
  }

  parts(): readonly StatePart[] {
    return [
      {
        name: "references",
        version: this.#learned,
        save: (writer) => {
          for (const reference of this.#histories.references) reference.save(writer);
        },
        load: (reader) => {
          for (const reference of this.#histories.references) reference.load(reader);
        },
      },
      {
        name: "model",
        version: this.observationsSeen,
        save: (writer) => this.#saveModel(writer),
        load: (reader) => this.#loadModel(reader),
      },
    ];
  }

  /** Copies the row; values that are not finite are missing. */
  #take(inputs: readonly Float64Array[], row: number): void {
    const x = this.#x;
    for (let j = 0; j < x.length; j++) {
      const value = (inputs[j] as Float64Array)[row] as number;
      x[j] = value - value === 0 ? value : Number.NaN;
    }
  }

  /** Rounds the row and gives it to the novelty memories. @returns Whether it has a value. */
  #enter(): boolean {
    const x = this.#x;
    this.#grid.round(x);
    const { numbers } = this.#memory;
    const at = this.#row / 8;
    let any = false;
    for (let j = 0; j < x.length; j++) {
      const value = x[j] as number;
      numbers[at + j] = value;
      any ||= !Number.isNaN(value);
    }
    this.#novelty.observe(x, this.#observations);
    this.#observations += 1;
    return any;
  }

  /** Index of the surprises in memory. */
  get #u(): number {
    return this.#row / 8 + this.#x.length;
  }

  /** Computes surprise and side of every feature with a value and enough reference values. @returns Their number. */
  #vote(): number {
    const { minReference, extension } = this.#config;
    const { list, row } = this.#histories;
    return this.#votes(list, row, this.#x.length, minReference, extension);
  }

  /** Removes the votes of all features. */
  #forget(): void {
    this.#memory.numbers.fill(Number.NaN, this.#u, this.#u + this.#x.length);
  }

  /** A row after the warm-up. */
  #step(out: ScoreColumns, row: number): void {
    if (!this.#enter()) {
      this.#forget();
      markUnscored(out, row);
    } else if (this.#vote() === 0) {
      this.#learn();
      this.#writeNeutral(out, row);
    } else this.#writeScores(out, row);
  }

  /** A row of the warm-up, or all rows that were held back until this one. */
  #warmUp(): void {
    if (this.#scoresOnly) this.#observations += 1;
    else if (this.#grid.isOpen) {
      for (const held of this.#grid.hold(this.#x) ?? []) {
        this.#x.set(held);
        this.#warmUpStep();
      }
    } else this.#warmUpStep();
  }

  #warmUpStep(): void {
    const votes = this.#enter() ? this.#vote() : 0;
    if (votes > 0 && this.#observations > this.#seedStart)
      this.#seeds?.add(this.#memory.numbers, this.#u);
    this.#learn();
    if (this.#observations < this.#config.warmupPeriod) return;
    if (this.#seeds !== null) this.#score.seed(this.#seeds);
    this.#seeds = null;
  }

  /** Rank of the reference value that an explanation skips: that of the row, or the one that it would replace. */
  #passedOver(input: number): number {
    if (this.#learnedAt !== this.#observations) return Number.POSITIVE_INFINITY;
    const reference = this.#histories.references[input] as History;
    if (this.#scoresOnly) return reference.rankOfLeaving();
    return Math.floor(reference.length - reference.countAtLeast(this.#x, input));
  }

  #writeScores(out: ScoreColumns, row: number): void {
    const { contamination, frozen } = this.#config;
    this.#score.write(this.#novelty, this.#observations - 1, out, row);
    anomalyScores(out.p, row, row + 1, contamination, out.anomalyScore);
    const isAnomaly = (out.p[row] as number) <= contamination;
    out.isAnomaly[row] = isAnomaly ? 1 : 0;
    if (isAnomaly) {
      // computed before learning, which moves it; rounding must not put it above the score
      const boundary = this.#experts.boundary(contamination);
      this.#threshold = Math.min(boundary, out.rawScore[row] as number);
    }
    if (this.#passesGate() && !frozen) {
      this.#score.learn();
      this.#learn();
    }
  }

  /** Whether a row of this tail probability may be learned; updates the patience. */
  #passesGate(): boolean {
    const { patience } = this.#config;
    const { lnP } = this.#score;
    const strikes = this.#strikes[0] as number;
    const isLikely = lnP > this.#lnGate;
    const isOut = strikes >= patience;
    const more = isOut ? strikes : strikes + 1;
    this.#strikes[0] = isLikely ? Math.max(0, strikes - STRIKE_DECAY) : more;
    return isLikely || isOut;
  }

  #learn(): void {
    const { frozen, warmupPeriod } = this.#config;
    if (frozen && this.#observations > warmupPeriod) return;
    this.#learned += 1;
    this.#learnedAt = this.#observations;
    if (this.#scoresOnly) return;
    this.#learns(this.#histories.list, this.#row, this.#x.length);
  }

  /** For a row whose features have no reference yet. */
  #writeNeutral(out: ScoreColumns, row: number): void {
    const weight = this.#score.weights.reduce((sum, w) => sum + w, 0);
    out.rawScore[row] = weight * NEUTRAL_SURPRISE;
    out.p[row] = 1;
    out.anomalyScore[row] = 0;
    out.isAnomaly[row] = 0;
  }

  #saveModel(writer: StateWriter): void {
    writer.f64(this.#observations);
    writer.f64s(this.#strikes);
    writer.f64(this.#learned);
    this.#grid.save(writer);
    this.#seeds?.save(writer);
    this.#score.save(writer);
    this.#novelty.save(writer);
  }

  #loadModel(reader: StateReader): void {
    this.#observations = reader.f64();
    reader.f64s(this.#strikes);
    this.#learned = reader.f64();
    this.#grid.load(reader);
    if (this.#observations >= this.#config.warmupPeriod) this.#seeds = null;
    this.#seeds?.load(reader);
    this.#score.load(reader);
    this.#novelty.load(reader);
  }
}

/** Loads the whole state of another detector. */
function loaded(twin: Ecod, other: Ecod): Ecod {
  const writer = new StateWriter();
  for (const part of other.parts()) part.save(writer);
  const reader = new StateReader(writer.finish());
  for (const part of twin.parts()) part.load(reader);
  return twin;
}
