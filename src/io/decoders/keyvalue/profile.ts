import { nameColumns } from "../columns/column-names.ts";
import { describeCells } from "../columns/describe-cells.ts";
import { formatRemarks, listNames, profileColumns } from "../columns/profile-columns.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import { isBootMessage } from "../lines/boot-message.ts";
import { commonKinds } from "../lines/recency.ts";
import { isPairLine, looksLikePairs } from "./pair-line.ts";
import { type Pair, parsePairs, TIME } from "./parse-pairs.ts";

/** The profile of the first lines of names and values. */
export interface KeyvalueProfile extends InputProfile {
  /** Name of each column on the lines. */
  readonly fields: readonly string[];
  /** Fields that are numbers, with or without a unit; other fields stay as written. */
  readonly measured: readonly string[];
}

const DOT = 46;
const MAX_COLUMNS = 1000;
/** Minimum share of numbers among the values of a field, and of the most common unit among its units. */
const MEASURED_SHARE = 2 / 3;
/** Share of the lines that must have a time of day, if it is to be the time of the readings. */
const CLOCK_SHARE = 0.95;
const CLOCK = /^\d\d:\d\d:\d\d/;
const NAMELESS = /^value_\d+$/;

/** Profiles the first lines; see `LineFormat.profile`. */
export function profileKeyvalue(
  lines: readonly string[],
  input: string,
  options: DecodeOptions,
  arrivalMs: number | null = null,
): KeyvalueProfile | null {
  const rows = readingLines(lines).map(
    (line) => new Map(parsePairs(line).map((pair) => [pair.name, pair])),
  );
  const isLive = arrivalMs !== null;
  const fields = commonFields(rows).filter((field) => field !== TIME || isUsableTime(rows, isLive));
  if (fields.length > MAX_COLUMNS) return null;
  const values = fields.map((field) => rows.map((row) => row.get(field)));
  const units = values.map(unitOf);
  const measured = new Set(fields.filter((_, i) => units[i] !== null));
  const { names, remarks } = nameColumns(fields, fields.length, options.rename);
  const profiled = profileColumns(
    fields.map((field, i) => ({
      name: names[i] ?? field,
      nameless: NAMELESS.test(field),
      cells: (values[i] ?? []).map((pair) => (pair === undefined ? "" : cellOf(pair, measured))),
    })),
    DOT,
    { input, arrivalMs },
    options,
  );
  const { columns, facts } = profiled;
  if (!columns.some(({ role }) => role === "number")) return null;
  return {
    format: "keyvalue",
    columns,
    ...facts,
    rowsSampled: rows.length,
    remarks: [
      ...formatRemarks("names and values on each line", ...unitNote(names, units)),
      ...remarks,
      ...describeCells(columns),
      ...profiled.remarks,
    ],
    fields,
    measured: [...measured],
  };
}

/** The lines that look like readings, if most do: a message among them must not become a column. */
function readingLines(lines: readonly string[]): readonly string[] {
  const all = lines.filter((line) => isPairLine(line) && !isBootMessage(line));
  const readings = all.filter(looksLikePairs);
  return readings.length * 2 >= all.length ? readings : all;
}

/**
 * Whether the leading times can be used: in a recording, times of day on nearly all lines; live, only times with a
 * date, because a reading has the time of its arrival.
 */
function isUsableTime(rows: readonly ReadonlyMap<string, Pair>[], isLive: boolean): boolean {
  const times = rows.flatMap((row) => row.get(TIME)?.value ?? []);
  const clocks = times.filter((time) => CLOCK.test(time)).length;
  if (clocks * 2 < times.length) return true;
  return !isLive && clocks >= rows.length * CLOCK_SHARE;
}

/** The value of a pair as a cell. */
export function cellOf({ name, value, measure }: Pair, measured: ReadonlySet<string>): string {
  return measure !== null && measured.has(name) ? measure.number : value;
}

/** Common names, in the order of their first appearance on lines with only common names. */
function commonFields(rows: readonly ReadonlyMap<string, Pair>[]): readonly string[] {
  const common = commonKinds(rows.flatMap((row) => [...row.keys()]));
  const whole = rows.filter((row) => [...row.keys()].every((name) => common.has(name)));
  return [...new Set([...whole.flatMap((row) => [...row.keys()]), ...common])];
}

/**
 * The unit of a field, "" for none; null if its values are not numbers. A field has one unit, so identifiers such as
 * `1A` and `2C` are not numbers.
 */
function unitOf(pairs: readonly (Pair | undefined)[]): string | null {
  const written = pairs.flatMap((pair) => (pair === undefined || pair.value === "" ? [] : [pair]));
  const measures = written.flatMap(({ measure }) => measure ?? []);
  if (measures.length === 0 || measures.length < written.length * MEASURED_SHARE) return null;
  const counts = new Map<string, number>();
  for (const { unit } of measures) if (unit !== "") counts.set(unit, (counts.get(unit) ?? 0) + 1);
  const [[unit, count] = ["", 0]] = [...counts].sort(([, a], [, b]) => b - a);
  const withUnit = measures.filter((measure) => measure.unit !== "").length;
  return count >= withUnit * MEASURED_SHARE ? unit : null;
}

function unitNote(names: readonly string[], units: readonly (string | null)[]): string[] {
  const found = names.flatMap((name, i) => (units[i] ? [`${name} ${units[i]}`] : []));
  return found.length === 0 ? [] : [`units: ${listNames(found)}`];
}
