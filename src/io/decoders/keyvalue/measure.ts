import { isUnit } from "./units.ts";

/** A value that begins with a number. */
export interface Measure {
  /** The number as written. */
  readonly number: string;
  /** What is behind it; "" when nothing is. */
  readonly unit: string;
}

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/;
/** A longer one is no number of anybody's. */
const MAX_LENGTH = 60;

/** Splits `23.4C` into number and unit; null when it is something else, also when what follows is no unit. */
export function parseMeasure(text: string): Measure | null {
  if (text.length > MAX_LENGTH) return null;
  const number = NUMBER.exec(text)?.[0];
  if (number === undefined) return null;
  const unit = text.slice(number.length);
  return unit === "" || isUnit(unit) ? { number, unit } : null;
}
