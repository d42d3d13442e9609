import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExpressionFault } from "../../../src/core/expression/expression-fault.ts";
import { parseExpression } from "../../../src/core/expression/parse.ts";
import { printExpression } from "../../../src/core/expression/print.ts";
import { trees } from "./trees.ts";

const plain = (text: string): string => printExpression(parseExpression(text).root);

function faultOf(text: string): [at: number, message: string, hint: string | undefined] {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionFault) return [error.at, error.message, error.hint];
    throw error;
  }
  throw new Error(`${text} has no fault`);
}

describe("parseExpression", () => {
  it("parses the output of printExpression to the same tree", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const text = printExpression(tree);
        fc.pre(text.length <= 1000);
        expect(parseExpression(text).root).toEqual(tree);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a>40", "a > 40"],
    ["a + b * 2 > -c", "a + b * 2 > -c"],
    ["(a + b) * 2 > 1", "(a + b) * 2 > 1"],
    ["a - (b - c) - d > 0", "a - (b - c) - d > 0"],
    ["(a - b) - c > 0", "a - b - c > 0"],
    ["not a > 1 and b > 2 or c > 3", "not a > 1 and b > 2 or c > 3"],
    ["not (a > 1 and (b > 2 or c > 3))", "not (a > 1 and (b > 2 or c > 3))"],
    ["min(a, b,c) == .5e1", "min(a, b, c) == 5"],
    ["`Water Temp` != 1", "`Water Temp` != 1"],
    ["`plain` < t_q99.9_50", "plain < t_q99.9_50"],
  ])("reads %s as %s", (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it("gives the place of each name", () => {
    expect(parseExpression("a > `b c` + abs(a)").names).toEqual([
      { name: "a", at: 0 },
      { name: "b c", at: 4 },
      { name: "a", at: 16 },
    ]);
  });

  it.each([
    ["", 0, "expected a number or a name, but found the end of the rule"],
    ["a", 0, "must be true or false, but is a number"],
    ["a >", 3, "expected a number or a name, but found the end of the rule"],
    ["a > 1 and 3", 10, '"and" takes conditions, but this is a number'],
    ["a and b > 1", 0, '"and" takes conditions, but this is a number'],
    ["not a", 4, '"not" takes conditions, but this is a number'],
    ["1 + (a > 2) > 3", 4, '"+" takes numbers, but this is a condition'],
    ["abs(a > 1) > 3", 4, "abs takes numbers, but this is a condition"],
    ["1 < a < 3", 6, '"<" can\'t follow a comparison'],
    ["(a > 1", 0, '"(" is not closed'],
    ["a > 1)", 5, 'expected an operator, but found ")"'],
    ["min(a > 1", 4, "min takes numbers, but this is a condition"],
    ["min(a) > 1", 0, "min takes two numbers or more, not 1"],
    ["abs(a, b) > 1", 0, "abs takes one number, not 2"],
    ["sqrt(a) > 1", 0, 'there is no function "sqrt"'],
    ["a > `b", 4, "a back quote is not closed"],
    ["a > #1", 4, 'a rule can\'t contain "#"'],
    ["a > 1e999", 4, "1e999 is too large"],
    ["a > 10m", 6, 'expected an operator, but found "m"'],
  ])("reports the fault of %j and its place", (text, at, message) => {
    expect(faultOf(text).slice(0, 2)).toEqual([at, message]);
  });

  it.each([
    ["a > 1 && b > 1", 'Write "and"'],
    ["a = 1", 'Write "=="'],
    ["!a > 1", 'Write "not"'],
    ["a > 1 AND b > 1", 'Write "and"'],
    ["'a b' > 1", "Write names with spaces in back quotes"],
  ])("suggests a correction of %j", (text, hint) => {
    expect(faultOf(text)[2]).toBe(hint);
  });

  it("limits length and nesting", () => {
    const nested = (depth: number): string => `${"(".repeat(depth)}a > 1${")".repeat(depth)}`;
    expect(plain(nested(50))).toBe("a > 1");
    expect(faultOf(nested(51))[1]).toBe("is nested more than 50 deep");
    expect(faultOf(`${"-".repeat(900)}a > 1`)[1]).toBe("is nested more than 50 deep");
    expect(faultOf(`a > 1${" ".repeat(996)}`)[1]).toBe("is longer than 1000 characters");
    expect(plain(`a > 0${" or a > 0".repeat(110)}`)).toHaveLength(995);
  });

  it("throws only ExpressionFault, with a place in the text", () => {
    const words = ["a", "`b c`", "1.5", "and", "or", "not", "abs", "min", "(", ")", ",", "-", "*"];
    const parts = fc.oneof(
      fc.constantFrom(...words, "<", "==", " ", "`", "&&", "é", "\u{1f600}", "\n"),
      fc.string({ unit: "binary", maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        try {
          const { root } = parseExpression(text);
          expect(parseExpression(printExpression(root)).root).toEqual(root);
        } catch (error) {
          if (!(error instanceof ExpressionFault)) throw error;
          expect(error.at).toBeGreaterThanOrEqual(0);
          expect(error.at).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
