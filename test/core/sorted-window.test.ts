import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedWindow } from "../../src/core/sorted-window.ts";
import { StateReader, StateWriter } from "../../src/core/state-codec.ts";

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
  it("holds the newest values, sorted, and counts like a plain array", () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(value, { minLength: 1, maxLength: 10 }),
        (values, capacity, probes) => {
          const window = new SortedWindow(capacity);
          const column = Float64Array.from(values);
          for (let i = 0; i < values.length; i++) {
            add(window, capacity, column, i);
            const newest = values.slice(Math.max(0, i + 1 - capacity), i + 1);
            if (i % 17 === 0 || i === values.length - 1) {
              expect(contents(window)).toEqual(newest.map((v) => v + 0).sort((a, b) => a - b));
            }
            for (const probe of probes) {
              const below = newest.filter((v) => v < probe).length;
              expect(window.countBelow(Float64Array.of(probe), 0)).toBe(below);
              expect(window.countAtMost(Float64Array.of(probe), 0, below)).toBe(
                newest.filter((v) => v <= probe).length,
              );
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("goes on as before after save and load", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.nat(), (values, cut) => {
        const feed = (window: SortedWindow, xs: number[]): SortedWindow => {
          const column = Float64Array.from(xs);
          for (let i = 0; i < xs.length; i++) add(window, 70, column, i);
          return window;
        };
        const at = cut % values.length;
        const before = feed(new SortedWindow(70), values.slice(0, at));
        const writer = new StateWriter();
        before.save(writer);
        const after = new SortedWindow(70);
        after.load(new StateReader(writer.finish()));
        feed(after, values.slice(at));
        expect(contents(after)).toEqual(contents(feed(before, values.slice(at))));
      }),
    );
  });

  it("refuses a saved window that is larger than it may be", () => {
    const writer = new StateWriter();
    const large = new SortedWindow(10);
    for (let i = 0; i < 10; i++) large.push(Float64Array.of(i), 0);
    large.save(writer);
    expect(() => new SortedWindow(9).load(new StateReader(writer.finish()))).toThrow(RangeError);
  });

  it("refuses a value beyond its capacity", () => {
    const window = new SortedWindow(1);
    window.push(Float64Array.of(1), 0);
    expect(() => window.push(Float64Array.of(2), 0)).toThrow(RangeError);
  });
});
