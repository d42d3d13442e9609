import { SortedWindow } from "../../sorted-window/sorted-window.ts";
import { WindowMemories, type WindowMemory } from "../../sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../state-codec.ts";
import {
  type Detector,
  type Explanation,
  markUnscored,
  type ScoreColumns,
  type StatePart,
} from "../detector.ts";
import { ecodValues } from "./bytes.ts";
import { anomalyScores, Calibrator } from "./calibrator.ts";
import { capacities, type EcodConfig } from "./config.ts";
import { explainRow } from "./explain.ts";
import { Novelty } from "./novelty/novelty.ts";
import { ScoreMedian } from "./score-median.ts";
import { NEUTRAL_SURPRISE, SeedRows } from "./seed-rows.ts";

const STRIKE_DECAY = 1 / 64; // exact in binary

/**
 * Streaming ECOD for one key. Ranks each feature in the tails of its recent values, sums the surprises,
 * and converts the sum to a tail probability with the history of its scores.
 *
 * Does not learn very unlikely rows for a while, so that an incident does not become normal. Raw columns
 * also remember every region that they have visited.
 *
 * Cost per row and feature: two binary searches and one sorted replacement. No allocation once the
 * windows are full. Source: Z. Li et al., "ECOD", IEEE TKDE 35 (2023), arXiv:2201.00382; for a stream, as
 * `docs/detector.md` describes.
 */
