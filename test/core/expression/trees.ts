import fc from "fast-check";
import {
  ARITHMETIC,
  type BooleanNode,
  COMPARISONS,
  type NumberNode,
} from "../../../src/core/expression/ast.ts";

/** Names of the trees: plain ones, words of the grammar, and some that need back quotes. */
export const NAMES = ["a", "b_mean_10", "q99.9", "größe", "min", "and", "two words", "``", "3rd"];

/** Any expression. */
export const trees: fc.Arbitrary<BooleanNode> = fc.letrec<{
  number: NumberNode;
  truth: BooleanNode;
}>((tie) => ({
  number: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("name"), name: fc.constantFrom(...NAMES) }),
    fc.record({ kind: fc.constant("number"), value: fc.oneof(fc.nat(3), positive()) }),
    fc.record({ kind: fc.constant("negate"), of: tie("number") }),
    fc.record({
      kind: fc.constant("arithmetic"),
      operator: fc.constantFrom(...ARITHMETIC),
      left: tie("number"),
      right: tie("number"),
    }),
    fc.record({ kind: fc.constant("call"), name: fc.constant("abs"), of: fc.tuple(tie("number")) }),
    fc.record({
      kind: fc.constant("call"),
      name: fc.constantFrom("min", "max"),
      of: fc.oneof(
        fc.tuple(tie("number"), tie("number")),
        fc.tuple(tie("number"), tie("number"), tie("number")),
      ),
    }),
  ),
  truth: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constant("compare"),
      operator: fc.constantFrom(...COMPARISONS),
      left: tie("number"),
      right: tie("number"),
    }),
    fc.record({ kind: fc.constant("not"), of: tie("truth") }),
    fc.record({
      kind: fc.constant("logic"),
      operator: fc.constantFrom("and", "or"),
      left: tie("truth"),
      right: tie("truth"),
    }),
  ),
})).truth;

function positive(): fc.Arbitrary<number> {
  return fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).map(Math.abs);
}
