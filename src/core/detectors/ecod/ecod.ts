import { type Kernel, WindowMemories } from "../../sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../state-codec.ts";
import {
  type Detector,
  type Explanation,
  markUnscored,
  type ScoreColumns,
  type StatePart,
} from "../detector.ts";
import { type Block, createBlock, emptyBlock, spareBlock } from "./block.ts";
import { ecodOverheadBytes } from "./bytes.ts";
import type { EcodConfig } from "./config.ts";
import { explainRow } from "./explain.ts";
import { Novelty } from "./novelty/novelty.ts";
import { anomalyScores, Experts } from "./score/experts.ts";
import { RowScore } from "./score/row-score.ts";
import { type Shape, shapeOf } from "./shape.ts";
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
  readonly #shape: Shape;
  readonly #block: Block;
  readonly #votes: Kernel["vote"];
  readonly #learns: Kernel["learn"];
  readonly #experts: Experts;
  readonly #score: RowScore;
  /** Whether references and experts belong to another detector and must not change. */
  readonly #scoresOnly: boolean;
  readonly #grid: RoundingGrid;
  readonly #novelty: Novelty;
  /** Null once the warm-up is over. */
  #seeds: SeedRows | null;
  /** Rows that went through the steps; those that the grid holds back come on top. */
  #observations = 0;
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
    const shape = shapeOf(config, dimension);
    const { columns, rawFeatures, warmupPeriod } = config;
    const isCompact = config.reference === "compact";
    const block = lender === null ? createBlock(shape, memories) : spareBlock(lender.#block, shape);
    const { kernel } = block.memory;
    const { layout, capacities } = shape;
    this.#shape = shape;
    this.#block = block;
    this.#scoresOnly = lender !== null && !isCompact;
    this.#experts = lender !== null && !isCompact ? lender.#experts : new Experts(block, shape);
    this.#votes = isCompact ? kernel.voteSummaries : kernel.vote;
    this.#learns = isCompact ? kernel.learnSummaries : kernel.learn;
    const steps = block.cells(layout.steps);
    this.#grid = new RoundingGrid(columns, rawFeatures, warmupPeriod, steps, block.room);
    const votes = block.cells(layout.surprises);
    this.#score = new RowScore(shape, this.#experts, votes, this.#scoresOnly);
    this.#novelty = new Novelty(shape, block);
    this.#seeds = new SeedRows(capacities.seeds, dimension);
  }

  get observationsSeen(): number {
    return this.#observations + this.#grid.held;
  }

  get warmupPeriod(): number {
    return this.#shape.config.warmupPeriod;
  }

  get bytes(): number {
    const references = this.#block
      .allReferences()
      .reduce((sum, reference) => sum + reference.bytes, 0);
    const warmingUp = (this.#seeds?.bytes ?? 0) + this.#grid.bytes;
    const overhead = ecodOverheadBytes(this.#shape.dimension);
    return references + this.#experts.bytes + this.#novelty.bytes + warmingUp + overhead;
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
    const surprise = this.#number(this.#shape.layout.surprises + input);
    return (this.#score.weights[input] as number) * surprise;
  }

  /** Whether the last value of a feature lies on the high side of its reference. */
  isHigh(input: number): boolean {
    return this.#number(this.#shape.layout.sides + input) === 1;
  }

  observe(inputs: readonly Float64Array[], row: number, out: ScoreColumns): void {
    this.#block.memory.kernel.touch(this.#block.address, this.#block.needed);
    this.#take(inputs, row);
    this.#score.clear();
    if (this.observationsSeen >= this.#shape.config.warmupPeriod) this.#step(out, row);
    else {
      this.#warmUp();
      this.#forget();
      markUnscored(out, row);
    }
  }

  boundary(p: number): number {
    return this.#experts.boundary(p);
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    const { columns } = this.#shape.config;
    const explained = {
      contribution: (input: number) => this.contribution(input),
      isHigh: (input: number) => this.isHigh(input),
      bonuses: this.#novelty.bonuses(),
      passedOver: (input: number) => this.#passedOver(input),
      decimal: (input: number, value: number) => this.#grid.decimal(input, value),
      decided: (input: number) => columns[input] === this.column,
      threshold: this.#threshold,
    };
    return explainRow(explained, this.#block.allReferences(), inputs, row);
  }

  /** Copies the novelty memories, and summaries: some microseconds. */
  copyForScoring(): Ecod {
    const twin = new Ecod(this.#shape.config, this.#shape.dimension, undefined, this);
    if (!twin.#scoresOnly) return loaded(twin, this);
    twin.#observations = this.observationsSeen;
    twin.#strikes = this.#strikes;
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
          const block = this.#lendsRoom ? emptyBlock(this.#block, this.#shape) : this.#block;
          for (const reference of block.allReferences()) reference.save(writer);
        },
        load: (reader) => {
          for (const reference of this.#block.allReferences()) reference.load(reader);
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

  /** Whether rows that are held back are where its histories will be. */
  get #lendsRoom(): boolean {
    return this.#grid.isOpen && this.#shape.config.reference === "compact";
  }

  /** Experts without scores to save and load in place of its own while these have no room; null: they have. */
  #emptyExperts(): Experts | null {
    if (!this.#lendsRoom) return null;
    return new Experts(emptyBlock(this.#block, this.#shape), this.#shape);
  }

  /** Number of readings in a row that were not learned, with a fraction. */
  get #strikes(): number {
    return this.#number(this.#shape.layout.strikes);
  }

  set #strikes(strikes: number) {
    this.#block.memory.numbers[this.#block.address / 8 + this.#shape.layout.strikes] = strikes;
  }

  /** A number of its block. */
  #number(offset: number): number {
    return this.#block.memory.numbers[this.#block.address / 8 + offset] as number;
  }

  /** Copies the row; values that are not finite are missing. */
  #take(inputs: readonly Float64Array[], row: number): void {
    const x = this.#shape.row;
    for (let j = 0; j < x.length; j++) {
      const value = (inputs[j] as Float64Array)[row] as number;
      x[j] = value - value === 0 ? value : Number.NaN;
    }
  }

  /** Rounds the row and gives it to the novelty memories. @returns Whether it has a value. */
  #enter(): boolean {
    const x = this.#shape.row;
    this.#grid.round(x);
    const { numbers } = this.#block.memory;
    const at = this.#block.address / 8;
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

  /** Computes surprise and side of every feature with a value and enough reference values. @returns Their number. */
  #vote(): number {
    const { config, dimension } = this.#shape;
    const { references, stride, address } = this.#block;
    return this.#votes(
      references,
      stride,
      address,
      dimension,
      config.minReference,
      config.extension,
    );
  }

  /** Removes the votes of all features. */
  #forget(): void {
    const { layout, dimension } = this.#shape;
    const at = this.#block.address / 8 + layout.surprises;
    this.#block.memory.numbers.fill(Number.NaN, at, at + dimension);
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
      const held = this.#grid.hold(this.#shape.row);
      if (held !== null) this.#warmUpWith(held);
    } else this.#warmUpStep();
  }

  /** @param held Rows that were held back, row by row. */
  #warmUpWith(held: Float64Array): void {
    const { config, dimension, row } = this.#shape;
    if (config.reference === "compact") this.#block.clearHistories();
    for (let at = 0; at < held.length; at += dimension) {
      row.set(held.subarray(at, at + dimension));
      this.#warmUpStep();
    }
  }

  #warmUpStep(): void {
    const { config, capacities, layout } = this.#shape;
    const votes = this.#enter() ? this.#vote() : 0;
    // earlier rows do not seed the experts
    if (votes > 0 && this.#observations > config.warmupPeriod - capacities.seeds) {
      const { memory, address } = this.#block;
      this.#seeds?.add(memory.numbers, address / 8 + layout.surprises);
    }
    this.#learn();
    if (this.#observations < config.warmupPeriod) return;
    if (this.#seeds !== null) this.#score.seed(this.#seeds);
    this.#seeds = null;
  }

  /** Rank of the reference value that an explanation skips: that of the row, or the one that it would replace. */
  #passedOver(input: number): number {
    if (this.#learnedAt !== this.#observations) return Number.POSITIVE_INFINITY;
    const reference = this.#block.reference(input);
    if (this.#scoresOnly) return reference.rankOfLeaving();
    const { memory, address } = this.#block;
    return Math.floor(
      reference.length - reference.countAtLeast(memory.numbers, address / 8 + input),
    );
  }

  #writeScores(out: ScoreColumns, row: number): void {
    const { contamination, frozen } = this.#shape.config;
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
    const { patience } = this.#shape.config;
    const { lnP } = this.#score;
    const strikes = this.#strikes;
    const isLikely = lnP > this.#shape.lnGate;
    const isOut = strikes >= patience;
    const more = isOut ? strikes : strikes + 1;
    this.#strikes = isLikely ? Math.max(0, strikes - STRIKE_DECAY) : more;
    return isLikely || isOut;
  }

  #learn(): void {
    const { frozen, warmupPeriod } = this.#shape.config;
    if (frozen && this.#observations > warmupPeriod) return;
    this.#learned += 1;
    this.#learnedAt = this.#observations;
    if (this.#scoresOnly) return;
    const { references, stride, address } = this.#block;
    this.#learns(references, stride, address, this.#shape.dimension);
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
    writer.f64(this.#strikes);
    writer.f64(this.#learned);
    this.#grid.save(writer);
    this.#seeds?.save(writer);
    this.#score.save(writer, this.#emptyExperts());
    this.#novelty.save(writer);
  }

  #loadModel(reader: StateReader): void {
    this.#observations = reader.f64();
    this.#strikes = reader.f64();
    this.#learned = reader.f64();
    this.#grid.load(reader);
    if (this.#observations >= this.#shape.config.warmupPeriod) this.#seeds = null;
    this.#seeds?.load(reader);
    this.#score.load(reader, this.#emptyExperts());
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
