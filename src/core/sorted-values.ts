import { countAtMost, countBelow } from "./sorted-search.ts";

/** Numbers a block holds at the most. */
const BLOCK = 64;

const HALF = BLOCK / 2;
const SPARSE = BLOCK / 4;
const MERGED = (3 * BLOCK) / 4;
/** How full blocks are on average, about: what room is made for. */
const TYPICAL_FILL = 0.64 * BLOCK;
/** Room at the start: enough for 512 numbers. */
const INITIAL_BLOCKS = 14;
const GROWTH = 4;
const BYTES_PER_BLOCK = 8 * BLOCK + 8 + 3 * 4 + 1;
/** Blocks that are counted together are 2 to the power of this. */
const GROUP_BITS = 3;
const GROUP = 1 << GROUP_BITS;
/** Blocks looked at on one side of where the last number was, before all are searched. */
const NEAR = 3;

/**
 * A multiset of finite numbers in order, cut into blocks, so that adding and removing one moves tens
 * of numbers and not thousands.
 *
 * Full blocks are halved, sparse ones merged with a neighbour. Queries remember their block, so the
 * next value of a slowly moving series is found at once. Answers do not depend on where blocks end.
 *
 * Numbers are passed as an array and an index: one that crosses a call by itself may be boxed, and
 * nothing is to be allocated here.
 *
 * | Method                                    | Time                              |
 * | ----------------------------------------- | --------------------------------- |
 * | `countBelow`, `countAtMost`, `at`         | O(log n)                          |
 * | `insert`, `replace`                       | O(log n + block + blocks between) |
 */
export class SortedValues {
  readonly #expectedBlocks: number;
  #data: Float64Array;
  /**
   * Of each block, in order: smallest number, how many, how many in earlier blocks of its group, place
   * in `#data`. Of each group of blocks: how many in earlier groups. Two levels, so that a number that
   * moves from one end to the other changes a dozen of these and not one a block.
   */
  #firsts: Float64Array;
  #counts: Int32Array<ArrayBuffer>;
  #starts: Int32Array<ArrayBuffer>;
  #groupStarts: Int32Array<ArrayBuffer>;
  #slots: Int32Array<ArrayBuffer>;
  #blocks = 1;
  #length = 0;
  /** Where the last number asked for belongs; `#found` is NaN when that is only a guess. */
  readonly #found = Float64Array.of(Number.NaN);
  #block = 0;
  #inner = 0;
  #oldBlock = 0; // where the last number was taken out
  #moved = false; // blocks were made or dropped since `#starts` was computed

