import type { ProfiledColumn } from "../columns/sampled-column.ts";
import { cleanCell } from "../rows/cell.ts";
import { findKeyColumn, hasKeyName } from "./find-key.ts";
import { type Pivot, type PivotSetting, quantityOf, sensorOf } from "./shape.ts";

/** Names of columns that name a quantity. */
const QUANTITY =
  /^(?:_?field(?:[ _-]?(?:name|key))?|quantity|measure(?:ment)?(?:[ _-]?(?:type|name))?|measurand|metric(?:[ _-]?name)?|param(?:eter)?(?:[ _-]?name)?|var(?:iable)?(?:[ _-]?name)?|(?:observed[ _-]?)?property|signal(?:[ _-]?name)?|characteristic|sensor[ _-]?type|data[ _-]?type|messgr(?:ö|oe)(?:ß|ss)e|gr(?:ö|oe)(?:ß|ss)e|grandeur|magnitud|grandezza)$/i;
/** Names that may be those of quantities, beside a column that names the sensor. */
const LIKELY = /^(?:type|name|item|kind|attribute|point|key|tag(?:[ _-]?name)?|channel|series)$/i;
const VALUE =
  /^(?:_?value|val|var[ _-]?value|value[ _-]?hrf|(?:numeric|measure(?:ment|d)?)[ _-]?value|reading|result|data|payload|messwert|wert|valeur|valor|valore)$/i;
const PREFERRED = /hrf$/i;
/** Topics of MQTT. */
const TOPIC = /^(?:.*[._ -])?topic$/i;

/** More names are not quantities. */
const MAX_NAMES = 500;
/** Names that a few rows may have without repeating one. */
const FEW_NAMES = 20;
/** Rows per name if there are more. */
const MIN_ROWS = 3;
/** Share of rows that say the same quantity of a sensor again, above which its name is incomplete. */
const MAX_REPEATED = 0.05;

/** Columns with the unit of a row. */
const UNIT =
  /^(?:unit|units|uom|unit[ _-]?of[ _-]?measurement|einheit|unite|unité|unidad|unita|unità)$/i;

/** A shape with a row for each quantity, and the columns that name its sensor. */
export interface FoundPivot extends Omit<Pivot, "columns"> {
  readonly key: readonly string[];
}

/**
 * Finds rows that hold one quantity each: a text column whose name tells that it names quantities, and the column of
 * their numbers. O(cells).
 *
 * @param times Columns that hold the time.
 * @param wanted The key columns of the pipeline; undefined: detected.
 * @param set The setting of the source; undefined: detected.
 */
export function findPivot(
  columns: readonly ProfiledColumn[],
  times: readonly string[],
  wanted: readonly string[] | null | undefined,
  set: PivotSetting | undefined,
): FoundPivot | null {
  const units = columns.filter(({ name }) => UNIT.test(name)).map(({ name }) => name);
  const taken = [...times, ...units, ...(wanted ?? [])];
  const texts = columns.filter(
    ({ name, profile }) => profile.role === "text" && !taken.includes(name),
  );
  const chosen = set ?? quantitiesOf(columns, texts, times) ?? topicsOf(columns, texts, times);
  if (chosen === null) return null;
  const own = columns.filter(({ name }) => chosen.name.includes(name));
  const others = texts.filter((column) => !own.includes(column));
  if (chosen.path) return { ...chosen, key: chosen.name, isSorted: false };
  const key =
    wanted === undefined ? keysOf(columns, [...taken, ...chosen.name], others) : (wanted ?? []);
  const of = (names: readonly string[]) => columns.filter(({ name }) => names.includes(name));
  const around = of([...times, ...key]);
  const free = others.filter(({ name }) => !key.includes(name));
  const named = set === undefined ? completeName(own, around, free) : own;
  const name = columns.filter((column) => named.includes(column)).map((column) => column.name);
  return {
    ...{ name, value: chosen.value, path: false, key },
    isSorted: isOneAfterAnother(of(times), [...named, ...of(key)]),
  };
}

/** The column of the names and that of the numbers; null: there are none. */
function quantitiesOf(
  columns: readonly ProfiledColumn[],
  texts: readonly ProfiledColumn[],
  times: readonly string[],
): PivotSetting | null {
  const value = valueColumn(columns, times);
  if (value === undefined) return null;
  const certain = texts.find(({ name }) => QUANTITY.test(name));
  const sensors = texts.find(({ name }) => hasKeyName(name));
  const likely = texts.find(
    (column) => LIKELY.test(column.name) && VALUE.test(value.name) && variesWithin(column, sensors),
  );
  const named = certain ?? likely;
  if (named === undefined || !areNames(named)) return null;
  return { name: [named.name], value: value.name, path: false };
}

