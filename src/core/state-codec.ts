/**
 * Binary form of engine state: little-endian, exact, without names. Writer and reader of a part
 * visit the same fields in the same order.
 *
 * @module
 */

const INITIAL_BYTES = 256;

/** Appends numbers and typed arrays to one growing byte string. */
export class StateWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  bool(value: boolean): void {
    this.u32(value ? 1 : 0);
  }

  /** Writes `count` numbers of `values` from index `from`, without the count. */
  f64s(values: Float64Array, from = 0, count = values.length - from): void {
    this.#reserve(count * 8);
    for (let i = 0; i < count; i++) {
      this.#view.setFloat64(this.#length + 8 * i, values[from + i] as number, true);
    }
    this.#length += count * 8;
  }

  /** Writes the length and the UTF-8 bytes of a text. */
  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.u32(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of the bytes written so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Discards the written bytes and keeps the buffer. Results of {@link finish} do not change. */
  clear(): void {
    this.#length = 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/**
 * Reads the bytes of a {@link StateWriter}.
 *
 * @throws {RangeError} From every method, if the bytes end too early.
 */
export class StateReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  bool(): boolean {
    return this.u32() !== 0;
  }

  text(): string {
    const length = this.u32();
    if (length > this.remaining) throw new RangeError("The state ends inside a text");
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return new TextDecoder().decode(bytes);
  }

  /** Fills `count` entries of `into` from index `from`. */
  f64s(into: Float64Array, from = 0, count = into.length - from): void {
    for (let i = 0; i < count; i++) into[from + i] = this.f64();
  }
}
