/**
 * An expression as a tree. Its types separate numbers and truth values, so a parsed tree is type-checked.
 *
 * @module
 */

export const ARITHMETIC = ["+", "-", "*", "/"] as const;
export const COMPARISONS = ["<", "<=", ">", ">=", "==", "!="] as const;
export const FUNCTIONS = ["abs", "min", "max"] as const;

/** `+ - * /`. */
export type Arithmetic = (typeof ARITHMETIC)[number];

/** `< <= > >= == !=`. */
export type Comparison = (typeof COMPARISONS)[number];

/** A function of numbers. */
export type FunctionName = (typeof FUNCTIONS)[number];

/** A node with a number as its value; the number may be missing. */
export type NumberNode =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "negate"; readonly of: NumberNode }
  | {
      readonly kind: "arithmetic";
      readonly operator: Arithmetic;
      readonly left: NumberNode;
      readonly right: NumberNode;
    }
  | {
      readonly kind: "call";
      readonly name: FunctionName;
      readonly of: readonly [NumberNode, ...NumberNode[]];
    };

/** A node that is true, false or unknown. */
export type BooleanNode =
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: NumberNode;
      readonly right: NumberNode;
    }
  | { readonly kind: "not"; readonly of: BooleanNode }
  | {
      readonly kind: "logic";
      readonly operator: "and" | "or";
      readonly left: BooleanNode;
      readonly right: BooleanNode;
    };

/** Any part of an expression. */
export type ExpressionNode = NumberNode | BooleanNode;

/** Whether a part has a truth value. */
export function isBoolean(node: ExpressionNode): node is BooleanNode {
  return node.kind === "compare" || node.kind === "not" || node.kind === "logic";
}