export class Ecod implements Detector {
  readonly #config: EcodConfig;
  readonly #memory: WindowMemory;
  readonly #references: readonly SortedWindow[];
  /** Addresses of the references, a list in their memory. */
  readonly #windows: number;
  readonly #calibrator: Calibrator;
  /** Whether references and calibrator belong to another detector and must not change. */
  readonly #scoresOnly: boolean;
  readonly #median: ScoreMedian | null;
  readonly #novelty: Novelty;
  /** Warm-up rows up to here do not seed the calibrator. */
  readonly #seedStart: number;
  /** Weights of the features; all 1 before the end of the warm-up and without `weightPower`. */
  readonly #weights: Float64Array;
  /** The last row. */
  readonly #x: Float64Array;
  /** Its address in memory: values, surprises (NaN: no vote) and sides (1: high). */
  readonly #row: number;
  /** Its score without the novelty bonus, and the tail probability of that; an array, so that V8 does not box them. */
  readonly #score = new Float64Array(2);
  /** Null once the warm-up is over. */
  #seeds: SeedRows | null;
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
   * @param lender Detector whose references and calibrator this one uses for scoring without learning.
   * @throws {RangeError} If `contamination` or a window is out of range, or the windows are too large.
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
    this.#config = config;
    const { reference, calibration, seeds } = capacities(config);
    if (lender === null) {
      const memory = memories.withRoom(dimension + 1, ecodValues(config, dimension));
      this.#memory = memory;
      this.#references = Array.from(
        { length: dimension },
        () => new SortedWindow(memory, reference),
      );
      this.#windows = memory.createList(this.#references.map(({ address }) => address));
      this.#calibrator = new Calibrator(memory, calibration);
      this.#row = memory.createRow(dimension);
    } else {
      this.#memory = lender.#memory;
      this.#references = lender.#references;
      this.#windows = lender.#windows;
      this.#calibrator = lender.#calibrator;
      this.#row = this.#memory.spareRow(dimension);
    }
    this.#scoresOnly = lender !== null;
    this.#median = config.smoothing > 0 ? new ScoreMedian(config.smoothing) : null;
    this.#novelty = new Novelty(config.frozen ? [] : config.noveltyFeatures, config.warmupPeriod);
    this.#seedStart = config.warmupPeriod - seeds;
    this.#weights = new Float64Array(dimension).fill(1);
    this.#x = new Float64Array(dimension);
    this.#seeds = new SeedRows(seeds, dimension);
  }

  get observationsSeen(): number {
    return this.#observations;
  }

  get warmupPeriod(): number {
    return this.#config.warmupPeriod;
  }

  get bytes(): number {
    const references = this.#references.reduce((sum, reference) => sum + reference.bytes, 0);
    const seeds = this.#seeds?.bytes ?? 0;
    return references + this.#calibrator.bytes + this.#novelty.bytes + seeds;
  }

  /** Nats that novelty added to the last row's raw score. */
  get novelty(): number {
    return this.#novelty.bonus;
  }

  /** Weighted surprise of a feature in the last row, nats; NaN when it did not vote. */
  contribution(input: number): number {
    return (this.#weights[input] as number) * (this.#memory.numbers[this.#u + input] as number);
  }

  /** Whether the last value of a feature lies on the high side of its reference. */
  isHigh(input: number): boolean {
    return this.#memory.numbers[this.#u + this.#x.length + input] === 1;
  }

  observe(inputs: readonly Float64Array[], row: number, out: ScoreColumns): void {
    const anyValue = this.#take(inputs, row);
    const before = this.#observations;
    this.#observations += 1;
    this.#novelty.observe(this.#x, before);
    const warmup = this.#config.warmupPeriod;
    const votes = anyValue ? this.#vote() : this.#abstain();
    if (before < warmup) {
      this.#warmUp(votes);
      markUnscored(out, row);
    } else if (!anyValue) {
      markUnscored(out, row);
    } else if (votes === 0) {
      this.#learn();
      this.#writeNeutral(out, row);
    } else {
      this.#writeScores(out, row, before);
    }
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    const explained = {
      contribution: (input: number) => this.contribution(input),
      isHigh: (input: number) => this.isHigh(input),
      bonuses: this.#novelty.bonuses(),
      passedOver: (input: number) => this.#passedOver(input),
      threshold: this.#threshold,
    };
    return explainRow(explained, this.#references, inputs, row);
  }

  /** Copies the novelty memories: some microseconds. */
  copyForScoring(): Ecod {
    const twin = new Ecod(this.#config, this.#x.length, undefined, this);
    twin.#observations = this.#observations;
    twin.#strikes.set(this.#strikes);
    twin.#seeds = null;
    twin.#weights.set(this.#weights);
    const writer = new StateWriter();
    this.#median?.save(writer);
    this.#novelty.save(writer);
    const reader = new StateReader(writer.finish());
    twin.#median?.load(reader);
    twin.#novelty.load(reader);
    return twin;
  }

  parts(): readonly StatePart[] {
    return [
      {
        name: "reference",
        version: this.#learned,
        save: (writer) => {
          for (const reference of this.#references) reference.save(writer);
        },
        load: (reader) => {
          for (const reference of this.#references) reference.load(reader);
        },
      },
      {
        name: "model",
        version: this.#observations,
        save: (writer) => this.#saveModel(writer),
        load: (reader) => this.#loadModel(reader),
      },
    ];
  }

  /** Copies the row; values that are not finite are missing. */
  #take(inputs: readonly Float64Array[], row: number): boolean {
    const x = this.#x;
    const { numbers } = this.#memory;
    const at = this.#row / 8;
    let any = false;
    for (let j = 0; j < x.length; j++) {
      const value = (inputs[j] as Float64Array)[row] as number;
      const finite = value - value === 0;
      const known = finite ? value : Number.NaN;
      x[j] = known;
      numbers[at + j] = known;
      any ||= finite;
    }
    return any;
  }

  /** Index of the surprises in memory. */
  get #u(): number {
    return this.#row / 8 + this.#x.length;
  }

  /** Computes surprise and side of every feature with a value and enough reference values. @returns Their number. */
  #vote(): number {
    const { minReference, extension } = this.#config;
    const { kernel } = this.#memory;
    return kernel.vote(this.#windows, this.#row, this.#x.length, minReference, extension);
  }

  #abstain(): number {
    this.#forget();
    return 0;
  }

  /** Removes the votes of all features. */
  #forget(): void {
    this.#memory.numbers.fill(Number.NaN, this.#u, this.#u + this.#x.length);
  }

  #warmUp(votes: number): void {
    const { warmupPeriod } = this.#config;
    if (votes > 0 && this.#observations > this.#seedStart)
      this.#seeds?.add(this.#memory.numbers, this.#u);
    this.#learn();
    if (this.#observations === warmupPeriod) this.#endWarmUp();
  }

  /** Sets the weights, then seeds the calibrator. */
  #endWarmUp(): void {
    if (this.#seeds !== null) this.#seed(this.#seeds);
    this.#forget();
    this.#seeds = null;
  }

  #seed(seeds: SeedRows): void {
    const { weightPower } = this.#config;
    if (weightPower > 0 && seeds.count > 0) seeds.weigh(this.#weights, weightPower);
    for (let i = 0; i < seeds.count; i++) {
      this.#memory.numbers.set(seeds.row(i), this.#u);
      this.#sum();
      this.#calibrator.push(this.#score, 0, true);
    }
  }

  /** Rank of the reference value that an explanation skips: that of the row, or the one that it would replace. */
  #passedOver(input: number): number {
    if (this.#learnedAt !== this.#observations) return Number.POSITIVE_INFINITY;
    const reference = this.#references[input] as SortedWindow;
    if (!this.#scoresOnly) return reference.countBelow(this.#x, input);
    const slides = reference.length >= this.#config.window;
    return slides ? reference.rankOfOldest() : Number.POSITIVE_INFINITY;
  }

  /** Writes the row's score to `#score`; a feature without a vote counts as normal. */
  #sum(): void {
    const { numbers } = this.#memory;
    const at = this.#u;
    let total = 0;
    for (let j = 0; j < this.#x.length; j++) {
      const u = numbers[at + j] as number;
      total += (this.#weights[j] as number) * (Number.isNaN(u) ? NEUTRAL_SURPRISE : u);
    }
    this.#score[0] = this.#median === null ? total : this.#median.push(total);
  }

  #writeScores(out: ScoreColumns, row: number, before: number): void {
    const { contamination } = this.#config;
    const score = this.#score;
    this.#sum();
    this.#calibrator.tailProbability(score, 0, score, 1);
    out.rawScore[row] = score[0] as number;
    out.p[row] = score[1] as number;
    if (this.#novelty.bonus > 0) this.#addNovelty(out, row, before);
    anomalyScores(out.p, row, row + 1, contamination, out.anomalyScore);
    const isAnomaly = (out.p[row] as number) <= contamination;
    out.isAnomaly[row] = isAnomaly ? 1 : 0;
    if (isAnomaly) {
      // computed before learning, which moves it; rounding must not put it above the score
      const boundary = this.#calibrator.boundary(contamination);
      this.#threshold = Math.min(boundary, out.rawScore[row] as number);
    }
    if (this.#passesGate() && !this.#config.frozen) {
      if (!this.#scoresOnly) this.#calibrator.push(this.#score, 0, false);
      this.#learn();
    }
  }

  /** Adds the bonus to the reported score, not to the learned one. */
  #addNovelty(out: ScoreColumns, row: number, before: number): void {
    const p = out.p[row] as number;
    out.rawScore[row] = (out.rawScore[row] as number) + this.#novelty.bonus;
    this.#calibrator.tailProbability(out.rawScore, row, out.p, row);
    out.p[row] = Math.min(p, Math.max(out.p[row] as number, this.#novelty.rate(before)));
  }

  /** Whether a row of this tail probability may be learned; updates the patience. */
  #passesGate(): boolean {
    const { gate, patience } = this.#config;
    const p = this.#score[1] as number;
    const strikes = this.#strikes[0] as number;
    const isLikely = p > gate;
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
    this.#memory.kernel.learn(this.#windows, this.#row, this.#x.length);
  }

  /** For a row whose features have no reference yet. */
  #writeNeutral(out: ScoreColumns, row: number): void {
    const weight = this.#weights.reduce((sum, w) => sum + w, 0);
    out.rawScore[row] = weight * NEUTRAL_SURPRISE;
    out.p[row] = 1;
    out.anomalyScore[row] = 0;
    out.isAnomaly[row] = 0;
  }

  #saveModel(writer: StateWriter): void {
    writer.f64(this.#observations);
    writer.f64s(this.#strikes);
    writer.f64(this.#learned);
    writer.f64s(this.#weights);
    this.#seeds?.save(writer);
    this.#calibrator.save(writer);
    this.#median?.save(writer);
    this.#novelty.save(writer);
  }

  #loadModel(reader: StateReader): void {
    this.#observations = reader.f64();
    reader.f64s(this.#strikes);
    this.#learned = reader.f64();
    reader.f64s(this.#weights);
    if (this.#observations >= this.#config.warmupPeriod) this.#seeds = null;
    this.#seeds?.load(reader);
    this.#calibrator.load(reader);
    this.#median?.load(reader);
    this.#novelty.load(reader);
  }
}
