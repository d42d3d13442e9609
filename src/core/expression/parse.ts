import {
  ARITHMETIC,
  type BooleanNode,
  COMPARISONS,
  type ExpressionNode,
  FUNCTIONS,
  type FunctionName,
  isBoolean,
  type NumberNode,
} from "./ast.ts";
import { ExpressionFault } from "./expression-fault.ts";
import { BINDING } from "./print.ts";
import { type Token, tokenize, WORDS } from "./tokens.ts";

const MAX_LENGTH = 1000;
const MAX_DEPTH = 50;

/** A name in an expression, and its 0-based places. */
interface NamePlace {
  readonly name: string;
  readonly at: number;
}

/** An expression that is true, false or unknown, and every occurrence of a name in it. */
export interface ParsedExpression {
  readonly root: BooleanNode;
  readonly names: readonly NamePlace[];
}

/**
 * Parses a rule such as `temperature > 40 and abs(humidity_diff) <= 2`: numbers, names (with spaces in
 * back quotes), `+ - * /`, comparisons, `and`, `or`, `not`, `abs`, `min`, `max`, parentheses.
 *
 * Method: operator precedence (V. Pratt, "Top down operator precedence", 1973). O(length).
 *
 * @param text At most 1000 characters, nested at most 50 deep.
 * @throws {ExpressionFault} If `text` is not such a rule.
 */
export function parseExpression(text: string): ParsedExpression {
  if (text.length > MAX_LENGTH) {
    throw new ExpressionFault(MAX_LENGTH, `is longer than ${MAX_LENGTH} characters`);
  }
  return new Parser(tokenize(text)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #names: NamePlace[] = [];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): ParsedExpression {
    const root = this.#expression(0);
    const rest = this.#peek();
    if (rest.kind !== "end") throw unexpected(rest, "an operator");
    if (!isBoolean(root)) {
      const message = "must be true or false, but is a number";
      throw new ExpressionFault(0, message, "Compare it with something, such as > 0");
    }
    return { root, names: this.#names };
  }

  /** @param least Operators that bind less tightly are left to the caller. */
  #expression(least: number): ExpressionNode {
    const start = this.#peek().at;
    let left = this.#operand();
    for (;;) {
      const operator = this.#peek();
      const binding = bindingOf(operator);
      if (binding === 0 || binding < least) break;
      this.#next += 1;
      const at = this.#peek().at;
      left = combine(operator, left, start, this.#expression(binding + 1), at);
      rejectChain(left, this.#peek());
    }
    return left;
  }

  /** An expression within another one. */
  #nested(least: number): ExpressionNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new ExpressionFault(this.#peek().at, `is nested more than ${MAX_DEPTH} deep`);
    }
    const node = this.#expression(least);
    this.#depth -= 1;
    return node;
  }

  #operand(): ExpressionNode {
    const token = this.#take();
    if (token.kind === "number") return { kind: "number", value: Number(token.text) };
    if (token.kind === "name") return this.#nameOrCall(token);
    if (token.text === "not") {
      const { at } = this.#peek();
      return { kind: "not", of: truth(this.#nested(BINDING.not), at, '"not"') };
    }
    if (token.text === "-") {
      const { at } = this.#peek();
      return { kind: "negate", of: number(this.#nested(BINDING.negate), at, '"-"') };
    }
    if (token.text === "(" && token.kind === "symbol") {
      const inner = this.#nested(0);
      this.#expect(")", token);
      return inner;
    }
    throw unexpected(token, "a number or a name");
  }

  #nameOrCall(token: Token): NumberNode {
    const open = this.#peek();
    if (open.text !== "(" || open.kind !== "symbol") {
      this.#names.push({ name: token.text, at: token.at });
      return { kind: "name", name: token.text };
    }
    const name = FUNCTIONS.find((known) => known === token.text);
    if (name === undefined) throw noFunction(token);
    this.#next += 1;
    const first = this.#argument(name);
    const more: NumberNode[] = [];
    while (this.#peek().text === "," && this.#peek().kind === "symbol") {
      this.#next += 1;
      more.push(this.#argument(name));
    }
    this.#expect(")", open);
    if ((name === "abs") !== (more.length === 0)) {
      const takes = name === "abs" ? "one number" : "two numbers or more";
      throw new ExpressionFault(token.at, `${name} takes ${takes}, not ${more.length + 1}`);
    }
    return { kind: "call", name, of: [first, ...more] };
  }

  #argument(name: FunctionName): NumberNode {
    const { at } = this.#peek();
    return number(this.#nested(0), at, name);
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token; // the last one is never taken
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#next += 1;
    return token;
  }

  #expect(text: string, open: Token): void {
    const token = this.#take();
    if (token.text === text && token.kind === "symbol") return;
    if (token.kind === "end") throw new ExpressionFault(open.at, `"${open.text}" is not closed`);
    throw unexpected(token, `"${text}"`);
  }
}

/** How tightly an operator between two parts binds; 0 if the token is not one. */
function bindingOf({ kind, text }: Token): number {
  if (kind === "word") return text === "and" ? BINDING.and : text === "or" ? BINDING.or : 0;
  if (kind !== "symbol") return 0;
  if (text === "+" || text === "-") return BINDING.sum;
  if (text === "*" || text === "/") return BINDING.product;
  return COMPARISONS.some((known) => known === text) ? BINDING.compare : 0;
}

function combine(
  { text }: Token,
  left: ExpressionNode,
  leftAt: number,
  right: ExpressionNode,
  rightAt: number,
): ExpressionNode {
  const name = `"${text}"`;
  if (text === "and" || text === "or") {
    const sides = { left: truth(left, leftAt, name), right: truth(right, rightAt, name) };
    return { kind: "logic", operator: text, ...sides };
  }
  const sides = { left: number(left, leftAt, name), right: number(right, rightAt, name) };
  const comparison = COMPARISONS.find((known) => known === text);
  if (comparison !== undefined) return { kind: "compare", operator: comparison, ...sides };
  const arithmetic = ARITHMETIC.find((known) => known === text);
  if (arithmetic === undefined) throw new RangeError(`No operator ${text}`);
  return { kind: "arithmetic", operator: arithmetic, ...sides };
}

/** `1 < x < 2` would compare a truth value with a number. */
function rejectChain(left: ExpressionNode, next: Token): void {
  if (left.kind !== "compare" || bindingOf(next) !== BINDING.compare) return;
  const message = `"${next.text}" can't follow a comparison`;
  throw new ExpressionFault(next.at, message, 'Write for example "1 < x and x < 2"');
}

function truth(node: ExpressionNode, at: number, operator: string): BooleanNode {
  if (isBoolean(node)) return node;
  const message = `${operator} takes conditions, but this is a number`;
  throw new ExpressionFault(at, message, "Compare it with something, such as > 0");
}

function number(node: ExpressionNode, at: number, operator: string): NumberNode {
  if (!isBoolean(node)) return node;
  throw new ExpressionFault(at, `${operator} takes numbers, but this is a condition`);
}

function noFunction({ text, at }: Token): ExpressionFault {
  return new ExpressionFault(
    at,
    `there is no function "${text}"`,
    `Functions are: ${FUNCTIONS.join(", ")}`,
  );
}

function unexpected({ kind, text, at }: Token, expected: string): ExpressionFault {
  const lower = text.toLowerCase();
  const hint = text !== lower && WORDS.includes(lower) ? `Write "${lower}"` : undefined;
  const found = kind === "end" ? "the end of the rule" : `"${text}"`;
  return new ExpressionFault(at, `expected ${expected}, but found ${found}`, hint);
}