/** Whether a sensor has several names: a type of device, which never changes, is no quantity. */
function variesWithin(named: ProfiledColumn, sensors: ProfiledColumn | undefined): boolean {
  const names = new Map<string, string>();
  return named.cells.some((cell, row) => {
    const sensor = sensors?.cells[row];
    if (sensor === undefined || cell === "") return false;
    const first = names.get(sensor) ?? cell;
    names.set(sensor, first);
    return cell !== first;
  });
}

/** Topics such as `plant/pump-1/temperature`, in which several sensors have the same quantities. */
function topicsOf(
  columns: readonly ProfiledColumn[],
  texts: readonly ProfiledColumn[],
  times: readonly string[],
): PivotSetting | null {
  const topic = texts.find(({ name }) => TOPIC.test(name));
  const value = valueColumn(columns, times);
  if (topic === undefined || value === undefined || !areNames(topic)) return null;
  const sensors = new Map<string, Set<string>>();
  for (const path of new Set(topic.cells.map(cleanCell))) {
    const quantity = quantityOf(path, { path: true });
    sensors.set(quantity, (sensors.get(quantity) ?? new Set()).add(sensorOf(path)));
  }
  const shared = [...sensors.values()].filter(({ size }) => size > 1).length;
  if (shared < 2 || sensors.has("")) return null;
  return { name: [topic.name], value: value.name, path: true };
}

function areNames({ profile, cells }: ProfiledColumn): boolean {
  const { distinct, missing } = profile;
  const present = cells.length - missing;
  if (distinct < 2 || distinct > MAX_NAMES) return false;
  return distinct <= FEW_NAMES || distinct * MIN_ROWS <= present;
}

/** The column of the numbers: by its name, else the only one. */
function valueColumn(
  columns: readonly ProfiledColumn[],
  times: readonly string[],
): ProfiledColumn | undefined {
  const numbers = columns.filter(
    ({ name, profile }) => profile.role === "number" && !times.includes(name),
  );
  const named = numbers.filter(({ name }) => VALUE.test(name));
  const [only, ...others] = numbers;
  return (
    named.find(({ name }) => PREFERRED.test(name)) ??
    named[0] ??
    (others.length === 0 ? only : undefined)
  );
}

/** The key columns: one as in other inputs, else the texts with the names of sensors. */
function keysOf(
  columns: readonly ProfiledColumn[],
  taken: readonly string[],
  texts: readonly ProfiledColumn[],
): readonly string[] {
  const [first] = columns;
  const profile = {
    format: "",
    columns: columns.map((column) => column.profile),
    rowsSampled: first?.cells.length ?? 0,
  };
  const key = findKeyColumn(profile, new Set(taken));
  if (key !== null) return [key];
  return texts.filter(({ name }) => hasKeyName(name)).map(({ name }) => name);
}

/** The columns that name a quantity of a sensor at a time only once: one more text may be needed, as for two probes. */
function completeName(
  named: readonly ProfiledColumn[],
  around: readonly ProfiledColumn[],
  others: readonly ProfiledColumn[],
): readonly ProfiledColumn[] {
  const before = repeatedShare([...around, ...named]);
  if (before <= MAX_REPEATED) return named;
  const more = others.find(
    (column) => repeatedShare([...around, ...named, column]) <= Math.min(MAX_REPEATED, before / 2),
  );
  return more === undefined ? named : [...named, more];
}

/** Share of the rows whose cells in these columns occurred before. */
function repeatedShare(columns: readonly ProfiledColumn[]): number {
  const rows = columns[0]?.cells.length ?? 0;
  const seen = new Set<string>();
  for (let row = 0; row < rows; row++) seen.add(rowKey(columns, row));
  return rows === 0 ? 0 : 1 - seen.size / rows;
}

function rowKey(columns: readonly ProfiledColumn[], row: number): string {
  return columns.map(({ cells }) => cleanCell(cells[row] ?? "")).join("\n");
}

/** Whether each series ends before the next one begins, and the times begin again. */
function isOneAfterAnother(
  times: readonly ProfiledColumn[],
  series: readonly ProfiledColumn[],
): boolean {
  const rows = times[0]?.cells.length ?? 0;
  const seriesOf = new Map<string, string>();
  const ended = new Set<string>();
  let last: string | null = null;
  let isAgain = false;
  for (let row = 0; row < rows; row++) {
    const one = rowKey(series, row);
    if (one !== last && ended.has(one)) return false;
    if (one !== last && last !== null) ended.add(last);
    last = one;
    const time = rowKey(times, row);
    isAgain ||= (seriesOf.get(time) ?? one) !== one;
    seriesOf.set(time, one);
  }
  return isAgain && (ended.size + 1) * MIN_ROWS <= rows;
}
