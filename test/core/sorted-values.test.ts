import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedValues, sortedValuesBytes } from "../../src/core/sorted-values.ts";
import { FlatWindow } from "../support/flat-window.ts";
import { Random } from "../support/random.ts";

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

describe.each(Object.entries(series))("SortedValues on %s", (_, next) => {
  it("answers like one flat sorted array, value by value", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 1500 }), (seed, capacity) => {
        const random = new Random(seed);
        const plain = new FlatWindow(capacity);
        const values = new SortedValues(capacity);
        const arrivals = new Float64Array(3 * capacity + 10);
        for (let i = 0; i < arrivals.length; i++) {
          const x = next(i, random);
          arrivals[i] = x;
          const below = values.countBelow(arrivals, i);
          expect(below).toBe(plain.countBelow(x));
          expect(values.countAtMost(arrivals, i, below)).toBe(plain.countAtMost(x));
          if (plain.length < capacity) {
            plain.push(x);
            values.insert(arrivals, i);
          } else {
            plain.slide(x);
            // a guess, good or bad, is only a guess
            values.replace(arrivals, i - capacity, (7 * i) % 40, arrivals, i);
          }
        }
        expectSame(values, plain);
      }),
      { numRuns: 4 },
    );
  });
});

function expectSame(values: SortedValues, plain: FlatWindow): void {
  expect(values.length).toBe(plain.length);
  for (let i = 0; i < plain.length; i++) expect(values.at(i)).toBe(plain.at(i) + 0);
  const k = Math.floor(plain.length / 3);
  let sum = 0;
  for (let i = k; i < plain.length; i++) sum += plain.at(i) - plain.at(0);
  expect(values.excess(k, plain.length, plain.at(0))).toBe(sum);
}

describe("SortedValues", () => {
  it("goes on after a reset as if the numbers had come one by one", () => {
    const random = new Random(1);
    const numbers = Float64Array.from({ length: 1000 }, () => random.normal());
    const values = new SortedValues(1000);
    values.reset(numbers.slice().sort());
    const plain = new FlatWindow(1000);
    for (const x of numbers) plain.push(x);
    expectSame(values, plain);
    const all = Float64Array.from({ length: 4000 }, (_, i) => numbers[i] ?? random.normal());
    for (let i = 1000; i < 4000; i++) {
      plain.slide(all[i] as number);
      values.replace(all, i - 1000, 0, all, i);
    }
    expectSame(values, plain);
  });

  it("stays within the memory that is predicted for it, however the numbers move", () => {
    for (const next of Object.values(series)) {
      const random = new Random(2);
      for (const capacity of [1, 60, 500, 5000]) {
        const values = new SortedValues(capacity);
        const arrivals = Float64Array.from({ length: 6 * capacity }, (_, i) => next(i, random));
        for (let i = 0; i < arrivals.length; i++) {
          if (i < capacity) values.insert(arrivals, i);
          else values.replace(arrivals, i - capacity, 0, arrivals, i);
        }
        expect(values.bytes).toBeLessThanOrEqual(sortedValuesBytes(capacity));
      }
    }
  });
});
