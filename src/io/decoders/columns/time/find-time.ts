import { compileTime } from "../../../../core/timestamp/compile-time.ts";
import { CellText } from "../../../../core/timestamp/format/cell-text.ts";
import { sharedZoneName } from "../../../../core/timestamp/format/zone-names.ts";
import {
  isLocalFormat,
  isRelativeFormat,
  type TimePlan,
} from "../../../../core/timestamp/time-plan.ts";
import type { ColumnRole } from "../../input-profile.ts";
import { fitsMost, formatOfSource, type SourceFormat } from "./source-format.ts";
import { joinedCells, type TimeColumn } from "./time-column.ts";
import {
  NO_TIME_FORMAT,
  type SampleOrigin,
  type TimeFinding,
  type TimeFormatSettings,
  type TimeReading,
} from "./time-finding.ts";
import { timeInStem, zoneInName } from "./time-names.ts";
import { type TimeSource, timeSources } from "./time-sources.ts";

const MS_PER_DAY = 86_400_000;
/** Steps back that show an order and no clock that was set. */
const MIN_FALLS = 9;
const WORD = /\p{L}+/gu;

/**
 * Finds how the time of a sample is written: columns, format, zone and start. O(cells) for the columns that hold the
 * time, about 0.2 ms for each of the others.
 *
 * @param columns All columns of the sample.
 * @param roles Role of each column by its cells.
 */
export function findTime(
  columns: readonly TimeColumn[],
  roles: readonly ColumnRole[],
  settings: TimeFormatSettings,
  origin: SampleOrigin,
): TimeFinding {
  const { format } = settings;
  if (format === NO_TIME_FORMAT) return { kind: "none", isSet: true };
  const isLive = origin.arrivalMs !== null;
  const sources = sourcesOf(columns, roles, settings);
  if (format !== null) return fitFormat(columns, sources, format, settings, origin);
  // a live reading has the time of its arrival, which is better than a time without a date
  const usable = sources.filter(({ kind }) => !isLive || kind === "full" || kind === "date");
  for (const source of usable) {
    const found = formatOfSource(source);
    if (found.kind !== "none") return complete(source, found, settings, origin);
  }
  return { kind: "none" };
}

function sourcesOf(
  columns: readonly TimeColumn[],
  roles: readonly ColumnRole[],
  { columns: wanted }: TimeFormatSettings,
): readonly TimeSource[] {
  if (wanted === null) return timeSources(columns, roles);
  const places = wanted.map((name) => columns.findIndex((column) => column.name === name));
  if (places.includes(-1)) return [];
  const chosen = places.map((i) => columns[i] as TimeColumn);
  const found = timeSources(
    chosen,
    places.map((i) => roles[i] as ColumnRole),
  ).find(({ pieces }) => pieces.length === chosen.length);
  if (found === undefined) {
    return [{ pieces: chosen.map((column) => ({ column, part: null })), kind: "full" }];
  }
  // the order of the setting counts
  const pieces = chosen.flatMap((own) => found.pieces.filter(({ column }) => column === own));
  return [{ ...found, pieces }];
}

/** Uses the format of a setting for the likeliest columns that it fits. */
function fitFormat(
  columns: readonly TimeColumn[],
  sources: readonly TimeSource[],
  format: string,
  settings: TimeFormatSettings,
  origin: SampleOrigin,
): TimeFinding {
  const singles: readonly TimeSource[] =
    settings.columns === null
      ? columns.map((column) => ({ pieces: [{ column, part: null }], kind: "full" }))
      : [];
  for (const source of [...sources, ...singles]) {
    if (!fitsMost(cellsOf(source), format)) continue;
    return complete(source, { kind: "one", format, by: "form" }, settings, origin, "setting");
  }
  const [source] = [...sources, ...singles];
  if (source === undefined) return { kind: "none" };
  const names = source.pieces.map(({ column }) => column.name);
  return { kind: "unfit", columns: names, cell: cellsOf(source)[0] ?? "", format };
}

function cellsOf({ pieces }: TimeSource): readonly string[] {
  return joinedCells(pieces.map(({ column }) => column));
}

