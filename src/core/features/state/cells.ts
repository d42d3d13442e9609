/** Takes the numbers of a state, in the order in which it saves them. A `StateWriter` is one. */
export interface NumberSink {
  u32(value: number): void;
  f64(value: number): void;
}

/** Gives them back in the same order. A `StateReader` is one. */
export interface NumberSource {
  u32(): number;
  f64(): number;
}

/** Writes numbers to consecutive cells of an array. */
export class CellWriter implements NumberSink {
  #cells: Float64Array = new Float64Array(0);
  #at = 0;

  /** The next number goes to `cells[at]`. */
  move(cells: Float64Array, at: number): void {
    this.#cells = cells;
    this.#at = at;
  }

  u32(value: number): void {
    this.f64(value);
  }

  f64(value: number): void {
    this.#cells[this.#at] = value;
    this.#at += 1;
  }
}

/** Reads numbers from consecutive cells of an array. */
export class CellReader implements NumberSource {
  #cells: Float64Array = new Float64Array(0);
  #at = 0;

  /** The next number is `cells[at]`. */
  move(cells: Float64Array, at: number): void {
    this.#cells = cells;
    this.#at = at;
  }

  u32(): number {
    return this.f64();
  }

  f64(): number {
    const value = this.#cells[this.#at] as number;
    this.#at += 1;
    return value;
  }
}

/** The numbers that a state saves. */
export function numbersOf(state: { save(sink: NumberSink): void }): readonly number[] {
  const numbers: number[] = [];
  const add = (value: number): void => void numbers.push(value);
  state.save({ u32: add, f64: add });
  return numbers;
}
