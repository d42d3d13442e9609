import { type CellSettings, missingSetting } from "./cell-plan.ts";

/** Error codes of sensors and loggers that no measurement is likely to give. One occurrence is enough. */
const CLEAR: readonly number[] = [-99999, -9999.9, -9999, -999.99, -999.9, -999, -127, -32768];
/** Error codes that could be values, too: they must occur again. */
const LIKELY: readonly number[] = [85, -200, 9999, 32767, 65535, 2147483647, 4294967295];
const KNOWN: ReadonlySet<number> = new Set([...CLEAR, ...LIKELY]);

/** Minimum number of other values to compare with. */
const MIN_REST = 10;
/** Minimum distance from the other values, as a multiple of the width of their middle nine tenths. */
const FAR = 2;
/** Minimum count of one code in a column without any other value. */
const MIN_ALONE = 3;

/** A number that stands for no value, and how often the sample has it. */
export interface Sentinel {
  readonly value: number;
  readonly count: number;
}

/**
 * The numbers of a column that stand for no value: those of `source.missing`, else known error codes that are far from
 * all other values. O(numbers), and a sort if a known code occurs.
 */
export function findSentinels(
  name: string,
  numbers: readonly number[],
  settings: CellSettings = {},
): readonly Sentinel[] {
  const set = missingSetting(name, settings);
  const codes = set?.filter((value) => typeof value === "number");
  const isCode = (value: number) =>
    codes === undefined ? KNOWN.has(value) : codes.includes(value);
  const counts = new Map((codes ?? []).map((value) => [value, 0]));
  for (const value of numbers) if (isCode(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const found = [...counts].map(([value, count]) => ({ value, count }));
  if (codes !== undefined || found.length === 0) return found;
  const rest = numbers.filter((value) => !KNOWN.has(value)).sort((a, b) => a - b);
  if (rest.length < MIN_REST) {
    return rest.length === 0 && found.length === 1
      ? found.filter(({ value, count }) => CLEAR.includes(value) && count >= MIN_ALONE)
      : [];
  }
  const quantile = (share: number): number => rest[Math.floor(share * (rest.length - 1))] as number;
  const [low, high] = [quantile(0.05), quantile(0.95)];
  const width = Math.max(high - low, Math.abs(high) * 0.1, 1);
  return found.filter(({ value, count }) => {
    const isFar = value < low - FAR * width || value > high + FAR * width;
    return isFar && (count > 1 || CLEAR.includes(value));
  });
}

/** Count, smallest and largest of the numbers of a sample; NaN without numbers. */
interface NumberSummary {
  readonly numbers: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The error codes that a column may give later although its sample has none of them, because a sensor may come off:
 * those that no measurement is likely to give, and that are far below all sampled values.
 */
export function codesToCome({ numbers, min, max }: NumberSummary): readonly number[] {
  if (numbers < MIN_REST || Number.isNaN(min)) return [];
  const width = Math.max(max - min, Math.abs(max) * 0.1, 1);
  return CLEAR.filter((value) => value < min - FAR * width);
}
