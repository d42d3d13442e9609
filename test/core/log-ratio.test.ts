import fc from "fast-check";
import { expect, it } from "vitest";
import { WindowMemory } from "../../src/core/window-memory.ts";

const memory = new WindowMemory();
memory.createWindow(20_001); // logarithms are there for the windows that are
const { logRatio } = memory.kernel;

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

it("logRatio is the logarithm of the rounded quotient, rounded correctly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_001 }), fc.nat(), (denominator, seed) => {
      const numerator = 1 + (seed % denominator);
      const exact = exactLog(numerator / denominator);
      // one rounding, of a number with far more bits than a double has
      expect(logRatio(numerator, denominator)).toBe(Number(exact) / Number(ONE));
    }),
    { numRuns: 2000 },
  );
});

it("logRatio of equal numbers is 0", () => {
  for (const n of [1, 2, 511, 512, 513, 5001]) expect(logRatio(n, n)).toBe(0);
});
