import type { StateReader, StateWriter } from "../../../state-codec.ts";
import type { ScoreColumns } from "../../detector.ts";
import type { Cells } from "../cells.ts";
import type { Novelty } from "../novelty/novelty.ts";
import type { Shape } from "../shape.ts";
import type { SeedRows } from "../warm-up/seed-rows.ts";
import { MOST, SUM } from "./column-sums.ts";
import { type Experts, LN_P, RAW_SCORE } from "./experts.ts";
import { ScoreMedian } from "./score-median.ts";

/** The sums of the row at hand without and with novelty, and what the experts say of them. */
const total = new Float64Array(2);
const verdict = new Float64Array(2);
const novelTotal = new Float64Array(2);
const novelVerdict = new Float64Array(2);

/**
 * Turns the votes of a row into its score: weighs and adds them up, smooths the sums, and asks the experts how rare
 * they are.
 */
export class RowScore {
  /** Weights of the features; all 1 before {@link seed} and without `weightPower`. */
  readonly weights: Float64Array;
  readonly #experts: Experts;
  /** Whether the experts belong to another detector and must not change. */
  readonly #scoresOnly: boolean;
  readonly #shape: Shape;
  /** Surprises of the last row; NaN: no vote. */
  readonly #votes: Cells;
  /** Medians of the sums: of all features and of the column; null: the newest sums count. */
  readonly #medians: readonly [all: ScoreMedian, column: ScoreMedian] | null;
  #column = -1;

  /** @param votes Surprises of each row; NaN: no vote. */
  constructor(shape: Shape, experts: Experts, votes: Cells, scoresOnly: boolean) {
    const { smoothing, weightPower } = shape.config;
    this.#shape = shape;
    this.#votes = votes;
    this.#experts = experts;
    this.#scoresOnly = scoresOnly;
    this.weights = weightPower > 0 ? shape.ones.slice() : shape.ones;
    this.#medians = smoothing > 0 ? [new ScoreMedian(smoothing), new ScoreMedian(smoothing)] : null;
  }

  /** ln p of the row at hand without its novelty, after {@link write}: learning depends on it. */
  get lnP(): number {
    return verdict[LN_P] as number;
  }

  /** Column that decided about the last row, if the column expert did; -1: none. Not saved. */
  get column(): number {
    return this.#column;
  }

  /** Sets the weights, then seeds the experts with the rows of the warm-up. */
  seed(seeds: SeedRows): void {
    const { weightPower } = this.#shape.config;
    if (weightPower > 0 && seeds.count > 0) seeds.weigh(this.weights, weightPower);
    for (let i = 0; i < seeds.count; i++) {
      this.#votes.memory.numbers.set(seeds.row(i), this.#votes.at);
      this.#sum();
      this.#experts.push(total, true);
    }
  }

  /** Writes raw score and p of a row that has votes. @param rows Observations before it. */
  write(novelty: Novelty, rows: number, out: ScoreColumns, row: number): void {
    const column = this.#sum();
    const byColumn = this.#experts.judge(total, verdict);
    if (novelty.bonus > 0) {
      this.#writeNovel(novelty, rows, out, row);
      return;
    }
    this.#column = byColumn ? column : -1;
    out.rawScore[row] = verdict[RAW_SCORE] as number;
    out.p[row] = Math.exp(verdict[LN_P] as number);
  }

  /** Learns the sums of the row at hand, without its novelty, after {@link write}. */
  learn(): void {
    if (!this.#scoresOnly) this.#experts.push(total, false);
  }

  /** Forgets which column decided. */
  clear(): void {
    this.#column = -1;
  }

  /** Continues with the weights and sums of another. */
  follow(other: RowScore): void {
    if (this.weights !== other.weights) this.weights.set(other.weights);
    if (this.#medians === null || other.#medians === null) return;
    this.#medians[0].follow(other.#medians[0]);
    this.#medians[1].follow(other.#medians[1]);
  }

  /** @param experts To save instead of its own; null: its own. */
  save(writer: StateWriter, experts: Experts | null): void {
    writer.f64s(this.weights);
    (experts ?? this.#experts).save(writer);
    for (const median of this.#medians ?? []) median.save(writer);
  }

  /** @param experts To load instead of its own; null: its own. */
  load(reader: StateReader, experts: Experts | null): void {
    // weights that detectors share do not change
    const { ones } = this.#shape;
    reader.f64s(this.weights === ones ? ones.slice() : this.weights);
    (experts ?? this.#experts).load(reader);
    for (const median of this.#medians ?? []) median.load(reader);
  }

  /** Adds up the votes without novelty. @returns The most surprising column. */
  #sum(): number {
    const column = this.#add(null, total);
    if (this.#medians === null) return column;
    total[SUM] = this.#medians[0].push(total[SUM] as number);
    total[MOST] = this.#medians[1].push(total[MOST] as number);
    return column;
  }

  #add(extra: Cells | null, out: Float64Array): number {
    const { memory, at } = this.#votes;
    return this.#shape.sums.add(memory.numbers, at, this.weights, extra, out);
  }

  /** Adds novelty to what is reported, not to what is learned. */
  #writeNovel(novelty: Novelty, rows: number, out: ScoreColumns, row: number): void {
    const column = this.#add(novelty.extra, novelTotal);
    novelTotal[SUM] = (total[SUM] as number) + novelty.bonus;
    this.#column = this.#experts.judge(novelTotal, novelVerdict) ? column : -1;
    const rare = this.lnP + Math.log(novelty.rate(rows));
    out.rawScore[row] = novelVerdict[RAW_SCORE] as number;
    out.p[row] = Math.exp(Math.min(this.lnP, Math.max(novelVerdict[LN_P] as number, rare)));
  }
}
