import type { StateReader, StateWriter } from "../../../state-codec.ts";
import { float64Bytes } from "../../../units/object-bytes.ts";
import type { Cells } from "../cells.ts";
import { heldRows } from "../config.ts";
import { withRoom } from "../with-room.ts";

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
  /** The rows held back, row by row, with room for more; null once the grid is chosen. */
  #held: Float64Array<ArrayBuffer> | null;
  #count = 0;

  /**
   * @param columns Column of each feature.
   * @param rawFeatures Features that are the values of their column.
   * @param warmupPeriod Observations of the detector's warm-up.
   * @param steps A zero for each feature.
   */
  constructor(
    columns: readonly number[],
    rawFeatures: readonly number[],
    warmupPeriod: number,
    steps: Cells,
  ) {
    this.#columns = columns;
    this.#rawFeatures = rawFeatures;
    this.#rows = heldRows(warmupPeriod);
    this.#steps = steps;
    this.#held = NO_ROWS;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#held === null ? 0 : float64Bytes(this.#held.length);
  }

  /** Number of rows held back now. */
  get held(): number {
    return this.#count;
  }

  /** Whether rows are still held back. */
  get isOpen(): boolean {
    return this.#held !== null;
  }

  /**
   * Holds a row back. With the last one the grid is chosen.
   *
   * @returns All rows held back, each as a view, once the grid is chosen; else null.
   */
  hold(row: Float64Array): readonly Float64Array[] | null {
    if (this.#held === null) throw new RangeError("The grid is chosen");
    const d = row.length;
    const held = withRoom(this.#held, (this.#count + 1) * d, this.#rows * d);
    this.#held = held;
    held.set(row, this.#count * d);
    this.#count += 1;
    if (this.#count < this.#rows) return null;
    const rows = Array.from({ length: this.#rows }, (_, i) => held.subarray(i * d, (i + 1) * d));
    this.#choose(rows);
    this.#close();
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
    if (other.#held === null) this.#close();
  }

  save(writer: StateWriter): void {
    writer.bool(this.#held !== null);
    if (this.#held === null) for (const j of this.#columns.keys()) writer.f64(this.#step(j));
    else {
      writer.u32(this.#count);
      writer.f64s(this.#held, 0, this.#count * this.#columns.length);
    }
  }

  /** @throws {RangeError} If there are more saved rows than it holds back. */
  load(reader: StateReader): void {
    if (!reader.bool()) {
      for (const j of this.#columns.keys()) this.#setStep(j, reader.f64());
      this.#close();
      return;
    }
    const count = reader.u32();
    if (this.#held === null || count >= this.#rows) {
      throw new RangeError(`Saved ${count} rows do not fit`);
    }
    const values = count * this.#columns.length;
    this.#held = withRoom(this.#held, values, this.#rows * this.#columns.length);
    reader.f64s(this.#held, 0, values);
    this.#count = count;
  }

  #close(): void {
    this.#held = null;
    this.#count = 0;
  }

  #choose(rows: readonly Float64Array[]): void {
    for (const [j, column] of this.#columns.entries()) {
      this.#setStep(j, stepOf(rows, this.#measured(column)));
    }
  }

  #step(j: number): number {
    return this.#steps.memory.numbers[this.#steps.at + j] as number;
  }

  #setStep(j: number, step: number): void {
    this.#steps.memory.numbers[this.#steps.at + j] = step;
  }

  /** Features that give the magnitude of a column: its raw one, else all. */
  #measured(column: number): readonly number[] {
    const isOwn = (j: number) => this.#columns[j] === column;
    const raw = this.#rawFeatures.filter(isOwn);
    return raw.length > 0 ? raw : [...this.#columns.keys()].filter(isOwn);
  }
}

const NO_ROWS = new Float64Array(0);

/** Step for values as large as these, whose largest tenth may be garbage; 0: there is none. */
function stepOf(rows: readonly Float64Array[], features: readonly number[]): number {
  const sizes = rows.flatMap((row) => features.map((j) => Math.abs(row[j] as number)));
  const sorted = Float64Array.from(sizes.filter((size) => size > 0)).sort();
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
