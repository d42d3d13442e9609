import { countAtMost } from "./sorted-search.ts";

/** Blocks that are counted together are 2 to the power of this. */
const GROUP_BITS = 3;
const GROUP = 1 << GROUP_BITS;

/**
 * How many numbers each block of an ordered multiset holds, and how many are in earlier blocks.
 *
 * Sums are kept on two levels, within a group of blocks and by group: a number that leaves one end and
 * one that enters the other change a dozen of them, and not one a block.
 */
export class BlockCounts {
  #counts: Int32Array<ArrayBuffer>;
  /** Of each block: numbers in earlier blocks of its group. */
  #starts: Int32Array<ArrayBuffer>;
  /** Of each group: numbers in earlier groups. */
  #groupStarts: Int32Array<ArrayBuffer>;
  #blocks = 1;

  /** @param room Blocks there is room for; one is there from the start, empty. */
  constructor(room: number) {
    this.#counts = new Int32Array(room);
    this.#starts = new Int32Array(room);
    this.#groupStarts = new Int32Array(groupsOf(room));
  }

  /** Blocks in use. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Blocks there is room for. */
  get room(): number {
    return this.#counts.length;
  }

  /** Numbers in a block. */
  of(block: number): number {
    return this.#counts[block] as number;
  }

  /** Numbers in all earlier blocks. O(1). */
  before(block: number): number {
    return (this.#groupStarts[block >>> GROUP_BITS] as number) + (this.#starts[block] as number);
  }

  /** The block with the `i`-th smallest number. O(log blocks). */
  blockAt(i: number): number {
    const group = countAtMost(this.#groupStarts, 1, groupsOf(this.#blocks) - 1, i);
    const first = group << GROUP_BITS;
    const others = Math.min(GROUP, this.#blocks - first) - 1;
    const within = i - (this.#groupStarts[group] as number);
    return first + countAtMost(this.#starts, first + 1, others, within);
  }

  /** Changes the count of a block, but not the sums. */
  set(block: number, count: number): void {
    this.#counts[block] = count;
  }

  /** Makes the sums good after the count of one block has grown by 1. */
  added(block: number): void {
    this.#shiftBlocks(block, 1);
    this.#shiftGroups((block >>> GROUP_BITS) + 1, groupsOf(this.#blocks), 1);
  }

  /** Makes the sums good after a number has left `left` and one has come to `to`. */
  replaced(left: number, to: number): void {
    if (left === to) return;
    this.#shiftBlocks(left, -1);
    this.#shiftBlocks(to, 1);
    const leftGroup = left >>> GROUP_BITS;
    const toGroup = to >>> GROUP_BITS;
    if (leftGroup < toGroup) this.#shiftGroups(leftGroup + 1, toGroup + 1, -1);
    else this.#shiftGroups(toGroup + 1, leftGroup + 1, 1);
  }

  /** Makes all sums anew. O(blocks). */
  sum(): void {
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
  }

  /** Puts `counts[0..blocks)` in use, whatever they are. */
  reset(blocks: number): void {
    this.#blocks = blocks;
  }

  /** Makes place for one block at `block`; those from there on move up. There is {@link room}. */
  insert(block: number): void {
    this.#counts.copyWithin(block + 1, block, this.#blocks);
    this.#blocks += 1;
  }

  /** Takes a block out; those behind it move down. */
  remove(block: number): void {
    this.#counts.copyWithin(block, block + 1, this.#blocks);
    this.#blocks -= 1;
  }

  /** Makes room for `room` blocks, more than there is. */
  grow(room: number): void {
    this.#counts = enlarged(this.#counts, room);
    this.#starts = enlarged(this.#starts, room);
    this.#groupStarts = enlarged(this.#groupStarts, groupsOf(room));
  }

  #shiftBlocks(block: number, by: number): void {
    const starts = this.#starts;
    const end = Math.min((block | (GROUP - 1)) + 1, this.#blocks);
    for (let b = block + 1; b < end; b++) starts[b] = (starts[b] as number) + by;
  }

  #shiftGroups(from: number, to: number, by: number): void {
    const starts = this.#groupStarts;
    for (let g = from; g < to; g++) starts[g] = (starts[g] as number) + by;
  }
}

/** A longer array that starts with the same numbers. */
export function enlarged(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}

function groupsOf(blocks: number): number {
  return Math.ceil(blocks / GROUP);
}
