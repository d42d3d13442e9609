import type { BooleanNode, NumberNode } from "../../../src/core/expression/ast.ts";

/** Values by name; NaN and infinities are missing. */
export type Values = Readonly<Record<string, number>>;

type Truth = boolean | "unknown";

/** A number by the rules of the grammar, or null for a missing one: slow and obvious. */
function numberOf(node: NumberNode, values: Values): number | null {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  if (node.kind === "number") return node.value;
  if (node.kind === "name") return known(values[node.name] ?? Number.NaN);
  const parts = node.kind === "arithmetic" ? [node.left, node.right] : [node.of].flat();
  const numbers = parts.flatMap((part) => numberOf(part, values) ?? []);
  if (numbers.length < parts.length) return null;
  const [a = 0, b = 0] = numbers;
  if (node.kind === "negate") return -a;
  if (node.kind === "call")
    return known(node.name === "abs" ? Math.abs(a) : Math[node.name](...numbers));
  if (node.operator === "+") return known(a + b);
  if (node.operator === "-") return known(a - b);
  if (node.operator === "*") return known(a * b);
  return b === 0 ? null : known(a / b);
}

/** Truth by the rules of the grammar: slow and obvious. */
export function truthOf(node: BooleanNode, values: Values): Truth {
  if (node.kind === "not") {
    const of = truthOf(node.of, values);
    return of === "unknown" ? of : !of;
  }
  if (node.kind === "logic") {
    const sides = [truthOf(node.left, values), truthOf(node.right, values)];
    const decides = node.operator === "or";
    if (sides.includes(decides)) return decides;
    return sides.includes("unknown") ? "unknown" : !decides;
  }
  const [a, b] = [numberOf(node.left, values), numberOf(node.right, values)];
  if (a === null || b === null) return "unknown";
  switch (node.operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "==":
      return a === b;
    case "!=":
      return a !== b;
  }
}
