import { SERIES } from "../influx/point-cells.ts";
import type { ColumnProfile, InputProfile } from "../input-profile.ts";
import { shapedKey } from "./shape.ts";

const KEY_WORDS = "sensor|device|node|mote|station|machine|host|tag|asset|unit|channel";
const CERTAIN = new RegExp(`^(${KEY_WORDS})[ _-]?(id|name|no|nr|number)$`, "i");
const LIKELY = new RegExp(`^(id|${KEY_WORDS}|hostname)$`, "i");
/** Likely names of text columns that need no repeated value yet. */
const DEVICE = /^(sensor|device|node|station|machine|host|hostname|asset)$/i;

const PATH = /[./]/;
/** A number with marks between its digits is no name. */
const MARKED_NUMBER = /^[-+]?\d+(?:[.,' \u00a0]\d+)+$/;

/** Text columns that describe a reading, not its sensor. */
const DESCRIPTION =
  /status|state|mode|quality|flag|comment|message|note|type|alarm|event|level|severity|error|label/i;

/** In a sample of this many rows, the values of a key have repeated. */
const MANY_ROWS = 1000;

/** Minimum average number of rows per value for a text column with an unknown name. */
const MIN_ROWS_PER_KEY = 10;

/** Whether a column has the name of a column of sensors. */
export function hasKeyName(name: string): boolean {
  return isCertain(name) || isLikely(name);
}

/**
 * Guesses the column that names the sensor: the one that the shape has; the series of line protocol; else a column with a typical name
 * (sensor_id, device, host ...); else the only text column, if its values repeat often.
 *
 * @param taken Columns that have another role.
 */
export function findKeyColumn(
  profile: Pick<InputProfile, "format" | "columns" | "rowsSampled" | "shape">,
  taken: ReadonlySet<string>,
): string | null {
  const shaped = profile.shape === undefined ? null : shapedKey(profile.shape);
  if (shaped !== null) return shaped;
  const free = profile.columns.filter(({ name }) => !taken.has(name));
  if (profile.format === "influx" && free.some(({ name }) => name === SERIES)) return SERIES;
  const present = ({ missing }: ColumnProfile): number => profile.rowsSampled - missing;
  const repeats = (column: ColumnProfile): boolean =>
    (column.role === "text" || isCode(column)) && column.distinct < present(column);
  // a short sample may have only one line of each sensor
  const mayRepeat = (column: ColumnProfile): boolean =>
    column.role === "text" && DEVICE.test(lastParts(column.name, 1)) && present(column) < MANY_ROWS;
  const named =
    free.find((column) => isCertain(column.name) && (column.role === "text" || repeats(column))) ??
    free.find((column) => isLikely(column.name) && (repeats(column) || mayRepeat(column))) ??
    free.find(({ isCycle }) => isCycle === true);
  if (named !== undefined) return named.name;
  const [only, ...others] = free.filter(({ role }) => role === "text");
  if (only === undefined || others.length > 0 || DESCRIPTION.test(only.name)) return null;
  if (only.examples.some((cell) => MARKED_NUMBER.test(cell))) return null;
  const few = only.distinct > 1 && only.distinct * MIN_ROWS_PER_KEY <= present(only);
  return few ? only.name : null;
}

/** Whether the last part of a name, or the last two, are certain: `end_device_ids.device_id`, `device.id`. */
function isCertain(name: string): boolean {
  return CERTAIN.test(lastParts(name, 1)) || CERTAIN.test(lastParts(name, 2));
}

/** Whether a name, or the last part of a path, is likely; an `id` may be that of anything in a path. */
function isLikely(name: string): boolean {
  const last = lastParts(name, 1);
  return LIKELY.test(last) && (last === name || !/^id$/i.test(last));
}

function lastParts(name: string, count: number): string {
  return name.split(PATH).slice(-count).join("_");
}

/** Whether all numbers are whole, so that they may identify sensors. */
function isCode({ role, examples, min, max }: ColumnProfile): boolean {
  const whole = [min, max, ...examples.map(Number)].every(Number.isInteger);
  return (role === "number" || role === "index") && whole;
}
