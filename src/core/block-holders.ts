import { enlarged } from "./block-counts.ts";

/**
 * Which block of an ordered multiset has what once was put into a place, wherever blocks have moved since.
 *
 * When a full block is halved, half of its numbers move to a new place behind it, and of no number is it
 * known which half that was: the answer may be a block or two before the right one.
 */
export class BlockHolders {
  /** Of each place: its block; when it is free, the block that took its numbers over. */
  #blocks: Int32Array<ArrayBuffer>;

  /** @param room Places. */
  constructor(room: number) {
    this.#blocks = new Int32Array(room);
  }

  /** The block that has what was put into `place`, or one near it. */
  of(place: number): number {
    return this.#blocks[place] as number;
  }

  /** Follows a new block in `place`; those from `block` on have moved up. O(places). */
  inserted(block: number, place: number): void {
    const blocks = this.#blocks;
    for (let i = 0; i < blocks.length; i++) {
      if ((blocks[i] as number) >= block) blocks[i] = (blocks[i] as number) + 1;
    }
    blocks[place] = block;
  }

  /** Follows a block that is gone, its numbers to the one before; those behind it have moved down. O(places). */
  removed(block: number): void {
    const blocks = this.#blocks;
    for (let i = 0; i < blocks.length; i++) {
      if ((blocks[i] as number) >= block) blocks[i] = Math.max(0, (blocks[i] as number) - 1);
    }
  }

  /** Forgets everything but where blocks are now. @param places Of each block. */
  reset(places: Int32Array): void {
    this.#blocks.fill(0);
    for (let block = 0; block < places.length; block++)
      this.#blocks[places[block] as number] = block;
  }

  /** Makes room for `room` places, more than there is. */
  grow(room: number): void {
    this.#blocks = enlarged(this.#blocks, room);
  }
}
