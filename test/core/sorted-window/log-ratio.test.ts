import fc from "fast-check";
import { expect, it } from "vitest";
import { SortedWindow } from "../../../src/core/sorted-window/sorted-window.ts";
import { WindowMemory } from "../../../src/core/sorted-window/window-memory.ts";
import { voter } from "../../support/vote.ts";

const ONE = 1n << 160n;

/** ln of a double in (0, 1], in units of 2^-160: ln x = -2 atanh((1 - x) / (1 + x)), halved until near 1. */
function exactLog(x: number): bigint {
  let halvings = 0;
  let mantissa = x;
  while (mantissa < 0.75) {
    mantissa *= 2;
    halvings += 1;
  }
  return atanhLog(mantissa) - BigInt(halvings) * -atanhLog(0.5);
}

function atanhLog(x: number): bigint {
  const value = BigInt(x * 2 ** 60) * (ONE >> 60n);
  const z = ((value - ONE) * ONE) / (value + ONE);
  let power = z;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * z * z) / (ONE * ONE);
  }
  return 2n * sum;
}

/**
 * Surprises of 1 in a reference of `n` values, of which so many are 1 and the others 0:
 * -ln((ones + 1) / (n + 1)).
 */
function surprises(n: number, ones: readonly number[]): number[] {
  const memory = new WindowMemory();
  const reference = new SortedWindow(memory, n);
  const vote = voter(memory, reference);
  const values = Float64Array.of(0, 1);
  for (let i = 0; i < n; i++) reference.push(values, 0);
  let present = 0;
  return ones.map((count) => {
    for (; present < count; present++) reference.slide(values, 1);
    return vote(1).surprise;
  });
}

it("rounds the logarithm of the rounded quotient correctly", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
      (n, seeds) => {
        const ones = seeds.map((seed) => seed % (n + 1)).sort((a, b) => a - b);
        const expected = ones.map((count) => {
          const exact = exactLog((count + 1) / (n + 1));
          return -(Number(exact) / Number(ONE)); // rounds once: `exact` has far more bits than a double
        });
        expect(surprises(n, ones)).toEqual(expected);
      },
    ),
    { numRuns: 100 },
  );
});

it("gives 0 for equal numbers", () => {
  for (const n of [1, 2, 511, 512, 513, 5001]) expect(surprises(n, [n])[0]).toBeCloseTo(0, 300);
});
