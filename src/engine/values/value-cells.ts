import type { StateReader, StateWriter } from "../../core/state-codec.ts";

/** What is known about each column of each key. A place is `key * columns + column`. */
export class ValueCells {
  /** Numeric columns of a key; 0 before the first row. */
  columns = 0;
  /** Readings since the last usable value; -1: the column never had a value. */
  gone = new Int32Array(0);
  /** Usable values so far, up to a few. */
  seen = new Uint8Array(0);
  /** Longest recent interval, in readings; at least 1. */
  longest = new Float64Array(0);
  /** Event time of the first reading without a value, ms, while `gone` is above 0. */
  since = new Float64Array(0);
  /** Last implausible value since then; NaN: none. */
  code = new Float64Array(0);
  /** Whether the loss was reported. */
  reported = new Uint8Array(0);

  /** Number of places. */
  get size(): number {
    return this.gone.length;
  }

  /** Makes room for the keys of rows. */
  fit(columns: number, keys: Uint32Array, length: number): void {
    this.columns = columns;
    let most = 0;
    for (let row = 0; row < length; row++) {
      const key = keys[row] as number;
      if (key > most) most = key;
    }
    const size = (most + 1) * columns;
    if (size > this.size) this.#grow(Math.max(size, 2 * this.size));
  }

  save(writer: StateWriter): void {
    writer.u32(this.columns);
    writer.u32(this.size);
    for (let at = 0; at < this.size; at++) {
      writer.u32((this.gone[at] as number) + 1);
      writer.u32((this.seen[at] as number) * 2 + (this.reported[at] as number));
    }
    writer.f64s(this.longest);
    writer.f64s(this.since);
    writer.f64s(this.code);
  }

  /** @throws {RangeError} If the bytes end early. */
  load(reader: StateReader): void {
    this.columns = reader.u32();
    const size = reader.u32();
    if (size * 8 > reader.remaining) throw new RangeError("The state of the values ends early");
    this.#grow(size);
    for (let at = 0; at < size; at++) {
      this.gone[at] = reader.u32() - 1;
      const flags = reader.u32();
      this.seen[at] = flags >>> 1;
      this.reported[at] = flags & 1;
    }
    reader.f64s(this.longest);
    reader.f64s(this.since);
    reader.f64s(this.code);
  }

  #grow(size: number): void {
    const before = this.size;
    this.gone = copied(this.gone, new Int32Array(size)).fill(-1, before);
    this.seen = copied(this.seen, new Uint8Array(size));
    this.longest = copied(this.longest, new Float64Array(size)).fill(1, before);
    this.since = copied(this.since, new Float64Array(size));
    this.code = copied(this.code, new Float64Array(size)).fill(Number.NaN, before);
    this.reported = copied(this.reported, new Uint8Array(size));
  }
}

function copied<T extends Int32Array | Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