  /** @param capacity Numbers that are expected at the most; room for them is made step by step. */
  constructor(capacity: number) {
    this.#expectedBlocks = expectedBlocks(capacity);
    const blocks = Math.min(this.#expectedBlocks, INITIAL_BLOCKS);
    this.#data = new Float64Array(blocks * BLOCK);
    this.#firsts = new Float64Array(blocks);
    this.#counts = new Int32Array(blocks);
    this.#starts = new Int32Array(blocks);
    this.#groupStarts = new Int32Array(groupsOf(blocks));
    this.#slots = Int32Array.from({ length: blocks }, (_, i) => i);
  }

  /** Numbers held now. */
  get length(): number {
    return this.#length;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#counts.length * BYTES_PER_BLOCK;
  }

  /** How many numbers are `< x`, `x` being `from[i]`. Where that is, is remembered for the next call. */
  countBelow(from: Float64Array, i: number): number {
    this.#find(from, i);
    return this.#start(this.#block) + this.#inner;
  }

  /** How many numbers are `<= from[i]`, right after {@link countBelow} of the same one gave `below`. */
  countAtMost(from: Float64Array, i: number, below: number): number {
    const x = from[i] as number;
    const block = this.#block;
    const inner = this.#inner;
    const after =
      inner < (this.#counts[block] as number)
        ? (this.#data[this.#base(block) + inner] as number)
        : block + 1 < this.#blocks
          ? (this.#firsts[block + 1] as number)
          : Number.POSITIVE_INFINITY;
    return after > x ? below : this.#skipTies(x, block);
  }

  /** The `i`-th smallest number, `0 <= i < length`; undefined behaviour outside. */
  at(i: number): number {
    const block = this.#blockAt(i);
    return this.#data[this.#base(block) + i - this.#start(block)] as number;
  }

  /** Sum of `at(i) - base` for `from <= i < to`, in this order. O(to - from). */
  excess(from: number, to: number, base: number): number {
    const data = this.#data;
    let sum = 0;
    let i = from;
    for (let block = this.#blockAt(from); i < to; block++) {
      const start = this.#start(block);
      const end = Math.min(to, start + (this.#counts[block] as number));
      const offset = this.#base(block) - start;
      for (; i < end; i++) sum += (data[offset + i] as number) - base;
    }
    return sum;
  }

  /** Adds `from[i]`. */
  insert(from: Float64Array, i: number): void {
    this.#length += 1;
    const block = this.#put(from, i);
    if (this.#moved) this.#restart();
    else {
      this.#shiftBlocks(block, 1);
      this.#shiftGroups((block >>> GROUP_BITS) + 1, groupsOf(this.#blocks), 1);
    }
  }

  /** Puts `from[i]` in the place of a number equal to `olds[k]`, which must be there. */
  replace(olds: Float64Array, k: number, from: Float64Array, i: number): void {
    const to = this.#put(from, i);
    const left = this.#take(olds, k);
    if (this.#moved) this.#restart();
    else if (left !== to) {
      this.#shiftBlocks(left, -1);
      this.#shiftBlocks(to, 1);
      const [leftGroup, toGroup] = [left >>> GROUP_BITS, to >>> GROUP_BITS];
      if (leftGroup < toGroup) this.#shiftGroups(leftGroup + 1, toGroup + 1, -1);
      else this.#shiftGroups(toGroup + 1, leftGroup + 1, 1);
    }
  }

  /** Takes the place of what is held. @param sorted Ascending. */
  reset(sorted: Float64Array): void {
    const blocks = Math.max(1, Math.ceil(sorted.length / MERGED));
    while (this.#counts.length < blocks) this.#grow();
    for (let b = 0; b < blocks; b++) {
      const part = sorted.subarray(b * MERGED, (b + 1) * MERGED);
      const base = this.#base(b);
      for (let i = 0; i < part.length; i++) this.#data[base + i] = unsigned(part[i] as number);
      this.#counts[b] = part.length;
      this.#firsts[b] = unsigned(part[0] ?? 0);
    }
    this.#blocks = blocks;
    this.#length = sorted.length;
    this.#block = 0;
    this.#found[0] = Number.NaN;
    this.#restart();
  }

  /** How many numbers are `<= x`, when `x` is among them and `block` is where it belongs. */
  #skipTies(x: number, block: number): number {
    let last = block;
    while (last + 1 < this.#blocks && (this.#firsts[last + 1] as number) <= x) last += 1;
    const count = this.#counts[last] as number;
    return this.#start(last) + countAtMost(this.#data, this.#base(last), count, x);
  }

  /** How many numbers are in earlier blocks. */
  #start(block: number): number {
    return (this.#groupStarts[block >>> GROUP_BITS] as number) + (this.#starts[block] as number);
  }

  #base(block: number): number {
    return (this.#slots[block] as number) * BLOCK;
  }

  /** Finds where `from[i]` belongs: before every number that is not smaller. */
  #find(from: Float64Array, i: number): void {
    const x = from[i] as number;
    if (x === this.#found[0]) return;
    const block = this.#blockBelow(from, i, this.#block);
    this.#block = block;
    this.#inner = this.#innerBelow(block, from, i);
    this.#found[0] = x;
  }

  /**
   * The last block that starts with a number `< from[i]`; the first one if there is none.
   *
   * @param guess A block to try first.
   */
  #blockBelow(from: Float64Array, i: number, guess: number): number {
    const near = this.#near(from[i] as number, guess);
    if (near >= 0) return near;
    return Math.max(0, countBelow(this.#firsts, 0, this.#blocks, from, i) - 1);
  }

  /** The same, searched outward from `guess` as far as slowly moving series go; -1: it is further. */
  #near(x: number, guess: number): number {
    const firsts = this.#firsts;
    let block = guess;
    if ((firsts[block] as number) < x) {
      const last = Math.min(this.#blocks - 1, guess + NEAR);
      while (block < last && (firsts[block + 1] as number) < x) block += 1;
      return block < last || last === this.#blocks - 1 ? block : -1;
    }
    const first = Math.max(0, guess - NEAR);
    while (block > first && (firsts[block] as number) >= x) block -= 1;
    return (firsts[block] as number) < x || block === 0 ? block : -1;
  }

  #innerBelow(block: number, from: Float64Array, i: number): number {
    return countBelow(this.#data, this.#base(block), this.#counts[block] as number, from, i);
  }

  /** The block with the `i`-th smallest number. */
  #blockAt(i: number): number {
    const groups = groupsOf(this.#blocks);
    const group = countAtMost(this.#groupStarts, 1, groups - 1, i);
    const first = group << GROUP_BITS;
    const others = Math.min(GROUP, this.#blocks - first) - 1;
    const within = i - (this.#groupStarts[group] as number);
    return first + countAtMost(this.#starts, first + 1, others, within);
  }

  /** Adds `from[i]` to its block, whose number is returned; `#starts` is left as it was. */
  #put(from: Float64Array, i: number): number {
    this.#find(from, i);
    let block = this.#block;
    let inner = this.#inner;
    if (this.#counts[block] === BLOCK) {
      this.#split(block);
      if (inner > HALF) {
        block += 1;
        inner -= HALF;
      }
    }
    const data = this.#data;
    const base = this.#base(block);
    const count = this.#counts[block] as number;
    const at = base + inner;
    for (let k = base + count; k > at; k--) data[k] = data[k - 1] as number;
    data[at] = unsigned(from[i] as number);
    this.#counts[block] = count + 1;
    this.#firsts[block] = data[base] as number;
    this.#block = block;
    this.#found[0] = Number.NaN;
    return block;
  }

  /** Takes a number equal to `from[i]` out of its block, whose number is returned; `#starts` is left as it was. */
  #take(from: Float64Array, i: number): number {
    let block = this.#blockBelow(from, i, Math.min(this.#oldBlock, this.#blocks - 1));
    this.#oldBlock = block;
    let inner = this.#innerBelow(block, from, i);
    if (inner === this.#counts[block]) {
      block += 1;
      inner = 0;
    }
    const data = this.#data;
    const base = this.#base(block);
    const count = (this.#counts[block] as number) - 1;
    for (let k = base + inner; k < base + count; k++) data[k] = data[k + 1] as number;
    this.#counts[block] = count;
    this.#firsts[block] = data[base] as number;
    if (count < SPARSE) this.#mend(block);
    return block;
  }

  /** Drops an empty block, or merges a sparse one with a neighbour that has room. */
  #mend(block: number): void {
    const counts = this.#counts;
    const count = counts[block] as number;
    if (this.#blocks === 1) return;
    if (count === 0) this.#drop(block);
    else if (block + 1 < this.#blocks && count + (counts[block + 1] as number) <= MERGED) {
      this.#merge(block);
    } else if (block > 0 && count + (counts[block - 1] as number) <= MERGED) {
      this.#merge(block - 1);
    }
  }

  /** Moves the numbers of the next block to the end of this one. */
  #merge(block: number): void {
    const count = this.#counts[block] as number;
    const more = this.#counts[block + 1] as number;
    const from = this.#base(block + 1);
    this.#data.copyWithin(this.#base(block) + count, from, from + more);
    this.#counts[block] = count + more;
    this.#drop(block + 1);
  }

  #drop(block: number): void {
    const slot = this.#slots[block] as number;
    this.#moveBlocks(block, block + 1);
    this.#blocks -= 1;
    this.#slots[this.#blocks] = slot; // free places stand behind those in use
    this.#block = 0;
    this.#found[0] = Number.NaN;
    this.#moved = true;
  }

  /** Moves the upper half of a full block to a new one behind it. */
  #split(block: number): void {
    if (this.#blocks === this.#counts.length) this.#grow();
    const slot = this.#slots[this.#blocks] as number;
    this.#moveBlocks(block + 2, block + 1);
    this.#blocks += 1;
    const base = this.#base(block);
    this.#data.copyWithin(slot * BLOCK, base + HALF, base + BLOCK);
    this.#slots[block + 1] = slot;
    this.#firsts[block + 1] = this.#data[slot * BLOCK] as number;
    this.#counts[block] = HALF;
    this.#counts[block + 1] = BLOCK - HALF;
    this.#moved = true;
  }

  /** Moves what is known of the blocks from `from` on to `to`. */
  #moveBlocks(to: number, from: number): void {
    this.#firsts.copyWithin(to, from, this.#blocks);
    this.#counts.copyWithin(to, from, this.#blocks);
    this.#slots.copyWithin(to, from, this.#blocks);
  }

  #grow(): void {
    const size = this.#counts.length;
    const wanted =
      size < this.#expectedBlocks
        ? Math.min(GROWTH * size, this.#expectedBlocks)
        : size * 1.125 + 1;
    const blocks = Math.floor(wanted);
    const data = new Float64Array(blocks * BLOCK);
    data.set(this.#data);
    this.#data = data;
    const firsts = new Float64Array(blocks);
    firsts.set(this.#firsts);
    this.#firsts = firsts;
    this.#counts = enlarged(this.#counts, blocks);
    this.#starts = enlarged(this.#starts, blocks);
    this.#groupStarts = enlarged(this.#groupStarts, groupsOf(blocks));
    this.#slots = enlarged(this.#slots, blocks);
    for (let i = size; i < blocks; i++) this.#slots[i] = i;
  }

  /** A block holds `by` more: later ones of its group start so much later. */
  #shiftBlocks(block: number, by: number): void {
    const starts = this.#starts;
    const end = Math.min((block | (GROUP - 1)) + 1, this.#blocks);
    for (let b = block + 1; b < end; b++) starts[b] = (starts[b] as number) + by;
  }

  #shiftGroups(from: number, to: number, by: number): void {
    const starts = this.#groupStarts;
    for (let g = from; g < to; g++) starts[g] = (starts[g] as number) + by;
  }

  #restart(): void {
    let start = 0;
    let groupStart = 0;
    for (let b = 0; b < this.#blocks; b++) {
      if ((b & (GROUP - 1)) === 0) {
        groupStart = start;
        this.#groupStarts[b >>> GROUP_BITS] = start;
      }
      this.#starts[b] = start - groupStart;
      start += this.#counts[b] as number;
    }
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

function groupsOf(blocks: number): number {
  return Math.ceil(blocks / GROUP);
}

function enlarged(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}
