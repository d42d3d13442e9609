import {
  detectTimestampFormat,
  parseTimestamp,
  type TimestampFormat,
} from "../../../core/timestamp/timestamp.ts";
import { cleanCell, parseBoolean, parseNumber } from "../rows/cell.ts";
import { isMissing } from "./missing.ts";

/** Statistics of the sampled cells of a column. */
export interface ColumnStats {
  /** Cells that are not missing, and cells that are. */
  readonly present: number;
  readonly missing: number;
  /** Number of different present cells. */
  readonly distinct: number;
  /** Cells that are finite numbers, and cells that are `true` or `false`. */
  readonly numbers: number;
  readonly booleans: number;
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
  /** Whether the cells, as timestamps, never decrease, and advance by at most a day per row on average. O(cells). */
  isSteady(): boolean;
}

const TIMESTAMP_SAMPLES = 300;
const MAX_EXAMPLES = 3;
const MS_PER_DAY = 86_400_000;
const ZONE = /:\d\d(?:[.,]\d+)?\s?(?:z|utc|gmt|[+-]\d\d(?::?\d\d)?)$/i;

/** Computes the statistics of the cells of a column. O(cells). */
export function columnStats(cells: readonly string[], decimalMark: number): ColumnStats {
  const texts = cells.map(cleanCell).filter((cell) => !isMissing(cell));
  const distinct = new Set(texts);
  const values = texts.map((cell) => parseNumber(cell, decimalMark));
  const numbers = values.filter(Number.isFinite);
  const words = texts.filter((_, i) => Number.isNaN(values[i]));
  const timestampFormat = detectTimestampFormat(texts.slice(0, TIMESTAMP_SAMPLES));
  return {
    present: texts.length,
    missing: cells.length - texts.length,
    distinct: distinct.size,
    numbers: numbers.length,
    booleans: words.filter((cell) => !Number.isNaN(parseBoolean(cell))).length,
    min: numbers.reduce((least, x) => Math.min(x, least), numbers[0] ?? Number.NaN),
    max: numbers.reduce((most, x) => Math.max(x, most), numbers[0] ?? Number.NaN),
    examples: [...distinct].slice(0, MAX_EXAMPLES),
    binary: numbers.every((x) => x === 0 || x === 1),
    whole: numbers.every(Number.isInteger),
    increasing: numbers.length === texts.length && isIncreasing(numbers),
    timestampFormat,
    zoned: words.some((cell) => ZONE.test(cell)),
    isSteady: () => timestampFormat !== null && isSteady(texts, timestampFormat),
  };
}

function isIncreasing(numbers: readonly number[]): boolean {
  return numbers.length > 1 && numbers.every((x, i) => i === 0 || x > (numbers[i - 1] as number));
}

function isSteady(texts: readonly string[], format: TimestampFormat): boolean {
  const times = texts.map((text) => parseTimestamp(text, format));
  const [first = Number.NaN] = times;
  const span = (times.at(-1) ?? Number.NaN) - first;
  const forward = times.every((time, i) => i === 0 || time >= (times[i - 1] ?? Number.NaN));
  return forward && span > 0 && span <= (times.length - 1) * MS_PER_DAY;
}
