import type { ColumnProfile, InputProfile } from "../../io/decoders/decoder.ts";
import { SERIES } from "../../io/decoders/influx/point-cells.ts";

const KEY_WORDS = "sensor|device|node|station|machine|host|tag|asset|unit|channel";
const CERTAIN = new RegExp(`^(${KEY_WORDS})[ _-]?(id|name|no|nr|number)$`, "i");
const LIKELY = new RegExp(`^(id|${KEY_WORDS}|hostname)$`, "i");
/** Likely names for which text values suffice, even if no value has repeated yet. */
const THINGS = /^(sensor|device|node|station|machine|host|hostname|asset)$/i;

/** Text columns that describe a reading, not its sensor. */
const NEVER =
  /status|state|mode|quality|flag|comment|message|note|type|alarm|event|level|severity|error|label/i;

/** Number of rows within which the values of any key repeat. */
const MANY_ROWS = 1000;

/** Rows a value must have on average for an unknown text column to be the key. */
const MIN_ROWS_PER_KEY = 10;

/**
 * The column that names the sensor, guessed: the series of line protocol; else one with a telling name (sensor_id, device, host ...),
 * else the only text column, where its values repeat a lot.
 *
 * @param taken Columns with another role.
 */
export function findKeyColumn(profile: InputProfile, taken: ReadonlySet<string>): string | null {
  const free = profile.columns.filter(({ name }) => !taken.has(name));
  if (profile.format === "influx" && free.some(({ name }) => name === SERIES)) return SERIES;
  const present = ({ missing }: ColumnProfile): number => profile.rowsSampled - missing;
  const repeats = (column: ColumnProfile): boolean =>
    (column.role === "text" || isCode(column)) && column.distinct < present(column);
  // the first lines may hold one line of each sensor
  const mayRepeat = (column: ColumnProfile): boolean =>
    column.role === "text" && THINGS.test(column.name) && present(column) < MANY_ROWS;
  const named =
    free.find(
      (column) => CERTAIN.test(column.name) && (column.role === "text" || repeats(column)),
    ) ?? free.find((column) => LIKELY.test(column.name) && (repeats(column) || mayRepeat(column)));
  if (named !== undefined) return named.name;
  const [only, ...others] = free.filter(({ role }) => role === "text");
  if (only === undefined || others.length > 0 || NEVER.test(only.name)) return null;
  const few = only.distinct > 1 && only.distinct * MIN_ROWS_PER_KEY <= present(only);
  return few ? only.name : null;
}

/** Numbers that could be names: whole ones. */
function isCode({ role, examples, min, max }: ColumnProfile): boolean {
  const whole = [min, max, ...examples.map(Number)].every(Number.isInteger);
  return (role === "number" || role === "index") && whole;
}
