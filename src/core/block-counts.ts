/** Blocks that are counted together are 2 to the power of this. */
const GROUP_BITS = 3;

/**
 * How many numbers each block of an ordered multiset holds, and how many are in earlier blocks.
 *
 * Totals are kept by group of 8 blocks: a number that leaves one block and one that enters another
 * change two of them, and the blocks before one are summed only when asked for.
 */
export class BlockCounts {
  #counts: Int32Array<ArrayBuffer>;
  /** Of each group: numbers in its blocks. */
  #groups: Int32Array<ArrayBuffer>;
  #blocks = 1;

  /** @param room Blocks there is room for; one is there from the start, empty. */
  constructor(room: number) {
    this.#counts = new Int32Array(room);
    this.#groups = new Int32Array(groupsOf(room));
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

  /** Numbers in all earlier blocks. O(blocks / 8). */
  before(block: number): number {
    const group = block >>> GROUP_BITS;
    let sum = 0;
    for (let g = 0; g < group; g++) sum += this.#groups[g] as number;
    return sum + this.between(group << GROUP_BITS, block);
  }

  /** Numbers in the blocks `from <= block < to`. O(to - from). */
  between(from: number, to: number): number {
    const counts = this.#counts;
    let sum = 0;
    for (let b = from; b < to; b++) sum += counts[b] as number;
    return sum;
  }

  /** The block with the `i`-th smallest number. O(blocks / 8). */
  blockAt(i: number): number {
    const last = groupsOf(this.#blocks) - 1;
    let group = 0;
    let left = i;
    for (; group < last && left >= (this.#groups[group] as number); group++) {
      left -= this.#groups[group] as number;
    }
    let block = group << GROUP_BITS;
    for (; block + 1 < this.#blocks && left >= this.of(block); block++) left -= this.of(block);
    return block;
  }

  /** Changes the count of a block, but not the totals. */
  set(block: number, count: number): void {
    this.#counts[block] = count;
  }

  /** Makes the totals good after the count of one block has changed. */
  changed(block: number, by: number): void {
    const group = block >>> GROUP_BITS;
    this.#groups[group] = (this.#groups[group] as number) + by;
  }

  /** Makes all totals anew. O(blocks). */
  sum(): void {
    this.#groups.fill(0);
    for (let b = 0; b < this.#blocks; b++) this.changed(b, this.of(b));
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
    this.#groups = enlarged(this.#groups, groupsOf(room));
  }
}

/** A longer array that starts with the same numbers. */
export function enlarged(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}

function groupsOf(blocks: number): number {
  return Math.ceil(blocks / (1 << GROUP_BITS));
}