function complete(
  source: TimeSource,
  found: Exclude<SourceFormat, { kind: "none" }>,
  settings: TimeFormatSettings,
  origin: SampleOrigin,
  by?: "setting",
): TimeFinding {
  const columns = source.pieces.map(({ column }) => column.name);
  const planOf = (format: string): TimePlan => ({
    columns,
    format,
    zone: isLocalFormat(format) ? (settings.zone ?? headerZone(columns, format)) : null,
    start: isRelativeFormat(format) ? (settings.start ?? startOf(format, origin)) : null,
  });
  if (found.kind === "one") {
    const plan = planOf(found.format);
    return sharedZone(source, plan) ?? { kind: "plan", plan, by: by ?? found.by };
  }
  const plans = found.formats.map(planOf);
  const { arrivalMs, isWhole } = origin;
  const [first] = plans;
  // 03/03/2026 is one day in either order
  if (first !== undefined && isWhole === true && agree(plans, cellsOf(source))) {
    return { kind: "plan", plan: first, by: "form" };
  }
  const readings = plans.map((plan) => readingOf(plan, found.cell));
  if (arrivalMs === null) return { kind: "open", cell: found.cell, readings };
  const [nearest] = [...readings].sort(
    (a, b) => Math.abs(a.time - arrivalMs) - Math.abs(b.time - arrivalMs),
  );
  return { kind: "plan", plan: (nearest as TimeReading).plan, by: "arrival" };
}

/** Whether plans read all cells alike. */
function agree(plans: readonly TimePlan[], cells: readonly string[]): boolean {
  const [first = [], ...others] = plans.map((plan) => cells.map(timeReader(plan)));
  return others.every((times) => times.every((time, i) => Object.is(time, first[i])));
}

/** Reads single cells with a plan, without the rules for hours that occur twice. */
function timeReader(plan: TimePlan): (cell: string) => number {
  const reader = compileTime(plan);
  const text = new CellText();
  return (cell) => {
    text.clear();
    text.add(cell);
    return reader.read(text);
  };
}

/**
 * Whether the times of a plan only go back, as in a list with the newest first. O(cells) up to the first step forward.
 *
 * @param columns Those of the plan.
 */
export function isNewestFirst(plan: TimePlan, columns: readonly TimeColumn[]): boolean {
  const read = timeReader(plan);
  let last = Number.NaN;
  let falls = 0;
  for (const cell of joinedCells(columns)) {
    const time = read(cell);
    if (time > last) return false;
    if (time < last) falls += 1;
    if (!Number.isNaN(time)) last = time;
  }
  return falls >= MIN_FALLS;
}

/** The zone that the name of a column tells: `Date Time, GMT+01:00`. */
function headerZone(columns: readonly string[], format: string): string | null {
  if (format.includes("%z")) return null;
  return columns.map(zoneInName).find((zone) => zone !== null) ?? null;
}

/** The date in the name of the file; null: it has none. */
function startOf(format: string, { input }: SampleOrigin): number | null {
  const time = timeInStem(input.replace(/^.*[/\\]/, ""));
  if (time === null || !format.includes("%")) return time;
  // a time of day counts from midnight
  return Math.floor(time / MS_PER_DAY) * MS_PER_DAY;
}

/** An abbreviation that stands for several zones, if no setting decides. */
function sharedZone(source: TimeSource, { format, zone }: TimePlan): TimeFinding | null {
  if (!format.includes("%z") || zone !== null) return null;
  for (const cell of cellsOf(source)) {
    const name = cell.match(WORD)?.find((word) => sharedZoneName(word) !== undefined);
    if (name === undefined) continue;
    return { kind: "zone", columns: source.pieces.map(({ column }) => column.name), cell, name };
  }
  return null;
}

function readingOf(plan: TimePlan, cell: string): TimeReading {
  const reader = compileTime(plan);
  const text = new CellText();
  text.add(cell);
  const time = reader.read(text);
  const isComplete = !reader.isOpen || reader.clock === null;
  return { plan, time: isComplete ? time : (reader.clock?.resolve(time, 0) ?? time) };
}
