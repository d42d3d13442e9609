import {
  detectTimestampFormat,
  parseTimestamp,
  type TimestampFormat,
} from "../../../core/timestamp/timestamp.ts";
import type { CellPlan, CellSettings } from "../cells/cell-plan.ts";
import { CellReader } from "../cells/cell-reader.ts";
import { findSentinels, type Sentinel } from "../cells/find-sentinels.ts";
import { cleanCell, parseNumber, readSwitch, SWITCHES } from "../rows/cell.ts";
import { isMissing, isPlaceholder } from "./missing.ts";

/** Statistics of the sampled cells of a column. */
export interface ColumnStats {
  /** Cells that are not missing, and cells that are. */
  readonly present: number;
  readonly missing: number;
  /** Missing cells that are written as a word or a placeholder, and how often. */
  readonly placeholders: ReadonlyMap<string, number>;
  /** Numbers that stand for no value. The other statistics count them as numbers. */
  readonly sentinels: readonly Sentinel[];
  /** Number of different present cells. */
  readonly distinct: number;
  /** Cells that are finite numbers, and cells such as `true` and `off`. */
  readonly numbers: number;
  readonly booleans: number;
  /** Whether the cells are `true` and `false`, or both words of another such pair. */
  readonly isSwitch: boolean;
  /** Smallest and largest number; NaN without numbers. */
  readonly min: number;
  readonly max: number;
  /** Up to three different cells. */
  readonly examples: readonly string[];
  /** Whether all numbers are 0 or 1. */
  readonly binary: boolean;
  /** Whether all numbers are whole. */
  readonly whole: boolean;
  /** Whether all present cells are numbers, each larger than the one before. */
  readonly increasing: boolean;
  readonly timestampFormat: TimestampFormat | null;
  /** Whether a cell has a time zone. */
  readonly zoned: boolean;
  /** The number of each cell; NaN where it is none or stands for no value. O(cells). */
  values(): readonly number[];
  /** The steps between consecutive numbers that differ. O(cells). */
  steps(): NumberSteps;
  /** Whether the cells, as timestamps, never decrease, and advance by at most a day per row on average. O(cells). */
  isSteady(): boolean;
}

/** The steps between consecutive numbers of a column that differ. */
interface NumberSteps {
  /** Whether there are steps, and hardly any of them goes down. */
  readonly areRising: boolean;
  /** Median size; NaN without steps. */
  readonly usual: number;
}

/** Share of the steps that go up, of numbers that count. */
const RISING_SHARE = 0.9;
const TIMESTAMP_SAMPLES = 300;
const MAX_EXAMPLES = 3;
const MS_PER_DAY = 86_400_000;
const ZONE = /:\d\d(?:[.,]\d+)?\s?(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?)$/i;

/**
 * Computes the statistics of the cells of a column. O(cells).
 *
 * @param plan How its numbers are written; null: plainly.
 */
export function columnStats(
  { name, cells }: { readonly name: string; readonly cells: readonly string[] },
  decimalMark: number,
  plan: CellPlan | null,
  settings: CellSettings | undefined,
): ColumnStats {
  const reader = plan === null ? null : new CellReader(plan);
  const isAbsent = (cell: string) => (reader === null ? isMissing(cell) : reader.isMissing(cell));
  const texts = cells.map(cleanCell).filter((cell) => !isAbsent(cell));
  const absent = texts.length === cells.length ? [] : cells.map(cleanCell).filter(isAbsent);
  const distinct = new Set(texts);
  const values = texts.map((cell) => {
    if (reader === null) return parseNumber(cell, decimalMark);
    return readSwitch(cell) === undefined ? (reader.read(cell) ?? Number.NaN) : Number.NaN;
  });
  const finite = values.filter(Number.isFinite);
  const sentinels = findSentinels(name, finite, settings);
  const codes = new Set(sentinels.map(({ value }) => value));
  // min and max are those of real values
  const real = codes.size === 0 ? finite : finite.filter((value) => !codes.has(value));
  const numbers = real.length === 0 ? finite : real;
  const words = texts.filter((_, i) => Number.isNaN(values[i]));
  const timestampFormat = detectTimestampFormat(texts.slice(0, TIMESTAMP_SAMPLES));
  return {
    present: texts.length,
    missing: absent.length,
    placeholders: countPlaceholders(absent, plan),
    sentinels,
    distinct: distinct.size,
    numbers: finite.length,
    booleans: words.filter((cell) => readSwitch(cell) !== undefined).length,
    isSwitch: isSwitch(words),
    min: numbers.reduce((least, x) => Math.min(x, least), numbers[0] ?? Number.NaN),
    max: numbers.reduce((most, x) => Math.max(x, most), numbers[0] ?? Number.NaN),
    examples: [...distinct].slice(0, MAX_EXAMPLES),
    binary: numbers.every((x) => x === 0 || x === 1),
    whole: numbers.every(Number.isInteger),
    increasing: finite.length === texts.length && isIncreasing(finite),
    timestampFormat,
    zoned: words.some((cell) => ZONE.test(cell)),
    values: () => {
      let at = 0;
      return cells.map((cell) => {
        const value = isAbsent(cleanCell(cell)) ? Number.NaN : (values[at++] as number);
        return Number.isFinite(value) && !codes.has(value) ? value : Number.NaN;
      });
    },
    steps: () => stepsOf(finite),
    isSteady: () => timestampFormat !== null && isSteady(texts, timestampFormat),
  };
}

function countPlaceholders(
  absent: readonly string[],
  plan: CellPlan | null,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const cell of absent) {
    const isOwn = plan?.missing.includes(cell.toLowerCase()) ?? false;
    if (isOwn || isPlaceholder(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}

/** One word alone proves nothing, except `true` or `false`. */
function isSwitch(words: readonly string[]): boolean {
  const found = new Set(words.map((word) => word.toLowerCase()));
  const [truth = [], ...others] = SWITCHES;
  if (truth.some((word) => found.has(word))) return true;
  return others.some((pair) => pair.every((word) => found.has(word)));
}

function isIncreasing(numbers: readonly number[]): boolean {
  return numbers.length > 1 && numbers.every((x, i) => i === 0 || x > (numbers[i - 1] as number));
}

function stepsOf(numbers: readonly number[]): NumberSteps {
  const steps = numbers.map((x, i) => x - (numbers[i - 1] ?? x)).filter((step) => step !== 0);
  const rising = steps.filter((step) => step > 0).length;
  const sizes = steps.map(Math.abs).sort((a, b) => a - b);
  return {
    areRising: steps.length > 0 && rising >= steps.length * RISING_SHARE,
    usual: sizes[Math.floor(sizes.length / 2)] ?? Number.NaN,
  };
}

function isSteady(texts: readonly string[], format: TimestampFormat): boolean {
  const times = texts.map((text) => parseTimestamp(text, format));
  const [first = Number.NaN] = times;
  const span = (times.at(-1) ?? Number.NaN) - first;
  const forward = times.every((time, i) => i === 0 || time >= (times[i - 1] ?? Number.NaN));
  return forward && span > 0 && span <= (times.length - 1) * MS_PER_DAY;
}
