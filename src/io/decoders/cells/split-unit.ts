import { isUnit } from "../keyvalue/measure.ts";

/** A number as written, and the unit behind it. */
export interface UnitParts {
  readonly number: string;
  /** "" for none. */
  readonly unit: string;
  /** Whether it may be a name: `2A`, a whole number with a letter right behind. */
  readonly isNameLike: boolean;
}

const MAX_LENGTH = 60;
/** A sign, digits with any marks and groups, an exponent; then the unit, which begins with another character. */
const PARTS =
  /^([-+]?\d(?:[\d.,]|[ \u00a0\u202f'’](?=\d{3}))*(?:[eE][-+]?\d+)?|[-+]?[.,]\d+)[ \u00a0\u202f]*(\D.{0,11})?$/su;
/** The minus sign of typography. */
const MINUS = /^[\u2212\u2013](?=[\d.,])/u;
const WORD = /^\p{L}/u;

/** Splits `21.4 °C` into number and unit; null without a number in front. */
export function splitUnit(cell: string): UnitParts | null {
  if (cell.length > MAX_LENGTH) return null;
  const text = cell.replace(MINUS, "-");
  const [, number, unit = ""] = PARTS.exec(text) ?? [];
  if (number === undefined || (unit !== "" && !isUnit(unit))) return null;
  const isAttached = text.length === number.length + unit.length;
  const isNameLike = isAttached && WORD.test(unit) && /^\d+$/.test(number);
  return { number, unit, isNameLike };
}
