import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExpression } from "../../../src/core/expression/parse.ts";
import { ANY, type Interval, isNeverTrue } from "../../../src/core/expression/reach.ts";
import { truthOf, type Values } from "./interpreter.ts";
import { NAMES, trees } from "./trees.ts";

const end = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
const interval = fc
  .tuple(end, end)
  .map(([a, b]): Interval => ({ low: Math.min(a, b), high: Math.max(a, b) }));

describe("isNeverTrue", () => {
  it("is false for every expression that some values within the intervals make true", () => {
    let never = 0;
    fc.assert(
      fc.property(
        trees,
        fc.array(interval, { minLength: NAMES.length, maxLength: NAMES.length }),
        fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: NAMES.length })),
        (tree, intervals, draws) => {
          if (!isNeverTrue(tree, (name) => intervals[NAMES.indexOf(name)] ?? ANY)) return;
          never += 1;
          for (const shares of [NAMES.map(() => 0), NAMES.map(() => 1), ...draws]) {
            const values: Values = Object.fromEntries(
              NAMES.map((name, i) => [name, within(intervals[i] as Interval, shares[i] as number)]),
            );
            expect(truthOf(tree, values)).not.toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(never).toBeGreaterThan(100);
  });

  it.each([
    ["t > 100", true],
    ["t >= 100", false],
    ["t >= 100.1", true],
    ["t < -40", true],
    ["t <= -40", false],
    ["t == 101", true],
    ["t != 101", false],
    ["not t <= 100", true],
    ["t > 100 or t < -40", true],
    ["t > 100 or u > 5", false],
    ["t > 100 and u > 5", true],
    ["t * 1.8 + 32 > 212", true],
    ["t * 1.8 + 32 > 211", false],
    ["abs(t) > 100", true],
    ["-t > 40", true],
    ["min(t, u) > 100", true],
    ["max(t, u) > 100", false],
    ["t - u > 1000", false],
    ["t / 2 > 1000", false],
  ])("of %j is %j if t is -40 to 100", (rule, expected) => {
    const intervalOf = (name: string): Interval => (name === "t" ? { low: -40, high: 100 } : ANY);
    expect(isNeverTrue(parseExpression(rule).root, intervalOf)).toBe(expected);
  });
});

/** The value at a share of an interval, 0 to 1. */
function within({ low, high }: Interval, share: number): number {
  return Math.min(high, Math.max(low, low * (1 - share) + high * share));
}
