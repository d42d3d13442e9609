const MIN_SLOTS = 64;
const MAX_ENTRIES = 32_768;
const MAX_BYTES = 4_194_304;
const MAX_LENGTH = 256;

/** FNV-1a. */
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/**
 * Caches the codes of byte sequences, so that a known key costs no string. Bounded: 32,768 entries, 4 MiB; drops
 * entries that do not fit.
 */
export class CodeCache {
  #slots = new Int32Array(MIN_SLOTS).fill(-1);
  #bytes = new Uint8Array(1024);
  #used = 0;
  /** By entry: the end of its bytes, and its code. The bytes start at the end of the previous entry. */
  readonly #ends: number[] = [];
  readonly #codes: number[] = [];

  /** The code of `data[start, end)`, or -1 if unknown. O(end - start), about 15 ns per key. */
  find(data: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(data, start, end) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] as number;
      if (entry < 0) return -1;
      if (this.#is(entry, data, start, end)) return this.#codes[entry] as number;
    }
  }

  /** Adds a code if there is room. Only for bytes that `find` does not know. */
  remember(data: Uint8Array, start: number, end: number, code: number): void {
    const length = end - start;
    if (length > MAX_LENGTH || this.#codes.length === MAX_ENTRIES) return;
    if (this.#used + length > MAX_BYTES) return;
    if (this.#codes.length * 2 >= this.#slots.length) this.#growSlots();
    if (this.#used + length > this.#bytes.length) this.#growBytes();
    this.#bytes.set(data.subarray(start, end), this.#used);
    this.#used += length;
    this.#ends.push(this.#used);
    this.#codes.push(code);
    this.#place(this.#codes.length - 1, hash(data, start, end));
  }

  #is(entry: number, data: Uint8Array, start: number, end: number): boolean {
    const from = entry === 0 ? 0 : (this.#ends[entry - 1] as number);
    const length = end - start;
    if ((this.#ends[entry] as number) - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[from + i] !== data[start + i]) return false;
    return true;
  }

  #place(entry: number, at: number): void {
    const mask = this.#slots.length - 1;
    let slot = at & mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let entry = 0; entry < this.#codes.length; entry++) {
      const from = entry === 0 ? 0 : (this.#ends[entry - 1] as number);
      this.#place(entry, hash(this.#bytes, from, this.#ends[entry] as number));
    }
  }

  #growBytes(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

function hash(data: Uint8Array, start: number, end: number): number {
  let value = HASH_START;
  for (let at = start; at < end; at++) {
    value = Math.imul(value ^ (data[at] as number), HASH_FACTOR);
  }
  return value ^ (value >>> 15);
}
