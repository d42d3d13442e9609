import { type ScoreColumns, UNSCORED } from "../../../core/detectors/detector.ts";
import type { RingColumn, RowHistory } from "./row-history.ts";

/** Verdict of a detector on one observation. NaN: the detector has no such number. */
export interface Verdict {
  readonly rawScore: number;
  readonly p: number;
  readonly anomalyScore: number;
  /** 1, 0, or `UNSCORED`. */
  readonly isAnomaly: number;
}

/** The verdict at one row of score columns. */
export function verdictAt(scores: ScoreColumns, row: number): Verdict {
  return {
    rawScore: scores.rawScore[row] as number,
    p: scores.p[row] as number,
    anomalyScore: scores.anomalyScore[row] as number,
    isAnomaly: scores.isAnomaly[row] as number,
  };
}

/** The verdicts of a detector on the rows of a history. */
export class VerdictColumns {
  readonly #history: RowHistory;
  readonly #rawScore: RingColumn;
  readonly #p: RingColumn;
  readonly #anomalyScore: RingColumn;
  readonly #isAnomaly: RingColumn;

  constructor(history: RowHistory) {
    this.#history = history;
    this.#rawScore = history.addColumn();
    this.#p = history.addColumn();
    this.#anomalyScore = history.addColumn();
    this.#isAnomaly = history.addColumn();
  }

  /** Its columns, always in the same order. */
  get columns(): readonly RingColumn[] {
    return [this.#rawScore, this.#p, this.#anomalyScore, this.#isAnomaly];
  }

  /** Writes the verdicts on rows from `row` on. */
  write(row: number, scores: ScoreColumns, count: number): void {
    const history = this.#history;
    history.write(this.#rawScore, row, scores.rawScore, count);
    history.write(this.#p, row, scores.p, count);
    history.write(this.#anomalyScore, row, scores.anomalyScore, count);
    history.write(this.#isAnomaly, row, scores.isAnomaly, count);
  }

  at(row: number): Verdict {
    const history = this.#history;
    return {
      rawScore: history.at(this.#rawScore, row),
      p: history.at(this.#p, row),
      anomalyScore: history.at(this.#anomalyScore, row),
      isAnomaly: history.at(this.#isAnomaly, row),
    };
  }

  isScored(row: number): boolean {
    return this.#history.at(this.#isAnomaly, row) !== UNSCORED;
  }

  remove(): void {
    for (const column of this.columns) this.#history.removeColumn(column);
  }
}
