import { formatDuration, parseDuration } from "../units/duration.ts";
import { type RollingFunctionName, rollingFunctions } from "./registry.ts";
import type { RollingFunction, Window } from "./rolling-function.ts";

/** The parts of a feature name: `temperature_mean_10`, `temperature_q95_5m`, `temperature_diff`. */
export interface FeatureNameParts {
  /** Name of the column. */
  readonly column: string;
  readonly function: RollingFunctionName;
  /** Null: the default window of the function. */
  readonly window: Window | null;
  /** 0..1, for `quantile`; else null. */
  readonly quantile: number | null;
}

const FUNCTION_NAMES = Object.keys(rollingFunctions) as RollingFunctionName[];

const QUANTILE_PATTERN = /^q(\d{1,3}(?:\.\d+)?)$/;

/**
 * Parses a conventional name, `<column>_<function>` or `<column>_<function>_<window>`. A quantile is
 * `q` and its percentage, as in `temperature_q95_50`.
 *
 * @param columns Names of the columns; the longest that leaves a valid rest wins.
 * @returns Null if the name is a column, is not conventional, or the function does not take the window
 * or needs a second column.
 */
export function parseFeatureName(
  name: string,
  columns: readonly string[],
): FeatureNameParts | null {
  if (columns.includes(name)) return null;
  let best: FeatureNameParts | null = null;
  for (const column of columns) {
    if (column.length <= (best?.column.length ?? -1) || !name.startsWith(`${column}_`)) continue;
    const rest = parseRest(name.slice(column.length + 1));
    if (rest !== null) best = { column, ...rest };
  }
  return best;
}

/** The conventional name of a feature of one column, the inverse of {@link parseFeatureName}. */
export function featureName(parts: FeatureNameParts): string {
  const { column, window, quantile } = parts;
  const label = quantile === null ? parts.function : `q${percentage(quantile)}`;
  if (window === null) return `${column}_${label}`;
  const length = window.kind === "rows" ? String(window.rows) : formatDuration(window.ms);
  return `${column}_${label}_${length}`;
}

function parseRest(rest: string): Omit<FeatureNameParts, "column"> | null {
  const whole = parseFunction(rest);
  if (whole !== null) return takesWindow(whole.function, null) ? { ...whole, window: null } : null;
  const cut = rest.lastIndexOf("_");
  const label = parseFunction(rest.slice(0, Math.max(0, cut)));
  const window = parseWindow(rest.slice(cut + 1));
  if (label === null || window === null || !takesWindow(label.function, window)) return null;
  return { ...label, window };
}

function parseFunction(text: string): Pick<FeatureNameParts, "function" | "quantile"> | null {
  const percent = QUANTILE_PATTERN.exec(text)?.[1];
  if (percent !== undefined) {
    const quantile = Number(`${percent}e-2`); // decimal shift by text: 99.9 / 100 is not 0.999
    return quantile > 1 ? null : { function: "quantile", quantile };
  }
  const found = FUNCTION_NAMES.find((name) => name === text);
  if (found === undefined) return null;
  const facts: RollingFunction = rollingFunctions[found];
  return facts.quantile || facts.columns === 2 ? null : { function: found, quantile: null };
}

function parseWindow(text: string): Window | null {
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: "rows", rows: Number(text) };
  const ms = parseDuration(text);
  return ms === null || ms <= 0 ? null : { kind: "duration", ms };
}

function takesWindow(name: RollingFunctionName, window: Window | null): boolean {
  const facts: RollingFunction = rollingFunctions[name];
  if (window === null) return facts.window !== "required";
  return facts.window !== "none" && (window.kind === "rows" || facts.durations);
}

/** 0.95 as `95`, without the rounding error of the product (0.57 * 100). */
function percentage(quantile: number): string {
  return String(Number((quantile * 100).toPrecision(12)));
}
