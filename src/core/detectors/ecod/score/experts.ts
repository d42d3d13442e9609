import type { StateReader, StateWriter } from "../../../state-codec.ts";
import type { Block } from "../block.ts";
import type { Shape } from "../shape.ts";
import { Calibrator, type ScoreParts } from "./calibrator.ts";
import { MOST, SUM } from "./column-sums.ts";

const ONE_COLUMN: ScoreParts = { columns: 1, scale: 1 };
/** Share of the false alarms that the column expert may cause, and its log and that of the rest. */
const SHARE = 0.1;
const LN_SHARE = Math.log(SHARE);
const LN_REST = Math.log(1 - SHARE);
/** Of the row at hand. */
const work = new Float64Array(3);
/** Indices of what {@link Experts.judge} writes. */
export const LN_P = 0;
export const RAW_SCORE = 1;

/**
 * Judges a row by the sum of all features and, if there are several columns, also by its most surprising column. The
 * rarer of both counts, so that one column that fails is found among many. See `docs/detector-spec.md`, section 4.
 */
export class Experts {
  readonly #joint: Calibrator;
  /** Null: there is one column. */
  readonly #column: Calibrator | null;
  /** @param block With empty histories. */
  constructor(block: Block, { layout, capacities, dimension, sums }: Shape) {
    const { columns } = sums;
    const { calibration } = capacities;
    const parts = [{ columns, scale: Math.sqrt(dimension / columns) }, ONE_COLUMN] as const;
    const [joint, column = null] = block
      .scores()
      .map(
        (history, i) =>
          new Calibrator(
            history,
            block.cells(layout.moments[i] as number),
            calibration,
            parts[i] as ScoreParts,
          ),
      );
    this.#joint = joint as Calibrator;
    this.#column = column;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#joint.bytes + (this.#column?.bytes ?? 0);
  }

  /** Learns the sums of a row. @param seeding Whether it is one of the warm-up. */
  push(sums: Float64Array, seeding: boolean): void {
    this.#joint.push(sums, SUM, seeding);
    this.#column?.push(sums, MOST, seeding);
  }

  /**
   * Writes ln p and the raw score of the sums of a row to `out`.
   *
   * @returns Whether the column expert decided.
   */
  judge(sums: Float64Array, out: Float64Array): boolean {
    out[RAW_SCORE] = sums[SUM] as number;
    this.#joint.logTail(sums, SUM, out, LN_P);
    if (this.#column === null) return false;
    this.#column.logTail(sums, MOST, work, 0);
    const bySum = (out[LN_P] as number) - LN_REST;
    const byColumn = (work[0] as number) - LN_SHARE;
    const decides = byColumn < bySum;
    out[LN_P] = Math.min(0, bySum, byColumn);
    if (!decides) return false;
    // the score of the sum that would be as rare, so that rows of both experts are ranked alike
    work[1] = byColumn + LN_REST;
    this.#joint.scoreAt(work, 1, work, 2);
    out[RAW_SCORE] = Math.max(sums[SUM] as number, work[2] as number);
    return true;
  }

  /** Raw score above which rows have at most the tail probability `p`; Infinity if the history is too short. */
  boundary(p: number): number {
    return this.#joint.boundary(this.#column === null ? p : p * (1 - SHARE));
  }

  save(writer: StateWriter): void {
    this.#joint.save(writer);
    this.#column?.save(writer);
  }

  load(reader: StateReader): void {
    this.#joint.load(reader);
    this.#column?.load(reader);
  }
}

/**
 * Maps tail probabilities, `from` to `to` of `ps`, to [0, 1]: 0.5 exactly at `p === contamination`, 0.85 where
 * p is 0.3 of it, 0.95 where it is a tenth.
 */
export function anomalyScores(
  ps: Float64Array,
  from: number,
  to: number,
  contamination: number,
  out: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const p = ps[i] as number;
    out[i] =
      p <= contamination ? 1 - (0.5 * p) / contamination : (0.5 * (1 - p)) / (1 - contamination);
  }
}
