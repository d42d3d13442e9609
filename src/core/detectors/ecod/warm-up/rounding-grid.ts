import type { StateReader, StateWriter } from "../../../state-codec.ts";
import type { Cells } from "../cells.ts";
import { heldRows } from "../config.ts";
import { HeldRows, type Room } from "./held-rows.ts";

const BITS = 40;
const MAX_DIGITS = 100; // of `toFixed`
const WHOLE = 2 ** 52; // from here on doubles have no fractions

/**
 * Rounds values to a grid 2^40 times finer than the magnitude of their column, so that the rounding errors of features
 * do not decide about ties: a recording in integers and the same in decimals give the same anomalies.
 *
 * Holds the first rows back until it knows the magnitudes. See `docs/detector-spec.md`, section 8.
 */
export class RoundingGrid {
  readonly #columns: readonly number[];
  readonly #rawFeatures: readonly number[];
  readonly #rows: number;
  /** Step of each feature; 0: it is not rounded. */
  readonly #steps: Cells;
  readonly #held: HeldRows;
  #isOpen = true;

  /**
   * @param columns Column of each feature.
   * @param rawFeatures Features that are the values of their column.
   * @param warmupPeriod Observations of the detector's warm-up.
   * @param steps A zero for each feature.
   * @param room Numbers that are free until the grid is chosen.
   */
  constructor(
    columns: readonly number[],
    rawFeatures: readonly number[],
    warmupPeriod: number,
    steps: Cells,
    room: Room,
  ) {
    this.#columns = columns;
    this.#rawFeatures = rawFeatures;
    this.#rows = heldRows(warmupPeriod);
    this.#steps = steps;
    this.#held = new HeldRows(columns.length, this.#rows, room);
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#held.bytes;
  }

  /** Number of rows held back now. */
  get held(): number {
    return this.#held.count;
  }

  /** Whether rows are still held back. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Holds a row back. With the last one the grid is chosen.
   *
   * @returns All rows held back, row by row, once the grid is chosen; else null. The room is free then.
   */
  hold(row: Float64Array): Float64Array | null {
    if (!this.#isOpen) throw new RangeError("The grid is chosen");
    this.#held.add(row);
    if (this.#held.count < this.#rows) return null;
    const rows = this.#held.take();
    this.#isOpen = false;
    this.#choose(rows);
    return rows;
  }

  /** Rounds a row in place; NaN stays. */
  round(row: Float64Array): void {
    const { at } = this.#steps;
    const { numbers } = this.#steps.memory;
    for (let j = 0; j < row.length; j++) {
      const step = numbers[at + j] as number;
      const units = (row[j] as number) / step;
      // adding 2^52 rounds half to even; false for NaN and without a step
      if (Math.abs(units) < WHOLE) {
        const whole = units < 0 ? units - WHOLE + WHOLE : units + WHOLE - WHOLE;
        row[j] = whole * step + 0;
      }
    }
  }

  /** The shortest decimal number that a value of feature `j` stands for: 21.57 for 21.569999999999254. */
  decimal(j: number, value: number): number {
    const digits = Math.floor(-Math.log10(this.#step(j)));
    return digits >= 0 && digits <= MAX_DIGITS ? Number(value.toFixed(digits)) + 0 : value;
  }

  /** Copies the grid of another, which is chosen or not; without its rows. */
  follow(other: RoundingGrid): void {
    for (const j of this.#columns.keys()) this.#setStep(j, other.#step(j));
    this.#isOpen = other.#isOpen;
  }

  save(writer: StateWriter): void {
    writer.bool(this.#isOpen);
    if (this.#isOpen) this.#held.save(writer);
    else for (const j of this.#columns.keys()) writer.f64(this.#step(j));
  }

  /** @throws {RangeError} If there are more saved rows than it holds back. */
  load(reader: StateReader): void {
    this.#isOpen = reader.bool();
    if (this.#isOpen) this.#held.load(reader);
    else for (const j of this.#columns.keys()) this.#setStep(j, reader.f64());
  }

  #choose(rows: Float64Array): void {
    const steps = new Map<number, number>();
    for (const [j, column] of this.#columns.entries()) {
      const step = steps.get(column) ?? stepOf(this.#sizes(rows, column));
      steps.set(column, step);
      this.#setStep(j, step);
    }
  }

  /** Magnitudes of a column, those of its raw feature, else of all its features; without zeros and missing values. */
  #sizes(rows: Float64Array, column: number): Float64Array {
    const d = this.#columns.length;
    const isOwn = (j: number) => this.#columns[j] === column;
    const raw = this.#rawFeatures.filter(isOwn);
    const measured = new Set(raw.length > 0 ? raw : [...this.#columns.keys()].filter(isOwn));
    return rows
      .filter((_, i) => measured.has(i % d))
      .map(Math.abs)
      .filter((size) => size > 0);
  }

  #step(j: number): number {
    return this.#steps.memory.numbers[this.#steps.at + j] as number;
  }

  #setStep(j: number, step: number): void {
    this.#steps.memory.numbers[this.#steps.at + j] = step;
  }
}

/** Step for values of these magnitudes, the largest tenth of which may be garbage; 0: there is none. */
function stepOf(sizes: Float64Array): number {
  const sorted = sizes.sort();
  const size = sorted[sorted.length - 1 - Math.floor(sorted.length / 10)];
  return size === undefined ? 0 : 2 ** (exponentOf(size) - BITS);
}

/** floor(log2 x) for x > 0. `Math.log2` may be off by one near powers of two. */
function exponentOf(x: number): number {
  let exponent = Math.floor(Math.log2(x));
  while (2 ** exponent > x) exponent -= 1;
  while (2 ** (exponent + 1) <= x) exponent += 1;
  return exponent;
}
