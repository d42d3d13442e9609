import type { ExpressionNode } from "./ast.ts";
import { isPlainName } from "./tokens.ts";

/** How tightly the operators bind; a tighter one needs no parentheses. */
export const BINDING = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  sum: 5,
  product: 6,
  negate: 7,
} as const;

/**
 * Prints an expression in its canonical form: single spaces, only necessary parentheses. Parsing the
 * result gives the same tree.
 */
export function printExpression(node: ExpressionNode): string {
  return print(node, 0);
}

/** @param least Operators that bind less tightly get parentheses. */
function print(node: ExpressionNode, least: number): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "name":
      return isPlainName(node.name) ? node.name : `\`${node.name.replaceAll("`", "``")}\``;
    case "call":
      return `${node.name}(${node.of.map((part) => print(part, 0)).join(", ")})`;
    case "negate":
      return within(BINDING.negate, least, `-${print(node.of, BINDING.negate)}`);
    case "not":
      return within(BINDING.not, least, `not ${print(node.of, BINDING.not)}`);
    case "compare":
      return binary(node.operator, node.left, node.right, BINDING.compare, 1, least);
    case "logic":
      return binary(node.operator, node.left, node.right, BINDING[node.operator], 0, least);
    case "arithmetic": {
      const sum = node.operator === "+" || node.operator === "-";
      const binding = sum ? BINDING.sum : BINDING.product;
      return binary(node.operator, node.left, node.right, binding, 0, least);
    }
  }
}

/** @param more How much more tightly the left side must bind; 0 for left-associative operators. */
function binary(
  operator: string,
  left: ExpressionNode,
  right: ExpressionNode,
  binding: number,
  more: number,
  least: number,
): string {
  const text = `${print(left, binding + more)} ${operator} ${print(right, binding + 1)}`;
  return within(binding, least, text);
}

function within(binding: number, least: number, text: string): string {
  return binding < least ? `(${text})` : text;
}
