import { BlockCounts, enlarged } from "./block-counts.ts";
import { BlockHolders } from "./block-holders.ts";
import { countAtMost, countBelow, countBelowIn64 } from "./sorted-search.ts";

/** Numbers a block holds at the most; places without a number hold infinity. */
const BLOCK = 64;

const HALF = BLOCK / 2;
const SPARSE = BLOCK / 4;
const MERGED = (3 * BLOCK) / 4;
/** How full blocks are on average, about: what room is made for. */
const TYPICAL_FILL = 0.64 * BLOCK;
/** Room at the start: enough for 512 numbers. */
const INITIAL_BLOCKS = 14;
const GROWTH = 4;
const BYTES_PER_BLOCK = 8 * BLOCK + 8 + 4 * 4 + 1;
/** Blocks looked at on one side of where the last number was, before all are searched. */
const NEAR = 3;

/**
 * A multiset of finite numbers in order, cut into blocks, so that adding and removing one moves tens
 * of numbers and not thousands.
 *
 * Full blocks are halved, sparse ones merged with a neighbour, others too when there is no room for another.
 * Queries remember their block, so the next value of a slowly moving series is found at once. Answers do
 * not depend on where blocks end.
 *
 * Numbers are passed as an array and an index: one that crosses a call by itself may be boxed, and
 * nothing is to be allocated here.
 *
 * | Method                                    | Time                              |
 * | ----------------------------------------- | --------------------------------- |
 * | `countBelow`, `countAtMost`               | O(log n), O(1) near the last one  |
 * | `insert`, `replace`                       | O(log n + block)                  |
 * | `at`                                      | O(blocks / 8)                     |
 */
export class SortedValues {
  readonly #expectedBlocks: number;
  #data: Float64Array;
  /** Of each block, in order: smallest number, place in `#data`, how many numbers. */
  #firsts: Float64Array;
  #slots: Int32Array<ArrayBuffer>;
  readonly #counts: BlockCounts;
  readonly #holders: BlockHolders;
  #length = 0;
  /** Where the last number asked for belongs; `#found` is NaN when that is only a guess. */
  readonly #found = Float64Array.of(Number.NaN);
  #block = 0;
  #inner = 0;
  #start = 0; // numbers in blocks before `#block`
  #moved = false; // blocks were made or dropped since counts were summed

