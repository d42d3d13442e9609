import { TimeText } from "../../core/timestamp/time-text.ts";

const MS_PER_MINUTE = 60_000;
const ZERO = 48;

/** Writes times into cells of bytes. Keeps the last cell and changes only its digits within a minute. */
export class TimeCell {
  readonly #cellOf: (time: string) => string;
  readonly #text = new TimeText();
  #cell: Uint8Array = new Uint8Array(0);
  /** Where the seconds are in the cell. */
  #seconds = 0;
  #minute = Number.NaN;
  #time = Number.NaN;

  /** @param cellOf The cell for a time as text, which it contains once. */
  constructor(cellOf: (time: string) => string) {
    this.#cellOf = cellOf;
  }

  /**
   * The cell, which the next call overwrites.
   *
   * @param time ms since epoch; rounded down.
   * @throws {RangeError} If `Date` cannot hold the time.
   */
  of(time: number): Uint8Array {
    if (time === this.#time) return this.#cell;
    const ms = Math.floor(time);
    const minute = Math.floor(ms / MS_PER_MINUTE);
    if (minute === this.#minute) this.#setSeconds(ms - minute * MS_PER_MINUTE);
    else {
      const text = this.#text.of(ms);
      const cell = this.#cellOf(text);
      this.#cell = new TextEncoder().encode(cell);
      this.#seconds = cell.indexOf(text) + text.length - "00.000Z".length;
      this.#minute = minute;
    }
    this.#time = time;
    return this.#cell;
  }

  /** @param rest ms since the start of the minute. */
  #setSeconds(rest: number): void {
    const cell = this.#cell;
    const at = this.#seconds;
    const second = Math.floor(rest / 1000);
    const ms = rest - 1000 * second;
    cell[at] = ZERO + Math.floor(second / 10);
    cell[at + 1] = ZERO + (second % 10);
    cell[at + 3] = ZERO + Math.floor(ms / 100);
    cell[at + 4] = ZERO + (Math.floor(ms / 10) % 10);
    cell[at + 5] = ZERO + (ms % 10);
  }
}
