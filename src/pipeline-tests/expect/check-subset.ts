import type { Path } from "../../config/document.ts";
import type { Difference } from "../failure.ts";

const EXPRESSION = /^\/(.+)\/(i?)$/s;

/** Whether a text equals the expected one, or matches it if that is `/an expression/`. */
export function fitsText(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  const [, source, flags] = EXPRESSION.exec(expected) ?? [];
  if (source === undefined) return false;
  try {
    return new RegExp(source, `${flags}u`).test(actual);
  } catch {
    return false; // not a valid expression, so it was meant literally
  }
}

/**
 * Differences between a value and the part of it that is expected. Objects may have more keys than
 * expected; lists must have the same length. A text may be `/an expression/`; a number with a fraction is
 * compared to as many digits as it has.
 */
export function subsetDifferences(expected: unknown, actual: unknown, path: Path): Difference[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return [difference(path, expected, actual)];
    }
    return expected.flatMap((item, i) => subsetDifferences(item, actual[i], [...path, i]));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null || Array.isArray(actual)) {
      return [difference(path, expected, actual)];
    }
    const values = actual as Readonly<Record<string, unknown>>;
    return Object.entries(expected).flatMap(([key, item]) =>
      subsetDifferences(item, Object.hasOwn(values, key) ? values[key] : undefined, [...path, key]),
    );
  }
  return isSame(expected, actual) ? [] : [difference(path, expected, actual)];
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (typeof expected === "string" && typeof actual === "string") return fitsText(expected, actual);
  if (typeof expected !== "number" || typeof actual !== "number") return expected === actual;
  if (Number.isInteger(expected)) return expected === actual;
  return Math.abs(expected - actual) <= 0.5 * 10 ** -decimals(expected);
}

function decimals(value: number): number {
  const [, fraction = "", exponent = "0"] =
    /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(`${value}`) ?? [];
  return fraction.length - Number(exponent);
}

function difference(path: Path, expected: unknown, actual: unknown): Difference {
  const shown = (value: unknown): string =>
    value === undefined ? "absent" : JSON.stringify(value);
  return { path, expected: shown(expected), actual: shown(actual), value: actual };
}
