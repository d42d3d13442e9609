import fc from "fast-check";
import { expect, it } from "vitest";
import { BlockHolders } from "../../src/core/block-holders.ts";

/** The same, slowly: the places of the blocks in order, and where numbers of dropped ones went. */
class Blocks {
  readonly holders = new BlockHolders(1);
  readonly places = [0];
  readonly #heirs = new Map<number, number>();
  readonly #free: number[] = [];
  #room = 1;

  insert(at: number): void {
    if (this.#free.length === 0) this.holders.grow(++this.#room);
    const place = this.#free.pop() ?? this.#room - 1;
    const block = 1 + (at % this.places.length);
    this.places.splice(block, 0, place);
    this.#heirs.delete(place);
    this.holders.inserted(block, place);
  }

  remove(at: number): void {
    if (this.places.length === 1) return;
    const block = at % this.places.length;
    const [place] = this.places.splice(block, 1) as [number];
    const heir = this.places[Math.max(0, block - 1)] as number;
    for (const [left, to] of this.#heirs) if (to === place) this.#heirs.set(left, heir);
    this.#heirs.set(place, heir);
    this.#free.push(place);
    this.holders.removed(block);
  }

  check(): void {
    for (const [block, place] of this.places.entries()) {
      expect(this.holders.of(place)).toBe(block);
    }
    for (const [place, heir] of this.#heirs) {
      expect(this.holders.of(place)).toBe(this.places.indexOf(heir));
    }
  }
}

const change = fc.record({ kind: fc.constantFrom("insert", "insert", "remove"), at: fc.nat(200) });

it("a block is found by its place wherever it moves, and what a dropped one held in the one before", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const blocks = new Blocks();
      for (const { kind, at } of changes) {
        if (kind === "insert") blocks.insert(at);
        else blocks.remove(at);
        blocks.check();
      }
    }),
  );
});

it("after a reset only where blocks are now counts", () => {
  const holders = new BlockHolders(4);
  holders.inserted(0, 2);
  holders.reset(Int32Array.of(3, 1, 0));
  expect([0, 1, 2, 3].map((place) => holders.of(place))).toEqual([2, 1, 0, 0]);
});
