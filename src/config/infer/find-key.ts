import { SERIES } from "../../io/decoders/influx/point-cells.ts";
import type { ColumnProfile, InputProfile } from "../../io/decoders/input-profile.ts";

const KEY_WORDS = "sensor|device|node|station|machine|host|tag|asset|unit|channel";
const CERTAIN = new RegExp(`^(${KEY_WORDS})[ _-]?(id|name|no|nr|number)$`, "i");
const LIKELY = new RegExp(`^(id|${KEY_WORDS}|hostname)$`, "i");
/** Likely names of text columns that need no repeated value yet. */
const DEVICE = /^(sensor|device|node|station|machine|host|hostname|asset)$/i;

/** Text columns that describe a reading, not its sensor. */
const DESCRIPTION =
  /status|state|mode|quality|flag|comment|message|note|type|alarm|event|level|severity|error|label/i;

/** In a sample of this many rows, the values of a key have repeated. */
const MANY_ROWS = 1000;

/** Minimum average number of rows per value for a text column with an unknown name. */
const MIN_ROWS_PER_KEY = 10;

/**
 * Guesses the column that names the sensor: the series of line protocol; else a column with a typical name
 * (sensor_id, device, host ...); else the only text column, if its values repeat often.
 *
 * @param taken Columns that have another role.
 */
export function findKeyColumn(profile: InputProfile, taken: ReadonlySet<string>): string | null {
  const free = profile.columns.filter(({ name }) => !taken.has(name));
  if (profile.format === "influx" && free.some(({ name }) => name === SERIES)) return SERIES;
  const present = ({ missing }: ColumnProfile): number => profile.rowsSampled - missing;
  const repeats = (column: ColumnProfile): boolean =>
    (column.role === "text" || isCode(column)) && column.distinct < present(column);
  // a short sample may have only one line of each sensor
  const mayRepeat = (column: ColumnProfile): boolean =>
    column.role === "text" && DEVICE.test(column.name) && present(column) < MANY_ROWS;
  const named =
    free.find(
      (column) => CERTAIN.test(column.name) && (column.role === "text" || repeats(column)),
    ) ?? free.find((column) => LIKELY.test(column.name) && (repeats(column) || mayRepeat(column)));
  if (named !== undefined) return named.name;
  const [only, ...others] = free.filter(({ role }) => role === "text");
  if (only === undefined || others.length > 0 || DESCRIPTION.test(only.name)) return null;
  const few = only.distinct > 1 && only.distinct * MIN_ROWS_PER_KEY <= present(only);
  return few ? only.name : null;
}

/** Whether all numbers are whole, so that they may identify sensors. */
function isCode({ role, examples, min, max }: ColumnProfile): boolean {
  const whole = [min, max, ...examples.map(Number)].every(Number.isInteger);
  return (role === "number" || role === "index") && whole;
}
