import type { BooleanNode, Comparison, NumberNode } from "./ast.ts";

/** The smallest and the largest value that a number can have; infinite without a bound. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Any number. */
export const ANY: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

const OPPOSITE: Readonly<Record<Comparison, Comparison>> = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "==": "!=",
  "!=": "==",
};

/**
 * Whether an expression is true for no numbers within these intervals. False if that is not certain. O(length).
 *
 * @param intervalOf Of the values of a name.
 * @param negated Whether to ask the same of the opposite of the expression.
 */
export function isNeverTrue(
  node: BooleanNode,
  intervalOf: (name: string) => Interval,
  negated = false,
): boolean {
  switch (node.kind) {
    case "not":
      return isNeverTrue(node.of, intervalOf, !negated);
    case "logic": {
      const left = isNeverTrue(node.left, intervalOf, negated);
      const right = isNeverTrue(node.right, intervalOf, negated);
      return (node.operator === "and") === negated ? left && right : left || right;
    }
    case "compare": {
      const operator = negated ? OPPOSITE[node.operator] : node.operator;
      return neverHolds(operator, bounds(node.left, intervalOf), bounds(node.right, intervalOf));
    }
  }
}

function neverHolds(operator: Comparison, left: Interval, right: Interval): boolean {
  switch (operator) {
    case ">":
      return left.high <= right.low;
    case ">=":
      return left.high < right.low;
    case "<":
      return left.low >= right.high;
    case "<=":
      return left.low > right.high;
    case "==":
      return left.high < right.low || left.low > right.high;
    case "!=":
      return left.low === left.high && right.low === right.high && left.low === right.low;
  }
}

function bounds(node: NumberNode, intervalOf: (name: string) => Interval): Interval {
  switch (node.kind) {
    case "number":
      return { low: node.value, high: node.value };
    case "name":
      return intervalOf(node.name);
    case "negate": {
      const { low, high } = bounds(node.of, intervalOf);
      return { low: -high, high: -low };
    }
    case "arithmetic": {
      const [left, right] = [bounds(node.left, intervalOf), bounds(node.right, intervalOf)];
      if (node.operator === "+") return between([left.low + right.low, left.high + right.high]);
      if (node.operator === "-") return between([left.low - right.high, left.high - right.low]);
      if (node.operator === "/") return ANY;
      const ends = [left.low, left.high].flatMap((end) => [end * right.low, end * right.high]);
      return between(ends);
    }
    case "call": {
      const parts = node.of.map((part) => bounds(part, intervalOf));
      const lows = parts.map(({ low }) => low);
      const highs = parts.map(({ high }) => high);
      if (node.name === "abs") return absolute(parts[0] as Interval);
      const choose = node.name === "min" ? Math.min : Math.max;
      return { low: choose(...lows), high: choose(...highs) };
    }
  }
}

function absolute({ low, high }: Interval): Interval {
  const most = Math.max(Math.abs(low), Math.abs(high));
  return { low: low > 0 ? low : high < 0 ? -high : 0, high: most };
}

/** From the least to the largest of some ends; any number if one is not known. */
function between(ends: readonly number[]): Interval {
  return ends.some(Number.isNaN) ? ANY : { low: Math.min(...ends), high: Math.max(...ends) };
}
