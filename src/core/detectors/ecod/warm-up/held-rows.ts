import type { StateReader, StateWriter } from "../../../state-codec.ts";
import { float64Bytes } from "../../../units/object-bytes.ts";
import type { Cells } from "../cells.ts";
import { withRoom } from "../with-room.ts";

/** Numbers that may be overwritten for a while. */
export interface Room extends Cells {
  readonly length: number;
}

/**
 * The first rows of a detector, until it knows the magnitudes of its features. As many as fit are where its references will
 * be, since thousands of new sensors may start at the same time.
 */
export class HeldRows {
  readonly #dimension: number;
  readonly #rows: number;
  readonly #room: Room;
  /** The values for which there is no room. */
  #more = NONE;
  #count = 0;

  /**
   * @param dimension Features per row.
   * @param rows Maximum number of rows.
   */
  constructor(dimension: number, rows: number, room: Room) {
    this.#dimension = dimension;
    this.#rows = rows;
    this.#room = room;
  }

  /** Number of rows. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held now, without the room. */
  get bytes(): number {
    return this.#more.length === 0 ? 0 : float64Bytes(this.#more.length);
  }

  add(row: Float64Array): void {
    const from = this.#count * this.#dimension;
    for (let j = 0; j < row.length; j++) this.#put(from + j, row[j] as number);
    this.#count += 1;
  }

  /** Removes all rows and returns their values, row by row. */
  take(): Float64Array {
    const values = Float64Array.from({ length: this.#count * this.#dimension }, (_, i) =>
      this.#at(i),
    );
    this.#more = NONE;
    this.#count = 0;
    return values;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#count);
    for (let i = 0; i < this.#count * this.#dimension; i++) writer.f64(this.#at(i));
  }

  /** @throws {RangeError} If there are as many saved rows as it may hold at most, or more. */
  load(reader: StateReader): void {
    const count = reader.u32();
    if (count >= this.#rows) throw new RangeError(`Saved ${count} rows do not fit`);
    for (let i = 0; i < count * this.#dimension; i++) this.#put(i, reader.f64());
    this.#count = count;
  }

  #at(i: number): number {
    const { memory, at, length } = this.#room;
    return (i < length ? memory.numbers[at + i] : this.#more[i - length]) as number;
  }

  #put(i: number, value: number): void {
    const { memory, at, length } = this.#room;
    if (i < length) memory.numbers[at + i] = value;
    else {
      this.#more = withRoom(this.#more, i - length + 1, this.#rows * this.#dimension - length);
      this.#more[i - length] = value;
    }
  }
}

const NONE = new Float64Array(0);
