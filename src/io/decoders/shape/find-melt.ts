import { isMissing } from "../columns/missing.ts";
import type { ProfiledColumn } from "../columns/sampled-column.ts";
import { cleanCell } from "../rows/cell.ts";

/** Columns that make a family. */
const MIN_COLUMNS = 3;
/** Share of the span of all columns, without the outer twentieths, that all of them have in common. */
const MIN_COMMON = 0.2;
/** Values from which a range is known. */
const MIN_VALUES = 3;

const DIGITS = /\d+/g;
/** A name that the input does not give, or that counts components, axes or harmonics, which are no sensors. */
const NOT_SENSORS = /^(?:column_|value_|v|c|x|y|z|f|h|var|feature|attr|pc|dim)#$/i;

/** Columns that look alike. */
export interface Family {
  readonly columns: readonly string[];
  /** Whether no other column is a number. */
  readonly isAll: boolean;
}

/**
 * Finds columns that hold the same quantity of several sensors: their names differ in one number only, and their
 * ranges overlap. O(cells log cells). Null: there are none.
 */
export function findFamily(columns: readonly ProfiledColumn[]): Family | null {
  const numbers = columns.filter(({ profile }) => profile.role === "number");
  const families = new Map<string, ProfiledColumn[]>();
  for (const column of numbers) {
    const stem = column.name.replace(DIGITS, "#");
    if (stem.split("#").length !== 2 || NOT_SENSORS.test(stem) || !/\p{L}/u.test(stem)) continue;
    families.set(stem, [...(families.get(stem) ?? []), column]);
  }
  const [largest = []] = [...families.values()].sort((a, b) => b.length - a.length);
  if (largest.length < MIN_COLUMNS || !haveOneUnit(largest) || !overlap(largest)) return null;
  return {
    columns: largest.map(({ name }) => name),
    isAll: largest.length === numbers.length,
  };
}

function haveOneUnit(columns: readonly ProfiledColumn[]): boolean {
  return new Set(columns.map(({ profile }) => profile.cells?.unit ?? "")).size === 1;
}

/** Whether the ranges of the columns have a good part in common. */
function overlap(columns: readonly ProfiledColumn[]): boolean {
  const ranges = columns.map(({ cells }) => {
    const numbers = cells
      .map(cleanCell)
      .filter((cell) => !isMissing(cell))
      .map((cell) => Number(cell.replace(",", ".")))
      .filter((number) => !Number.isNaN(number))
      .sort((a, b) => a - b);
    const at = (share: number) => numbers[Math.floor(share * (numbers.length - 1))] as number;
    return numbers.length < MIN_VALUES ? null : { low: at(0.05), high: at(0.95) };
  });
  if (ranges.includes(null)) return false;
  const lows = ranges.map((range) => range?.low as number);
  const highs = ranges.map((range) => range?.high as number);
  const span = Math.max(...highs) - Math.min(...lows);
  const common = Math.min(...highs) - Math.max(...lows);
  return span > 0 && common >= span * MIN_COMMON;
}
