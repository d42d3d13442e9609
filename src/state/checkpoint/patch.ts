/**
 * Patches: the difference between two versions of a value, for a writer that has only the newer one and a
 * {@link Signature} of the older one. Values are mostly windows of numbers, written from the oldest number to
 * the newest, so new readings shift them: a patch finds blocks of the older version at any place.
 *
 * Source of the method: A. Tridgell, P. Mackerras, "The rsync algorithm", 1996.
 *
 * @module
 */

/** Two hashes of 32 bits a block: one that can roll, one that is strong. A value's last bytes have none. */
export type Signature = Uint32Array;

/** Smaller blocks find more and cost more: a signature takes 8 bytes a block. */
const BLOCK_WORDS = 32;
const BLOCK_BYTES = 4 * BLOCK_WORDS;

const BASE = 0x01000193;
/** `BASE` to the power of `BLOCK_WORDS - 1`. */
const TOP = Array.from({ length: BLOCK_WORDS - 1 }).reduce<number>(
  (power) => Math.imul(power, BASE),
  1,
);
const SPREAD = 0x9e3779b1;
const STRONG = 0x85ebca6b;

/** Numbers of a copy in a patch: bytes of the literal before it, its place in the older version, its bytes. */
const COPY_NUMBERS = 3;

/** Hashes of the blocks of a value. O(bytes), about 1 ns a byte. */
export function signatureOf(bytes: Uint8Array): Signature {
  const words = wordsOf(bytes);
  const blocks = Math.floor(words.length / BLOCK_WORDS);
  const signature = new Uint32Array(2 * blocks);
  for (let b = 0; b < blocks; b++) {
    signature[2 * b] = rollingHash(words, b * BLOCK_WORDS);
    signature[2 * b + 1] = strongHash(words, b * BLOCK_WORDS);
  }
  return signature;
}

/**
 * What turns the older version of a value into the newer one. O(bytes).
 *
 * @param older Signature of the older version.
 */
export function createPatch(older: Signature, newer: Uint8Array): Uint8Array {
  const copies = copiesOf(older, wordsOf(newer));
  const head = new Uint32Array(1 + copies.length);
  head[0] = copies.length / COPY_NUMBERS;
  const literals: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < copies.length; i += COPY_NUMBERS) {
    const [to, from, length] = copies.slice(i, i + COPY_NUMBERS) as [number, number, number];
    literals.push(newer.subarray(at, to));
    head.set([to - at, from, length], 1 + i);
    at = to + length;
  }
  literals.push(newer.subarray(at));
  return Buffer.concat([littleEndian(head), ...literals]);
}

/**
 * The newer version of a value.
 *
 * @param length Its bytes.
 * @throws {RangeError} If the patch does not fit the older version.
 */
export function applyPatch(older: Uint8Array, patch: Uint8Array, length: number): Uint8Array {
  const view = new DataView(patch.buffer, patch.byteOffset, patch.byteLength);
  const count = view.getUint32(0, true);
  let literals = 4 * (1 + COPY_NUMBERS * count);
  const newer = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const head = 4 * (1 + COPY_NUMBERS * i);
    const literal = view.getUint32(head, true);
    const from = view.getUint32(head + 4, true);
    const copied = view.getUint32(head + 8, true);
    if (from + copied > older.length) throw new RangeError("A patch copies what is not there");
    newer.set(patch.subarray(literals, literals + literal), at);
    newer.set(older.subarray(from, from + copied), at + literal);
    literals += literal;
    at += literal + copied;
  }
  if (at + patch.length - literals !== length) throw new RangeError("A patch has a wrong length");
  newer.set(patch.subarray(literals), at);
  return newer;
}

