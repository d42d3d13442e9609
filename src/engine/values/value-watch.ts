import type { SequencedBatch } from "../../core/batch.ts";
import { isImplausible, type PlausibleRange } from "../../core/plausibility.ts";
import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import { ValueCells } from "./value-cells.ts";
import type { ValueNotice } from "./value-notice.ts";

/** Fewest readings without a usable value after which a column is reported. */
const MIN_READINGS = 10;
/** The same, in intervals of the column. */
const MIN_INTERVALS = 5;
/** What remains of the longest interval of a column when a shorter one ends. */
const FADING = 0.95;
/** Usable values that a column needs before its interval is known. */
const ENOUGH = 3;

/** A notice, with its row. */
interface RowNotice {
  readonly row: number;
  readonly notice: ValueNotice;
}

/**
 * Replaces implausible values with NaN, and finds columns of sensors without a usable value for ten readings, and for
 * five times the longest of their recent intervals: a column may have a value in every twelfth reading only. A column
 * that never had a value is found only if it has implausible ones.
 *
 * Results do not depend on the size of batches. About 2 ns a value.
 */
export class ValueWatch {
  /** Values outside these ranges become NaN. */
  ranges: readonly PlausibleRange[];
  readonly #cells = new ValueCells();
  #found: RowNotice[] = [];
  #notices: ValueNotice[] = [];
  #changes = 0;

  constructor(ranges: readonly PlausibleRange[]) {
    this.ranges = ranges;
  }

  /** Grows with every change of the state. */
  get changes(): number {
    return this.#changes;
  }

  /** Returns what was found since the last call, in order of rows, then columns, and forgets it. */
  takeNotices(): readonly ValueNotice[] {
    const notices = this.#notices;
    if (notices.length > 0) this.#notices = [];
    return notices;
  }

  /** Takes the next rows, and changes their columns in place. */
  take(rows: SequencedBatch): void {
    const { columns, length } = rows;
    if (length === 0 || columns.length === 0) return;
    this.#cells.fit(columns.length, rows.keys, length);
    for (let column = 0; column < columns.length; column++) {
      const range = this.ranges.find((one) => one.column === column);
      if (range === undefined) this.#follow(rows, column);
      else this.#screen(rows, range);
    }
    if (this.#found.length === 0) return;
    this.#found.sort((a, b) => a.row - b.row);
    for (const { notice } of this.#found) this.#notices.push(notice);
    this.#found = [];
  }

  /** Writes the state of every column of every key. */
  save(writer: StateWriter): void {
    writer.f64(this.#changes);
    this.#cells.save(writer);
  }

  /** Restores what {@link save} wrote. @throws {RangeError} If the bytes end early. */
  load(reader: StateReader): void {
    this.#changes = reader.f64();
    this.#cells.load(reader);
  }

  #follow(rows: SequencedBatch, column: number): void {
    const { keys, length } = rows;
    const { columns, gone, seen } = this.#cells;
    const values = rows.columns[column] as Float64Array;
    for (let row = 0; row < length; row++) {
      const place = (keys[row] as number) * columns + column;
      if (Number.isNaN(values[row])) {
        if (gone[place] !== -1) this.#missed(rows, row, column, place);
      } else if (gone[place] !== 0 || seen[place] !== ENOUGH) {
        this.#usable(rows, row, column, place);
      }
    }
  }

  /** As {@link #follow}, and makes implausible values NaN. */
  #screen(rows: SequencedBatch, range: PlausibleRange): void {
    const { keys, length } = rows;
    const { columns, gone, seen } = this.#cells;
    const { column } = range;
    const values = rows.columns[column] as Float64Array;
    for (let row = 0; row < length; row++) {
      const place = (keys[row] as number) * columns + column;
      const value = values[row] as number;
      if (Number.isNaN(value)) {
        if (gone[place] !== -1) this.#missed(rows, row, column, place);
      } else if (isImplausible(range, value)) {
        this.#implausible(rows, row, column, place);
      } else if (gone[place] !== 0 || seen[place] !== ENOUGH) {
        this.#usable(rows, row, column, place);
      }
    }
  }

  #implausible(rows: SequencedBatch, row: number, column: number, place: number): void {
    const values = rows.columns[column] as Float64Array;
    const { gone, code } = this.#cells;
    code[place] = values[row] as number;
    values[row] = Number.NaN;
    if (gone[place] === -1) gone[place] = 0;
    this.#missed(rows, row, column, place);
  }

  #missed(rows: SequencedBatch, row: number, column: number, place: number): void {
    const { gone, seen, longest, since, code, reported } = this.#cells;
    this.#changes += 1;
    const readings = (gone[place] as number) + 1;
    gone[place] = readings;
    if (readings === 1) since[place] = rows.eventTimes[row] as number;
    if (reported[place] === 1 || readings < MIN_READINGS) return;
    if (readings < MIN_INTERVALS * (longest[place] as number)) return;
    const value = code[place] as number;
    // a column that is filled now and then has no known interval at first
    if ((seen[place] as number) < ENOUGH && Number.isNaN(value)) return;
    reported[place] = 1;
    this.#notice("no_value", rows, row, column, place, value);
  }

  #usable(rows: SequencedBatch, row: number, column: number, place: number): void {
    const { gone, seen, longest, code, reported } = this.#cells;
    this.#changes += 1;
    const readings = gone[place] as number;
    if (reported[place] === 1) {
      const values = rows.columns[column] as Float64Array;
      this.#notice("value", rows, row, column, place, values[row] as number);
    } else if (readings > 0) {
      longest[place] = Math.max(readings + 1, (longest[place] as number) * FADING);
    }
    if (seen[place] !== ENOUGH) seen[place] = (seen[place] as number) + 1;
    gone[place] = 0;
    reported[place] = 0;
    code[place] = Number.NaN;
  }

  #notice(
    kind: ValueNotice["kind"],
    rows: SequencedBatch,
    row: number,
    column: number,
    place: number,
    value: number,
  ): void {
    const { gone, since } = this.#cells;
    const key = rows.keys[row] as number;
    const timestamp = rows.eventTimes[row] as number;
    const readings = gone[place] as number;
    const notice = { kind, key, column, timestamp, since: since[place] as number, readings, value };
    this.#found.push({ row, notice });
  }
}
