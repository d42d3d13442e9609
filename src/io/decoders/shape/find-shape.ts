import { patternTest } from "../columns/column-choice.ts";
import type { ProfiledColumn } from "../columns/sampled-column.ts";
import type { TimeFinding } from "../columns/time/time-finding.ts";
import type { Remark } from "../input-profile.ts";
import { complementEachOther } from "./find-join.ts";
import { findKeyColumn } from "./find-key.ts";
import { findFamily } from "./find-melt.ts";
import { type FoundPivot, findPivot } from "./find-pivot.ts";
import { quantityColumns } from "./reading-columns.ts";
import type { Melt, Pivot, Shape, ShapeSettings } from "./shape.ts";

/** The shape of an input; null: its rows are readings. */
export interface FoundShape {
  readonly shape: Shape | null;
  readonly joins: boolean;
  readonly remarks: readonly Remark[];
}

/** Columns of the annotated CSV of InfluxDB. */
const FIELD = "_field";
const ANNOTATED = ["_time", FIELD, "_value"];
const MEASUREMENT = "_measurement";
/** Columns of one query, not of a series. */
const QUERY = /^(?:result|table|_start|_stop|column_\d+)$/;

/**
 * Decides how the rows of a sample become readings: by the settings, else by the names and cells of the columns.
 *
 * @param rename New names of quantities.
 */
export function findShape(
  columns: readonly ProfiledColumn[],
  time: TimeFinding,
  settings: ShapeSettings,
  rename: Readonly<Record<string, string>>,
): FoundShape {
  const times = timeColumns(time);
  const found = pivotOf(columns, times, settings);
  const pivot =
    found === null
      ? null
      : { ...withoutKey(found), columns: quantityColumns(columns, found, rename) };
  const family = findFamily(columns);
  const melt = pivot === null ? meltOf(columns, family, settings) : null;
  const key = keyOf(columns, times, found, melt, settings);
  const isShaped = pivot !== null || melt !== null || key.length > 1;
  const shape = isShaped ? { pivot, melt, key } : null;
  const joins = times.length > 0 && joinsRows(columns, times, shape, settings);
  const isOffered =
    melt === null && pivot === null && settings.melt === undefined && !settings.isDeclared;
  return {
    shape,
    joins,
    remarks: [
      ...describeShape(shape, joins),
      ...(isOffered && family !== null ? [offer(family.columns)] : []),
    ],
  };
}

/** Columns that hold the time. */
function timeColumns(time: TimeFinding): readonly string[] {
  if (time.kind === "plan") return time.plan.columns;
  return time.kind === "open" ? (time.readings[0]?.plan.columns ?? []) : [];
}

function pivotOf(
  columns: readonly ProfiledColumn[],
  times: readonly string[],
  settings: ShapeSettings,
): FoundPivot | null {
  const { pivot: set } = settings;
  if (set === false) return null;
  const names = columns.map(({ name }) => name);
  if (set !== undefined && ![...set.name, set.value].every((name) => names.includes(name))) {
    return null;
  }
  if (set === undefined && settings.isDeclared === true) return null;
  const isAnnotated = ANNOTATED.every((name) => names.includes(name));
  const key = settings.key ?? (isAnnotated ? tagsOf(columns, times) : undefined);
  const found = findPivot(columns, times, settings.key === null ? null : key, set);
  return found === null ? null : { ...found, isSorted: found.isSorted || isAnnotated };
}

function withoutKey({ key: _, ...pivot }: FoundPivot): Omit<Pivot, "columns"> {
  return pivot;
}

/** The columns that name a series of InfluxDB, beside its field. */
function tagsOf(columns: readonly ProfiledColumn[], times: readonly string[]): readonly string[] {
  const texts = columns.filter(
    ({ name, profile }) =>
      profile.role === "text" && !times.includes(name) && name !== FIELD && !QUERY.test(name),
  );
  return texts
    .filter(({ name, profile }) => name !== MEASUREMENT || profile.distinct > 1)
    .map(({ name }) => name);
}

function meltOf(
  columns: readonly ProfiledColumn[],
  family: ReturnType<typeof findFamily>,
  { melt: set, isDeclared }: ShapeSettings,
): Melt | null {
  if (set === false) return null;
  const names = columns.map(({ name }) => name);
  if (set !== undefined) {
    const isMelted = patternTest(set.columns);
    const melted = names.filter(isMelted);
    return melted.length === 0 ? null : { ...set, columns: melted };
  }
  if (isDeclared === true || family === null || !family.isAll) return null;
  const free = (name: string): string => (names.includes(name) ? free(`${name}_2`) : name);
  return { columns: family.columns, value: free("value"), key: free("sensor") };
}

/** The columns that name the sensor, if they are several or the sensor has the name of a column. */
function keyOf(
  columns: readonly ProfiledColumn[],
  times: readonly string[],
  pivot: FoundPivot | null,
  melt: Melt | null,
  { key: set }: ShapeSettings,
): readonly string[] {
  if (pivot?.path === true) return pivot.key;
  if (set === null) return [];
  if (set !== undefined) {
    const own = set.filter((name) => name !== melt?.key);
    return own.length > 1 || melt !== null ? own : [];
  }
  if (pivot !== null) return pivot.key;
  if (melt === null) return [];
  const found = detectedKey(columns, times);
  return found === null ? [] : [found];
}

function detectedKey(columns: readonly ProfiledColumn[], taken: readonly string[]): string | null {
  const profile = {
    format: "",
    columns: columns.map((column) => column.profile),
    rowsSampled: columns[0]?.cells.length ?? 0,
  };
  return findKeyColumn(profile, new Set(taken));
}

function joinsRows(
  columns: readonly ProfiledColumn[],
  times: readonly string[],
  shape: FoundShape["shape"],
  { join, key, isDeclared }: ShapeSettings,
): boolean {
  if (join !== undefined) return join;
  if (shape !== null && shape.pivot !== null) return true;
  if (isDeclared === true || (shape !== null && shape.melt !== null)) return false;
  const detected = key === undefined ? detectedKey(columns, times) : null;
  return complementEachOther(columns, times, key ?? (detected === null ? [] : [detected]));
}

function describeShape(shape: FoundShape["shape"], joins: boolean): readonly Remark[] {
  const { pivot = null, melt = null } = shape ?? {};
  const texts = [
    ...(pivot === null
      ? []
      : [
          `a row for each quantity, named by ${pivot.path ? "the end of " : ""}${listed(pivot.name)}, with its number in "${pivot.value}"`,
        ]),
    ...(pivot?.isSorted ? ["one series after the other, so rows are sorted by time"] : []),
    ...(melt === null
      ? []
      : [`a column for each sensor, ${melt.columns[0]} to ${melt.columns.at(-1)}`]),
    ...(joins && pivot === null ? ["rows with the same time are one reading"] : []),
  ];
  return texts.map((text) => ({ topic: "format", text }));
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(" and ");
}

function offer(columns: readonly string[]): Remark {
  const [first = ""] = columns;
  const pattern = JSON.stringify(first.replace(/\d+/, "*"));
  return {
    topic: "sensors",
    text: `${first} to ${columns.at(-1)} may be a sensor each: source.melt: { columns: [${pattern}] }`,
  };
}