/** Copies in order of their place in the newer version: place, place in the older version, length; bytes. */
function copiesOf(older: Signature, words: Uint32Array): number[] {
  const copies: number[] = [];
  const blocks = older.length / 2;
  const end = words.length - BLOCK_WORDS;
  if (blocks === 0 || end < 0) return copies;
  const table = new BlockTable(older);
  let next = 0; // block after the last copied one
  let rolling = rollingHash(words, 0);
  for (let i = 0; i <= end; ) {
    const block = table.find(rolling, words, i, next);
    if (block < 0) {
      if (i < end) rolling = rolled(rolling, words, i);
      i += 1;
      continue;
    }
    const [to, from] = [i * 4, block * BLOCK_BYTES];
    const last = copies.length - COPY_NUMBERS;
    const [lastTo, lastFrom, lastLength] = [copies[last], copies[last + 1], copies[last + 2]];
    const follows =
      lastLength !== undefined &&
      (lastTo as number) + lastLength === to &&
      (lastFrom as number) + lastLength === from;
    if (follows) copies[last + 2] = lastLength + BLOCK_BYTES;
    else copies.push(to, from, BLOCK_BYTES);
    next = block + 1;
    i += BLOCK_WORDS;
    if (i <= end) rolling = rollingHash(words, i);
  }
  return copies;
}

/** The blocks of a signature by their rolling hashes. */
class BlockTable {
  readonly #signature: Signature;
  readonly #shift: number;
  /** Index of a block and 1; 0: empty. */
  readonly #slots: Int32Array;

  constructor(signature: Signature) {
    this.#signature = signature;
    const bits = Math.max(4, 33 - Math.clz32(signature.length / 2));
    this.#shift = 32 - bits;
    this.#slots = new Int32Array(1 << bits);
    for (let block = 0; block < signature.length / 2; block++) this.#add(block);
  }

  /**
   * A block with the content of the words from `at` on; -1: none.
   *
   * @param likely Tried first, so that copies become long.
   */
  find(rolling: number, words: Uint32Array, at: number, likely: number): number {
    const signature = this.#signature;
    if (signature[2 * likely] === rolling && signature[2 * likely + 1] === strongHash(words, at)) {
      return likely;
    }
    for (let slot = this.#slot(rolling); ; slot = (slot + 1) % this.#slots.length) {
      const block = (this.#slots[slot] as number) - 1;
      if (block < 0) return -1;
      if (signature[2 * block] !== rolling) continue;
      if (signature[2 * block + 1] === strongHash(words, at)) return block;
    }
  }

  /** Adds a block, unless there is an equal one: a window full of one number has many. */
  #add(block: number): void {
    const signature = this.#signature;
    let slot = this.#slot(signature[2 * block] as number);
    for (; this.#slots[slot] !== 0; slot = (slot + 1) % this.#slots.length) {
      const other = (this.#slots[slot] as number) - 1;
      const isEqual =
        signature[2 * other] === signature[2 * block] &&
        signature[2 * other + 1] === signature[2 * block + 1];
      if (isEqual) return;
    }
    this.#slots[slot] = block + 1;
  }

  #slot(rolling: number): number {
    return Math.imul(rolling, SPREAD) >>> this.#shift;
  }
}

function rollingHash(words: Uint32Array, at: number): number {
  let hash = 0;
  for (let i = at; i < at + BLOCK_WORDS; i++) {
    hash = (Math.imul(hash, BASE) + (words[i] as number)) | 0;
  }
  return hash >>> 0;
}

/** The rolling hash one word further. */
function rolled(hash: number, words: Uint32Array, at: number): number {
  const rest = hash - Math.imul(words[at] as number, TOP);
  return (Math.imul(rest, BASE) + (words[at + BLOCK_WORDS] as number)) >>> 0;
}

function strongHash(words: Uint32Array, at: number): number {
  let hash = 0;
  for (let i = at; i < at + BLOCK_WORDS; i++) {
    hash = Math.imul(hash ^ (words[i] as number), STRONG);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** The whole words of a byte string. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}

function littleEndian(numbers: Uint32Array): Buffer {
  const bytes = Buffer.allocUnsafe(4 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32LE(number, 4 * i);
  return bytes;
}
