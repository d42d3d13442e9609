import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExpression } from "../../../src/core/expression/parse.ts";
import {
  compileExpression,
  FALSE,
  runProgram,
  TRUE,
  UNKNOWN,
} from "../../../src/core/expression/program.ts";
import { truthOf } from "./interpreter.ts";
import { NAMES, trees } from "./trees.ts";

function run(text: string, values: Readonly<Record<string, number>>): number {
  const program = compileExpression(parseExpression(text).root, Object.keys(values));
  return runProgram(
    program,
    Object.values(values).map((value) => Float64Array.of(0, value)),
    1,
  );
}

describe("runProgram", () => {
  it("gives the result of a slow evaluation of the tree", () => {
    const values = fc.array(
      fc.oneof(fc.constantFrom(0, -0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY), fc.double()),
      { minLength: NAMES.length, maxLength: NAMES.length },
    );
    const outcomes = new Set<number>();
    fc.assert(
      fc.property(trees, values, (tree, row) => {
        const named = NAMES.map((name, i) => [name, row[i] as number] as const);
        const expected = truthOf(tree, Object.fromEntries(named));
        const columns = row.map((value) => Float64Array.of(value));
        const outcome = runProgram(compileExpression(tree, NAMES), columns, 0);
        outcomes.add(outcome);
        expect(outcome).toBe(expected === "unknown" ? UNKNOWN : expected ? TRUE : FALSE);
      }),
      { numRuns: 3000 },
    );
    expect(outcomes).toEqual(new Set([TRUE, FALSE, UNKNOWN]));
  });

  it.each([
    ["a > 1", UNKNOWN],
    ["b > 1 and a > 1", UNKNOWN],
    ["b < 1 and a > 1", FALSE],
    ["a > 1 or b > 1", TRUE],
    ["a > 1 or b < 1", UNKNOWN],
    ["not a > 1", UNKNOWN],
    ["a == a", UNKNOWN],
    ["max(a, b) > 0", UNKNOWN],
    ["b / (b - b) > 0", UNKNOWN],
    ["b * 1e308 * 10 > 0", UNKNOWN],
  ])("with a missing and b = 2, %s is %i", (text, expected) => {
    expect(run(text, { a: Number.NaN, b: 2 })).toBe(expected);
  });

  it("needs a deep stack for a tree that is nested to the right", () => {
    const text = `${"a - (".repeat(40)}a${")".repeat(40)} > 0`;
    const program = compileExpression(parseExpression(text).root, ["a"]);
    expect(program.depth).toBe(41);
    expect(run(text, { a: 3 })).toBe(TRUE);
  });
});