  /** @param capacity Numbers that are expected at the most; room for them is made step by step. */
  constructor(capacity: number) {
    this.#expectedBlocks = expectedBlocks(capacity);
    const blocks = Math.min(this.#expectedBlocks, INITIAL_BLOCKS);
    this.#data = new Float64Array(blocks * BLOCK).fill(Number.POSITIVE_INFINITY);
    this.#firsts = new Float64Array(blocks);
    this.#counts = new BlockCounts(blocks);
    this.#holders = new BlockHolders(blocks);
    this.#slots = new Int32Array(blocks);
    this.#numberSlots(0);
  }

  /** Numbers held now. */
  get length(): number {
    return this.#length;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#counts.room * BYTES_PER_BLOCK;
  }

  /** How many numbers are `< x`, `x` being `from[i]`. Where that is, is remembered for the next call. */
  countBelow(from: Float64Array, i: number): number {
    this.#find(from, i);
    return this.#start + this.#inner;
  }

  /** How many numbers are `<= from[i]`, right after {@link countBelow} of the same one gave `below`. */
  countAtMost(from: Float64Array, i: number, below: number): number {
    const x = from[i] as number;
    const block = this.#block;
    const inner = this.#inner;
    const after =
      inner < this.#counts.of(block)
        ? (this.#data[this.#base(block) + inner] as number)
        : block + 1 < this.#counts.blocks
          ? (this.#firsts[block + 1] as number)
          : Number.POSITIVE_INFINITY;
    return after > x ? below : this.#skipTies(x, block);
  }

  /** The `i`-th smallest number, `0 <= i < length`; undefined behaviour outside. */
  at(i: number): number {
    const block = this.#counts.blockAt(i);
    return this.#data[this.#base(block) + i - this.#counts.before(block)] as number;
  }

  /** Sum of `at(i) - base` for `from <= i < to`, in this order. O(to - from). */
  excess(from: number, to: number, base: number): number {
    const data = this.#data;
    let sum = 0;
    let i = from;
    for (let block = this.#counts.blockAt(from); i < to; block++) {
      const start = this.#counts.before(block);
      const end = Math.min(to, start + this.#counts.of(block));
      const offset = this.#base(block) - start;
      for (; i < end; i++) sum += (data[offset + i] as number) - base;
    }
    return sum;
  }

  /**
   * Adds `from[i]`.
   *
   * @returns Its place, for {@link replace}.
   */
  insert(from: Float64Array, i: number): number {
    this.#length += 1;
    const block = this.#put(from, i);
    if (this.#moved) this.#sum();
    else this.#counts.changed(block, 1);
    return this.#slots[block] as number;
  }

  /**
   * Puts `from[i]` in the place of a number equal to `olds[k]`, which must be there.
   *
   * @param place Of that number, when it was put there: it saves time, wherever the number is now.
   * @returns Place of the new one, for a later call.
   */
  replace(olds: Float64Array, k: number, place: number, from: Float64Array, i: number): number {
    const to = this.#put(from, i);
    const taken = this.#slots[to] as number;
    const left = this.#take(olds, k, this.#holders.of(place));
    if (this.#moved) this.#sum();
    else {
      this.#counts.changed(left, -1);
      this.#counts.changed(to, 1);
    }
    return taken;
  }

  /** Takes the place of what is held. @param sorted Ascending. */
  reset(sorted: Float64Array): void {
    const blocks = Math.max(1, Math.ceil(sorted.length / MERGED));
    while (this.#counts.room < blocks) this.#grow();
    for (let b = 0; b < blocks; b++) {
      const part = sorted.subarray(b * MERGED, (b + 1) * MERGED);
      const base = this.#base(b);
      for (let i = 0; i < part.length; i++) this.#data[base + i] = unsigned(part[i] as number);
      this.#data.fill(Number.POSITIVE_INFINITY, base + part.length, base + BLOCK);
      this.#counts.set(b, part.length);
      this.#firsts[b] = unsigned(part[0] ?? 0);
    }
    this.#holders.reset(this.#slots.subarray(0, blocks));
    this.#counts.reset(blocks);
    this.#length = sorted.length;
    this.#block = 0;
    this.#start = 0;
    this.#found[0] = Number.NaN;
    this.#sum();
  }

  /** How many numbers are `<= x`, when `x` is among them and `block` is where it belongs. */
  #skipTies(x: number, block: number): number {
    let last = block;
    while (last + 1 < this.#counts.blocks && (this.#firsts[last + 1] as number) <= x) last += 1;
    const count = this.#counts.of(last);
    const before = this.#start + this.#counts.between(block, last);
    return before + countAtMost(this.#data, this.#base(last), count, x);
  }

  #base(block: number): number {
    return (this.#slots[block] as number) * BLOCK;
  }

  /** Finds where `from[i]` belongs: before every number that is not smaller. */
  #find(from: Float64Array, i: number): void {
    const x = from[i] as number;
    if (x === this.#found[0]) return;
    const last = this.#block;
    const near = this.#near(x, last);
    const block = near >= 0 ? near : this.#farBelow(from, i);
    if (near < 0) this.#start = this.#counts.before(block);
    else if (near > last) this.#start += this.#counts.between(last, near);
    else this.#start -= this.#counts.between(near, last);
    this.#block = block;
    this.#inner = this.#innerBelow(block, from, i);
    this.#found[0] = x;
  }

  /** The last block that starts with a number `< from[i]`; the first one if there is none. */
  #farBelow(from: Float64Array, i: number): number {
    return Math.max(0, countBelow(this.#firsts, 0, this.#counts.blocks, from, i) - 1);
  }

  /** The same, searched outward from `guess` as far as slowly moving series go; -1: it is further. */
  #near(x: number, guess: number): number {
    const firsts = this.#firsts;
    const end = this.#counts.blocks - 1;
    let block = guess;
    if ((firsts[block] as number) < x) {
      const last = Math.min(end, guess + NEAR);
      while (block < last && (firsts[block + 1] as number) < x) block += 1;
      return block < last || last === end ? block : -1;
    }
    const first = Math.max(0, guess - NEAR);
    while (block > first && (firsts[block] as number) >= x) block -= 1;
    return (firsts[block] as number) < x || block === 0 ? block : -1;
  }

  #innerBelow(block: number, from: Float64Array, i: number): number {
    return countBelowIn64(this.#data, this.#base(block), from, i);
  }

  /** Adds `from[i]` to its block, whose number is returned; sums of counts are left as they were. */
  #put(from: Float64Array, i: number): number {
    this.#find(from, i);
    if (this.#counts.of(this.#block) === BLOCK && this.#counts.blocks === this.#counts.room) {
      this.#makeRoom();
      this.#find(from, i);
    }
    let block = this.#block;
    let inner = this.#inner;
    if (this.#counts.of(block) === BLOCK) {
      this.#split(block);
      if (inner > HALF) {
        block += 1;
        inner -= HALF;
        this.#start += HALF;
      }
    }
    const data = this.#data;
    const base = this.#base(block);
    const count = this.#counts.of(block);
    const at = base + inner;
    for (let k = base + count; k > at; k--) data[k] = data[k - 1] as number;
    data[at] = unsigned(from[i] as number);
    this.#counts.set(block, count + 1);
    this.#firsts[block] = data[base] as number;
    this.#block = block;
    this.#found[0] = Number.NaN;
    return block;
  }

  /** Takes a number equal to `from[i]` out of its block, whose number is returned; sums of counts are left as they were. */
  #take(from: Float64Array, i: number, guess: number): number {
    const near = this.#near(from[i] as number, guess);
    let block = near >= 0 ? near : this.#farBelow(from, i);
    let inner = this.#innerBelow(block, from, i);
    if (inner === this.#counts.of(block)) {
      block += 1;
      inner = 0;
    }
    const data = this.#data;
    const base = this.#base(block);
    const count = this.#counts.of(block) - 1;
    for (let k = base + inner; k < base + count; k++) data[k] = data[k + 1] as number;
    data[base + count] = Number.POSITIVE_INFINITY;
    this.#counts.set(block, count);
    if (block < this.#block) this.#start -= 1;
    this.#firsts[block] = data[base] as number;
    if (count < SPARSE) this.#mend(block);
    return block;
  }

  /** Drops an empty block, or merges a sparse one with a neighbour that has room. */
  #mend(block: number): void {
    const counts = this.#counts;
    const count = counts.of(block);
    if (counts.blocks === 1) return;
    if (count === 0) this.#drop(block);
    else if (block + 1 < counts.blocks && count + counts.of(block + 1) <= MERGED) {
      this.#merge(block);
    } else if (block > 0 && count + counts.of(block - 1) <= MERGED) {
      this.#merge(block - 1);
    }
  }

  /** Moves the numbers of the next block to the end of this one. */
  #merge(block: number): void {
    const count = this.#counts.of(block);
    const more = this.#counts.of(block + 1);
    const from = this.#base(block + 1);
    this.#data.copyWithin(this.#base(block) + count, from, from + more);
    this.#counts.set(block, count + more);
    this.#drop(block + 1);
  }

  #drop(block: number): void {
    const slot = this.#slots[block] as number;
    const blocks = this.#counts.blocks;
    this.#firsts.copyWithin(block, block + 1, blocks);
    this.#slots.copyWithin(block, block + 1, blocks);
    this.#counts.remove(block);
    this.#holders.removed(block);
    this.#slots[blocks - 1] = slot; // free places stand behind those in use
    this.#block = 0;
    this.#start = 0;
    this.#found[0] = Number.NaN;
    this.#moved = true;
  }

  /** Moves the upper half of a full block to a new one behind it. */
  #split(block: number): void {
    const blocks = this.#counts.blocks;
    const next = block + 1;
    const slot = this.#slots[blocks] as number;
    this.#firsts.copyWithin(next + 1, next, blocks);
    this.#slots.copyWithin(next + 1, next, blocks);
    this.#counts.insert(next);
    this.#holders.inserted(next, slot);
    const base = this.#base(block);
    this.#data.copyWithin(slot * BLOCK, base + HALF, base + BLOCK);
    this.#data.fill(Number.POSITIVE_INFINITY, slot * BLOCK + HALF, (slot + 1) * BLOCK);
    this.#data.fill(Number.POSITIVE_INFINITY, base + HALF, base + BLOCK);
    this.#slots[next] = slot;
    this.#firsts[next] = this.#data[slot * BLOCK] as number;
    this.#counts.set(block, HALF);
    this.#counts.set(next, BLOCK - HALF);
    this.#moved = true;
  }

  /** Makes room for another block: from memory up to what is expected, then by merging where that goes. */
  #makeRoom(): void {
    const counts = this.#counts;
    if (counts.room >= this.#expectedBlocks) {
      this.#mergeUpTo(MERGED);
      if (counts.blocks === counts.room) this.#mergeUpTo(BLOCK);
      this.#sum();
    }
    if (counts.blocks === counts.room) this.#grow();
  }

  /** Merges neighbours that hold no more than `most` numbers together. */
  #mergeUpTo(most: number): void {
    const counts = this.#counts;
    for (let block = counts.blocks - 2; block >= 0; block--) {
      if (counts.of(block) + counts.of(block + 1) <= most) this.#merge(block);
    }
  }

  #grow(): void {
    const size = this.#counts.room;
    const wanted =
      size < this.#expectedBlocks
        ? Math.min(GROWTH * size, this.#expectedBlocks)
        : size * 1.125 + 1;
    const blocks = Math.floor(wanted);
    const data = new Float64Array(blocks * BLOCK).fill(Number.POSITIVE_INFINITY);
    data.set(this.#data);
    this.#data = data;
    const firsts = new Float64Array(blocks);
    firsts.set(this.#firsts);
    this.#firsts = firsts;
    this.#counts.grow(blocks);
    this.#slots = enlarged(this.#slots, blocks);
    this.#holders.grow(blocks);
    this.#numberSlots(size);
  }

  /** Makes the places from `first` on known as free. */
  #numberSlots(first: number): void {
    for (let i = first; i < this.#slots.length; i++) this.#slots[i] = i;
  }

  #sum(): void {
    this.#counts.sum();
    this.#moved = false;
  }
}

/** No negative zero: it ties with zero, and which of the two came first would show in what is printed. */
function unsigned(x: number): number {
  return x + 0;
}

/** Bytes that `capacity` numbers take, about. */
export function sortedValuesBytes(capacity: number): number {
  return expectedBlocks(capacity) * BYTES_PER_BLOCK;
}

function expectedBlocks(capacity: number): number {
  return Math.ceil(capacity / TYPICAL_FILL) + 1;
}
