import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedWindow, sortedWindowBytes } from "../../../src/core/sorted-window/sorted-window.ts";
import { WindowMemory } from "../../../src/core/sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";
import { FlatWindow } from "../../support/flat-window.ts";
import { Random } from "../../support/random.ts";
import { voter } from "../../support/vote.ts";

type Series = (i: number, random: Random) => number;

/** Kinds of series that put blocks to the test in different ways. */
const series: Record<string, Series> = {
  noise: (_, random) => random.normal(),
  "many ties": (_, random) => Math.round(2 * random.normal()),
  "one value": () => 7,
  "a ramp up": (i) => i,
  "a ramp down": (i) => -i,
  "a slow wave": (i, random) => Math.sin(i / 300) + 0.01 * random.normal(),
  "zeros of both signs": (i) => (i % 3 === 0 ? -0 : 0),
  "two levels": (i, random) => (i % 2000 < 1000 ? 0 : 1e9) + random.normal(),
};

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }), // many ties
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** The window's values, smallest first. */
const contents = (window: SortedWindow): number[] =>
  Array.from({ length: window.length }, (_, i) => window.at(i));

function add(window: SortedWindow, capacity: number, column: Float64Array, i: number): void {
  if (window.length < capacity) window.push(column, i);
  else window.slide(column, i);
}

describe("SortedWindow", () => {
  it("holds the newest values in order, and counts like a plain array", () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(value, { minLength: 1, maxLength: 10 }),
        (values, capacity, probes) => {
          const memory = new WindowMemory();
          const window = new SortedWindow(memory, capacity);
          const vote = voter(memory, window);
          const column = Float64Array.from(values);
          for (let i = 0; i < values.length; i++) {
            add(window, capacity, column, i);
            const newest = values.slice(Math.max(0, i + 1 - capacity), i + 1);
            if (i % 17 === 0 || i === values.length - 1) {
              expect(contents(window)).toEqual(newest.map((v) => v + 0).sort((a, b) => a - b));
            }
            for (const probe of probes) {
              const below = newest.filter((v) => v < probe).length;
              const atLeast = window.countAtLeast(Float64Array.of(probe), 0);
              expect(atLeast).toBe(newest.length - below);
              const atMost = newest.filter((v) => v <= probe).length;
              expectVote(vote(probe), newest.length, below, atMost);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("continues after save and load", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.nat(), (values, cut) => {
        const feed = (window: SortedWindow, xs: number[]): SortedWindow => {
          const column = Float64Array.from(xs);
          for (let i = 0; i < xs.length; i++) add(window, 70, column, i);
          return window;
        };
        const at = cut % values.length;
        const before = feed(new SortedWindow(new WindowMemory(), 70), values.slice(0, at));
        const writer = new StateWriter();
        before.save(writer);
        const after = new SortedWindow(new WindowMemory(), 70);
        after.load(new StateReader(writer.finish()));
        feed(after, values.slice(at));
        expect(contents(after)).toEqual(contents(feed(before, values.slice(at))));
      }),
    );
  });

  it("rejects a saved window above its capacity", () => {
    const writer = new StateWriter();
    const large = new SortedWindow(new WindowMemory(), 10);
    for (let i = 0; i < 10; i++) large.push(Float64Array.of(i), 0);
    large.save(writer);
    expect(() =>
      new SortedWindow(new WindowMemory(), 9).load(new StateReader(writer.finish())),
    ).toThrow(RangeError);
  });

  it("rejects a value above its capacity", () => {
    const window = new SortedWindow(new WindowMemory(), 1);
    window.push(Float64Array.of(1), 0);
    expect(() => window.push(Float64Array.of(2), 0)).toThrow(RangeError);
  });
});

describe.each(Object.entries(series))("SortedWindow on %s", (_, next) => {
  it("gives the same answers as a sorted array after each value", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 1500 }), (seed, capacity) => {
        const random = new Random(seed);
        const plain = new FlatWindow(capacity);
        const memory = new WindowMemory();
        const window = new SortedWindow(memory, capacity);
        const vote = voter(memory, window);
        const column = new Float64Array(3 * capacity + 10);
        for (let i = 0; i < column.length; i++) {
          const x = next(i, random);
          column[i] = x;
          expect(window.countAtLeast(column, i)).toBe(plain.length - plain.countBelow(x));
          if (plain.length > 0) {
            expectVote(vote(x), plain.length, plain.countBelow(x), plain.countAtMost(x));
          }
          if (plain.length < capacity) plain.push(x);
          else plain.slide(x);
          add(window, capacity, column, i);
        }
        expectSame(window, plain);
      }),
      { numRuns: 4 },
    );
  });

  it("gives the same answers after save and load", () => {
    const random = new Random(1);
    const window = new SortedWindow(new WindowMemory(), 1000);
    const plain = new FlatWindow(1000);
    const column = Float64Array.from({ length: 5000 }, (_, i) => next(i, random));
    const feed = (to: SortedWindow, from: number, end: number): void => {
      for (let i = from; i < end; i++) {
        if (plain.length < 1000) plain.push(column[i] as number);
        else plain.slide(column[i] as number);
        add(to, 1000, column, i);
      }
    };
    feed(window, 0, 1700);
    const writer = new StateWriter();
    window.save(writer);
    const after = new SortedWindow(new WindowMemory(), 1000);
    after.load(new StateReader(writer.finish()));
    expectSame(after, plain);
    feed(after, 1700, 5000);
    expectSame(after, plain);
  });

  it("uses at most the predicted memory", () => {
    for (const capacity of [1, 60, 500, 5000]) {
      const random = new Random(2);
      const window = new SortedWindow(new WindowMemory(), capacity);
      const column = Float64Array.from({ length: 6 * capacity }, (_, i) => next(i, random));
      for (let i = 0; i < column.length; i++) add(window, capacity, column, i);
      expect(window.bytes).toBeLessThanOrEqual(sortedWindowBytes(capacity));
    }
  });
});

/** Expects the vote that follows from how many of `n` values are below and at most the value. */
function expectVote(
  { surprise, high }: { readonly surprise: number; readonly high: boolean },
  n: number,
  below: number,
  atMost: number,
): void {
  const atLeast = n - below;
  expect(surprise).toBeCloseTo(-Math.log((Math.min(atMost, atLeast) + 1) / (n + 1)), 12);
  expect(high).toBe(atLeast <= atMost);
}

function expectSame(window: SortedWindow, plain: FlatWindow): void {
  expect(window.length).toBe(plain.length);
  for (let i = 0; i < plain.length; i++) expect(window.at(i)).toBe(plain.at(i) + 0);
  const k = Math.floor(plain.length / 3);
  if (k === 0) return;
  let sum = 0;
  for (let i = k; i < plain.length; i++) sum += plain.at(i) - plain.at(k - 1);
  expect(window.topExcess(plain.length - k)).toBe(sum / (plain.length - k));
}
