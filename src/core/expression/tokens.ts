import { ExpressionFault } from "./expression-fault.ts";

/** A token of an expression. */
export interface Token {
  readonly kind: "number" | "name" | "word" | "symbol" | "end";
  /** Its text; a back-quoted name without the quotes. */
  readonly text: string;
  /** 0-based place in the expression. */
  readonly at: number;
}

/** Reserved words; as names they need back quotes. */
export const WORDS: readonly string[] = ["and", "or", "not"];

const SPACE = /\s*/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy;
const QUOTED = /`((?:[^`]|``)+)`/y;
const SYMBOL = /<=|>=|==|!=|&&|\|\||<>|[-+*/<>()=,!&|]/y;

/** Hints for operators of other languages. */
const HINTS: Readonly<Record<string, string | undefined>> = {
  "&&": 'Write "and"',
  "&": 'Write "and"',
  "||": 'Write "or"',
  "|": 'Write "or"',
  "!": 'Write "not"',
  "=": 'Write "=="',
  "<>": 'Write "!="',
};

/** Whether a name can be written without back quotes. */
export function isPlainName(name: string): boolean {
  return match(NAME, name, 0) === name && !WORDS.includes(name);
}

/**
 * Splits an expression into tokens; the last one is `end`. O(length).
 *
 * @throws {ExpressionFault} At a character that no token begins with.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = match(SPACE, text, 0)?.length ?? 0;
  while (at < text.length) {
    const [token, length] = nextToken(text, at);
    tokens.push(token);
    at += length;
    at += match(SPACE, text, at)?.length ?? 0;
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}

function nextToken(text: string, at: number): [token: Token, length: number] {
  const number = match(NUMBER, text, at);
  if (number !== undefined) {
    if (!Number.isFinite(Number(number))) throw new ExpressionFault(at, `${number} is too large`);
    return [{ kind: "number", text: number, at }, number.length];
  }
  const name = match(NAME, text, at);
  if (name !== undefined) {
    return [{ kind: WORDS.includes(name) ? "word" : "name", text: name, at }, name.length];
  }
  const quoted = match(QUOTED, text, at);
  if (quoted !== undefined) {
    return [{ kind: "name", text: quoted.slice(1, -1).replaceAll("``", "`"), at }, quoted.length];
  }
  const symbol = match(SYMBOL, text, at);
  if (symbol !== undefined && !Object.hasOwn(HINTS, symbol)) {
    return [{ kind: "symbol", text: symbol, at }, symbol.length];
  }
  throw unknownSymbol(text, at, symbol);
}

function unknownSymbol(text: string, at: number, symbol: string | undefined): ExpressionFault {
  const character = symbol ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === "`") return new ExpressionFault(at, "a back quote is not closed");
  const quote = character === '"' || character === "'";
  const hint = quote ? "Write names with spaces in back quotes" : HINTS[character];
  const shown = quote ? "a quote" : `"${character}"`;
  return new ExpressionFault(at, `a rule can't contain ${shown}`, hint);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
