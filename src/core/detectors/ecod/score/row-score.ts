import type { WindowMemory } from "../../../sorted-window/window-memory.ts";
import type { StateReader, StateWriter } from "../../../state-codec.ts";
import type { ScoreColumns } from "../../detector.ts";
import type { EcodConfig } from "../config.ts";
import type { Novelty } from "../novelty/novelty.ts";
import type { SeedRows } from "../warm-up/seed-rows.ts";
import { ColumnSums, MOST, SUM } from "./column-sums.ts";
import { type Experts, LN_P, RAW_SCORE } from "./experts.ts";
import { ScoreMedian } from "./score-median.ts";

/** Where the surprises of each row are: in the numbers of a memory from index `at`, NaN: no vote. */
export interface Votes {
  readonly memory: WindowMemory;
  readonly at: number;
}

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
  readonly #config: EcodConfig;
  readonly #votes: Votes;
  readonly #sums: ColumnSums;
  /** Medians of the sums: of all features and of the column; null: the newest sums count. */
  readonly #medians: readonly [all: ScoreMedian, column: ScoreMedian] | null;
  readonly #none: Float64Array;
  /** The sums of the last row without and with novelty, and what the experts say of them. */
  readonly #total = new Float64Array(2);
  readonly #verdict = new Float64Array(2);
  readonly #novelTotal = new Float64Array(2);
  readonly #novelVerdict = new Float64Array(2);
  #column = -1;

  constructor(config: EcodConfig, experts: Experts, votes: Votes, scoresOnly: boolean) {
    const { columns, smoothing } = config;
    this.#config = config;
    this.#votes = votes;
    this.#experts = experts;
    this.#scoresOnly = scoresOnly;
    this.weights = new Float64Array(columns.length).fill(1);
    this.#sums = new ColumnSums(columns);
    this.#medians = smoothing > 0 ? [new ScoreMedian(smoothing), new ScoreMedian(smoothing)] : null;
    this.#none = new Float64Array(this.#sums.columns);
  }

  /** ln p of the last row without its novelty: learning depends on it. */
  get lnP(): number {
    return this.#verdict[LN_P] as number;
  }

  /** Column that decided about the last row, if the column expert did; -1: none. Not saved. */
  get column(): number {
    return this.#column;
  }

  /** Sets the weights, then seeds the experts with the rows of the warm-up. */
  seed(seeds: SeedRows): void {
    const { weightPower } = this.#config;
    if (weightPower > 0 && seeds.count > 0) seeds.weigh(this.weights, weightPower);
    for (let i = 0; i < seeds.count; i++) {
      this.#votes.memory.numbers.set(seeds.row(i), this.#votes.at);
      this.#sum();
      this.#experts.push(this.#total, true);
    }
  }

  /** Writes raw score and p of a row that has votes. @param rows Observations before it. */
  write(novelty: Novelty, rows: number, out: ScoreColumns, row: number): void {
    const verdict = this.#verdict;
    const column = this.#sum();
    const byColumn = this.#experts.judge(this.#total, verdict);
    if (novelty.bonus > 0) {
      this.#writeNovel(novelty, rows, out, row);
      return;
    }
    this.#column = byColumn ? column : -1;
    out.rawScore[row] = verdict[RAW_SCORE] as number;
    out.p[row] = Math.exp(verdict[LN_P] as number);
  }

  /** Learns the sums of the last row, without its novelty. */
  learn(): void {
    if (!this.#scoresOnly) this.#experts.push(this.#total, false);
  }

  /** Forgets which column decided. */
  clear(): void {
    this.#column = -1;
  }

  /** Continues with the weights and sums of another. */
  follow(other: RowScore): void {
    this.weights.set(other.weights);
    if (this.#medians === null || other.#medians === null) return;
    this.#medians[0].follow(other.#medians[0]);
    this.#medians[1].follow(other.#medians[1]);
  }

  save(writer: StateWriter): void {
    writer.f64s(this.weights);
    this.#experts.save(writer);
    for (const median of this.#medians ?? []) median.save(writer);
  }

  load(reader: StateReader): void {
    reader.f64s(this.weights);
    this.#experts.load(reader);
    for (const median of this.#medians ?? []) median.load(reader);
  }

  /** Adds up the votes without novelty. @returns The most surprising column. */
  #sum(): number {
    const total = this.#total;
    const column = this.#add(this.#none, total);
    if (this.#medians === null) return column;
    total[SUM] = this.#medians[0].push(total[SUM] as number);
    total[MOST] = this.#medians[1].push(total[MOST] as number);
    return column;
  }

  #add(extra: Float64Array, out: Float64Array): number {
    const { memory, at } = this.#votes;
    return this.#sums.add(memory.numbers, at, this.weights, extra, out);
  }

  /** Adds novelty to what is reported, not to what is learned. */
  #writeNovel(novelty: Novelty, rows: number, out: ScoreColumns, row: number): void {
    const total = this.#novelTotal;
    const verdict = this.#novelVerdict;
    const column = this.#add(novelty.extra, total);
    total[SUM] = (this.#total[SUM] as number) + novelty.bonus;
    this.#column = this.#experts.judge(total, verdict) ? column : -1;
    const rare = this.lnP + Math.log(novelty.rate(rows));
    out.rawScore[row] = verdict[RAW_SCORE] as number;
    out.p[row] = Math.exp(Math.min(this.lnP, Math.max(verdict[LN_P] as number, rare)));
  }
}
