import type { Field, Token } from "./parse-format.ts";

/** Digits of an hour or minute that counts from a start. */
const ELAPSED_DIGITS = 6;

/** What the reader does with a token. */
export interface Step {
  /** Null: a text. */
  readonly field: Field | null;
  /** Code units of the text; blanks count as one. */
  readonly text: readonly number[];
  /** Fewest and most digits of a number. */
  readonly least: number;
  readonly most: number;
  /** Whether the timestamp may end before this step: the time of day, or its seconds, are then 0. */
  readonly mayEnd: boolean;
  /** Whether a dot after a word belongs to the word. */
  readonly takesDot: boolean;
  /** Whether blanks of the text may be missing: before a zone, AM and PM. */
  readonly isLoose: boolean;
}

/** Compiles the tokens of a format. */
export function stepsOf(tokens: readonly Token[], hasDate: boolean): readonly Step[] {
  const fields = tokens.map((token) => ("field" in token ? token.field : null));
  const needed = new Set<Field | null>(["Y", "y", "m", "b", "d", "j", "z"]);
  return withoutSecondFraction(tokens).map((token, i, all) => {
    const next = all[i + 1];
    const before = all[i - 1];
    const isNumber = (other: Token | undefined): boolean =>
      other !== undefined && "field" in other && !"bpaz".includes(other.field);
    const isPacked = isNumber(next) || isNumber(before);
    const seen = new Set(all.slice(0, i).map((other) => ("field" in other ? other.field : null)));
    const later = all.slice(i).map((other) => ("field" in other ? other.field : null));
    const hasTime = seen.has("H") || seen.has("I");
    const mayEnd =
      "text" in token &&
      i > 0 &&
      !later.some((field) => needed.has(field)) &&
      (hasTime ? seen.has("M") && !later.includes("p") : hasDate);
    const field = "field" in token ? token.field : null;
    const text = "text" in token ? codesOf(token.text) : [];
    const takesDot = !(next !== undefined && "text" in next && next.text.startsWith("."));
    const isFirst = fields.indexOf(field) === 0;
    const isLoose = next !== undefined && "field" in next && "pz".includes(next.field);
    const digits = digitsOf(field, isPacked, !hasDate && isFirst);
    return { field, text, ...digits, mayEnd, takesDot, isLoose };
  });
}

/** Removes `.%f` after `%S`: seconds always take a fraction. */
function withoutSecondFraction(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const last = kept.at(-1);
    const next = tokens[i + 1];
    const isMark = "text" in token && (token.text === "." || token.text === ",");
    const isSecond = last !== undefined && "field" in last && last.field === "S";
    const isFraction = next !== undefined && "field" in next && next.field === "f";
    if (isMark && isSecond && isFraction) i += 1;
    else kept.push(token);
  }
  return kept;
}

function digitsOf(
  field: Field | null,
  isPacked: boolean,
  isElapsed: boolean,
): { readonly least: number; readonly most: number } {
  if (field === "Y") return { least: 4, most: 4 };
  if (field === "j") return { least: isPacked ? 3 : 1, most: 3 };
  if (isElapsed && (field === "H" || field === "M")) return { least: 1, most: ELAPSED_DIGITS };
  return { least: isPacked || field === "y" ? 2 : 1, most: 2 };
}

/** Code units of a text in lower case, with one code for several blanks. */
function codesOf(text: string): readonly number[] {
  const plain = text.replace(/\s+/gu, " ").toLowerCase();
  return Array.from(plain, (_, i) => plain.charCodeAt(i));
}
