import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import { type HeldReading, readHeld, writeHeld } from "./held-readings.ts";
import type { SortedReading } from "./sorter.ts";

/** How long after its time a part waits for the others when event time passes without readings, ms. */
const WAIT_MS = 2000;

/**
 * Joins rows of one sensor with the same time that complement each other: no numeric column has a value in both. A
 * joined reading goes on when it has a value in every column, with the next row of its sensor that does not belong to
 * it, or when event time has passed it without a reading. Texts come from the first row that has them.
 *
 * One reading of each sensor waits. O(columns) a row; allocates per row.
 */
export class Joiner {
  /** If not, every row is a reading. */
  isOn = true;
  /** By key, in order of arrival. */
  readonly #waiting = new Map<number, SortedReading>();

  /** Event time at which a waiting reading goes on, ms; Infinity: none waits. O(keys). */
  get deadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { reading } of this.#waiting.values()) next = Math.min(next, reading.timestamp);
    return next + WAIT_MS;
  }

  /** Takes rows. @returns The readings that go on, in order. */
  take(rows: readonly SortedReading[]): SortedReading[] {
    const passed: SortedReading[] = [];
    for (const row of rows) this.#take(row, passed);
    for (const one of this.#waiting.values()) one.isCarried = true;
    return passed;
  }

  /** Event time is known to be `now`, ms. @returns The readings that go on, in order of time. */
  tick(now: number): SortedReading[] {
    const due = [...this.#waiting.values()]
      .filter(({ reading }) => reading.timestamp + WAIT_MS <= now)
      .sort((a, b) => a.reading.timestamp - b.reading.timestamp);
    for (const { key } of due) this.#waiting.delete(key);
    return due;
  }

  /** @returns All readings that wait, in order of time. */
  flush(): SortedReading[] {
    return this.tick(Number.POSITIVE_INFINITY);
  }

  save(writer: StateWriter): void {
    writer.u32(this.#waiting.size);
    for (const { key, arrival, reading } of this.#waiting.values()) {
      writer.u32(key);
      writer.f64(arrival);
      writeHeld(writer, reading);
    }
  }

  /** Restores what {@link save} wrote. For a new joiner. */
  load(reader: StateReader): void {
    for (let left = reader.u32(); left > 0; left--) {
      const key = reader.u32();
      const arrival = reader.f64();
      this.#waiting.set(key, { key, arrival, reading: readHeld(reader), isCarried: true });
    }
  }

  #take(row: SortedReading, passed: SortedReading[]): void {
    const { key } = row;
    const first = this.#waiting.get(key);
    const isPart = this.isOn && first !== undefined && complement(first.reading, row.reading);
    if (first !== undefined && !isPart) passed.push(first);
    const one = isPart ? { ...first, reading: joined(first.reading, row.reading) } : row;
    this.#waiting.delete(key);
    if (!this.isOn || isComplete(one.reading)) passed.push(one);
    else this.#waiting.set(key, one);
  }
}

function complement(a: HeldReading, b: HeldReading): boolean {
  if (a.timestamp !== b.timestamp) return false;
  for (let c = 0; c < a.columns.length; c++) {
    if (!Number.isNaN(a.columns[c]) && !Number.isNaN(b.columns[c])) return false;
  }
  return true;
}

function isComplete({ columns }: HeldReading): boolean {
  return !columns.some(Number.isNaN);
}

function joined(a: HeldReading, b: HeldReading): HeldReading {
  const present = (own: number, other: number | undefined): number =>
    Number.isNaN(own) ? (other ?? own) : own;
  return {
    ...a,
    columns: a.columns.map((value, c) => present(value, b.columns[c])),
    labels: a.labels.map((label, c) => present(label, b.labels[c])),
    texts: a.texts.map((text, c) => text || (b.texts[c] ?? "")),
  };
}
