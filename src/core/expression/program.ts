import type { Arithmetic, BooleanNode, Comparison, ExpressionNode, FunctionName } from "./ast.ts";

/**
 * An expression, compiled for a stack of numbers. Plain data, so it can be sent to another thread.
 */
export interface Program {
  /** Operations, in order of execution. */
  readonly code: Uint8Array;
  /** Index of the input or the constant of each operation; 0 for other operations. */
  readonly operands: Uint16Array;
  readonly constants: Float64Array;
  /** Maximum stack depth. */
  readonly depth: number;
}

/** Results of a program. */
export const FALSE = 0;
export const TRUE = 1;
/** A missing value makes the result unknown. */
export const UNKNOWN = 2;

const INPUT = 0;
const CONSTANT = 1;
const NEGATE = 2;
const ABS = 3;
const NOT = 4;
const AND = 5;
const OR = 6;
const ADD = 7;
const SUBTRACT = 8;
const MULTIPLY = 9;
const DIVIDE = 10;
const MIN = 11;
const MAX = 12;
const BELOW = 13;
const AT_MOST = 14;
const ABOVE = 15;
const AT_LEAST = 16;
const EQUAL = 17;
const DIFFERENT = 18;
const UNARY = NOT; // the last operation that takes one number

const CODES: Readonly<Record<Arithmetic | Comparison | "and" | "or", number>> = {
  "+": ADD,
  "-": SUBTRACT,
  "*": MULTIPLY,
  "/": DIVIDE,
  "<": BELOW,
  "<=": AT_MOST,
  ">": ABOVE,
  ">=": AT_LEAST,
  "==": EQUAL,
  "!=": DIFFERENT,
  and: AND,
  or: OR,
};

/** The stack of the running program; programs run one at a time. */
let stack = new Float64Array(64);

/**
 * Compiles an expression.
 *
 * @param inputs Names of the columns that {@link runProgram} will get, in order.
 * @throws {RangeError} If the expression has a name that is not an input.
 */
export function compileExpression(root: BooleanNode, inputs: readonly string[]): Program {
  const code: number[] = [];
  const operands: number[] = [];
  const constants: number[] = [];
  const emit = (operation: number, operand = 0): void => {
    code.push(operation);
    operands.push(operand);
  };
  const visit = (node: ExpressionNode): number => {
    switch (node.kind) {
      case "number":
        emit(CONSTANT, constants.push(node.value) - 1);
        return 1;
      case "name": {
        const input = inputs.indexOf(node.name);
        if (input < 0) throw new RangeError(`No input is named "${node.name}"`);
        emit(INPUT, input);
        return 1;
      }
      case "negate":
      case "not": {
        const depth = visit(node.of);
        emit(node.kind === "not" ? NOT : NEGATE);
        return depth;
      }
      case "call":
        return visitCall(node.name, node.of);
      default: {
        const depth = Math.max(visit(node.left), 1 + visit(node.right));
        emit(CODES[node.operator]);
        return depth;
      }
    }
  };
  const visitCall = (name: FunctionName, parts: readonly ExpressionNode[]): number => {
    let depth = 0;
    parts.forEach((part, i) => {
      depth = Math.max(depth, visit(part) + Math.min(i, 1));
      if (i > 0) emit(name === "min" ? MIN : MAX);
    });
    if (name === "abs") emit(ABS);
    return depth;
  };
  const depth = visit(root);
  return {
    code: Uint8Array.from(code),
    operands: Uint16Array.from(operands),
    constants: Float64Array.from(constants),
    depth,
  };
}

/**
 * Runs a program over one row. Allocates nothing.
 *
 * A missing value, a division by zero and a result too large for a number are missing; comparing
 * something missing is unknown; `false and unknown` is false, `true or unknown` is true.
 *
 * @returns {@link TRUE}, {@link FALSE} or {@link UNKNOWN}.
 */
export function runProgram(
  { code, operands, constants, depth }: Program,
  inputs: readonly Float64Array[],
  row: number,
): number {
  if (depth > stack.length) stack = new Float64Array(depth);
  const numbers = stack;
  let top = -1;
  for (let i = 0; i < code.length; i++) {
    const operation = code[i] as number;
    if (operation === INPUT) {
      const value = (inputs[operands[i] as number] as Float64Array)[row] as number;
      numbers[++top] = finite(value);
    } else if (operation === CONSTANT) {
      numbers[++top] = constants[operands[i] as number] as number;
    } else if (operation <= UNARY) {
      numbers[top] = unary(operation, numbers[top] as number);
    } else {
      top -= 1;
      numbers[top] = binary(operation, numbers[top] as number, numbers[top + 1] as number);
    }
  }
  const result = numbers[0] as number;
  return Number.isNaN(result) ? UNKNOWN : result;
}

function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}

function unary(operation: number, value: number): number {
  if (operation === NEGATE) return -value;
  return operation === ABS ? Math.abs(value) : 1 - value;
}

/** Truth values are 1, 0 and NaN for unknown. */
function binary(operation: number, a: number, b: number): number {
  switch (operation) {
    case AND:
      return a === 0 || b === 0 ? 0 : a * b;
    case OR:
      return a === 1 || b === 1 ? 1 : a + b;
    case ADD:
      return finite(a + b);
    case SUBTRACT:
      return finite(a - b);
    case MULTIPLY:
      return finite(a * b);
    case DIVIDE:
      return finite(a / b);
    case MIN:
      return Math.min(a, b);
    case MAX:
      return Math.max(a, b);
    default:
      return a - a + (b - b) === 0 ? Number(compare(operation, a, b)) : Number.NaN;
  }
}

function compare(operation: number, a: number, b: number): boolean {
  switch (operation) {
    case BELOW:
      return a < b;
    case AT_MOST:
      return a <= b;
    case ABOVE:
      return a > b;
    case AT_LEAST:
      return a >= b;
    case EQUAL:
      return a === b;
    default:
      return a !== b;
  }
}
