import { parseFormat } from "./format/parse-format.ts";
import type { TimestampFormat } from "./timestamp.ts";

/**
 * How the time of a reading is written; plain data.
 *
 * `format` is one of the names below, or a format with the letters of strptime such as `%d/%m/%Y %H:%M:%S`.
 */
export interface TimePlan {
  /** Columns that hold the time; cells of several columns are joined by a blank. */
  readonly columns: readonly string[];
  readonly format: string;
  /** Zone of times that name none: an IANA name or an offset such as `+01:00`; null: UTC. */
  readonly zone: string | null;
  /** What times without a date count from, ms since the epoch; null: unknown, they count from 1970. */
  readonly start: number | null;
}

/** The plan of a time in one column, in UTC. */
export function timeColumn(column: string, format: string): TimePlan {
  return { columns: [column], format, zone: null, start: null };
}

/** Units of elapsed time, ms. */
const ELAPSED_MS = {
  elapsed_d: 86_400_000,
  elapsed_h: 3_600_000,
  elapsed_min: 60_000,
  elapsed_s: 1000,
  elapsed_ms: 1,
  elapsed_us: 1e-3,
  elapsed_ns: 1e-6,
} as const;

const WRITTEN = ["iso8601", "day_first"] as const satisfies readonly TimestampFormat[];
const EPOCHS = [
  "epoch_s",
  "epoch_ms",
  "epoch_us",
  "epoch_ns",
] as const satisfies readonly TimestampFormat[];

/** Days since 30 December 1899, as spreadsheets count. */
export const EXCEL = "excel";

/** All names of formats. */
export const TIME_FORMAT_NAMES: readonly string[] = [
  ...WRITTEN,
  ...EPOCHS,
  EXCEL,
  ...Object.keys(ELAPSED_MS),
];

/** Ms of the unit of an elapsed time; undefined for other formats. */
export function elapsedUnit(format: string): number | undefined {
  return Object.hasOwn(ELAPSED_MS, format)
    ? ELAPSED_MS[format as keyof typeof ELAPSED_MS]
    : undefined;
}

/** The format as one of those that {@link TimestampFormat} knows; null for others. */
export function timestampFormatOf(format: string): TimestampFormat | null {
  return [...WRITTEN, ...EPOCHS].find((name) => name === format) ?? null;
}

/** Whether times of a format need a zone, if they name none. */
export function isLocalFormat(format: string): boolean {
  return format.includes("%") || format === EXCEL || WRITTEN.some((name) => name === format);
}

/** Whether times of a format count from a start, because they have no date. */
export function isRelativeFormat(format: string): boolean {
  if (elapsedUnit(format) !== undefined) return true;
  if (!format.includes("%")) return false;
  const tokens = parseFormat(format);
  return Array.isArray(tokens) && !tokens.some(({ field }) => field === "Y" || field === "y");
}
