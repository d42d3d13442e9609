import type { CellPlan } from "../cells/cell-plan.ts";
import { decideCells } from "../cells/decide-cells.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { ColumnRole } from "../input-profile.ts";
import { isCycle } from "../shape/find-cycle.ts";
import { type ColumnChoice, chooseColumns, patternTest } from "./column-choice.ts";
import { rateColumns } from "./column-roles.ts";
import { columnStats } from "./column-stats.ts";
import { type CounterKind, findCounters } from "./counters.ts";
import type { RatedColumn, SampledColumn } from "./sampled-column.ts";
import { isNewestFirst } from "./time/find-time.ts";
import type { TimeColumn } from "./time/time-column.ts";
import type { TimeFinding } from "./time/time-finding.ts";
import { timeLookOf } from "./time-look.ts";

/** A column with its statistics. */
interface MeasuredColumn extends TimeColumn, SampledColumn {
  /** How its numbers are written; null: plainly. */
  readonly plan: CellPlan | null;
  readonly isDoubtful: boolean;
}

/** Finds how the cells of columns are written, and their statistics. O(cells). */
export function measureColumns(
  sampled: readonly SampledColumn[],
  decimalMark: number,
  { cells: settings }: Pick<DecodeOptions, "cells">,
): readonly MeasuredColumn[] {
  return sampled.map((column) => {
    const { name, nameless, cells } = column;
    const { plan, isDoubtful } = decideCells(name, cells, decimalMark, settings);
    const stats = columnStats(column, decimalMark, plan, settings);
    return { name, nameless, cells, plan, isDoubtful, stats };
  });
}

/** The role of each column by its name and cells, while the time is not known. */
export function rolesOf(
  columns: readonly MeasuredColumn[],
  { columns: choice }: Pick<DecodeOptions, "columns">,
): readonly ColumnRole[] {
  const names = columns.map(({ name }) => name);
  return chooseColumns(names, rateColumns(columns), choice);
}

/** The profiles of columns, once the time is known. O(cells) for the columns that may be counters. */
export function profileMeasured(
  columns: readonly MeasuredColumn[],
  time: TimeFinding,
  options: Pick<DecodeOptions, "columns">,
): readonly RatedColumn[] {
  const roles = rolesOf(columns, options);
  const counters = findCounters(columns, roles, time.kind !== "none");
  const newestFirst = newestFirstColumn(time, columns);
  const finalRoles = rolesBeside(time, columns, roles, counters, options.columns);
  const mayCycle = (i: number): boolean =>
    finalRoles[i] === "number" && columns[i]?.stats.whole === true;
  const times = columns.some((_, i) => mayCycle(i)) ? timesOf(columns, time) : undefined;
  return columns.map((column, i): RatedColumn => {
    const { name, cells, stats, plan, isDoubtful } = column;
    const role = finalRoles[i] as ColumnRole;
    return {
      name,
      role,
      timestampFormat: stats.timestampFormat,
      timeLook: timeLookOf(name, cells, stats),
      distinct: stats.distinct,
      missing: stats.missing,
      numbers: stats.numbers,
      min: stats.min,
      max: stats.max,
      examples: stats.examples,
      isDoubtful,
      placeholders: stats.placeholders,
      ...(role === "number" && counters[i] === "meter" ? { isMeter: true } : {}),
      ...(mayCycle(i) && isCycle(column, times) ? { isCycle: true } : {}),
      ...(name === newestFirst ? { isNewestFirst: true } : {}),
      ...(stats.sentinels.length === 0 ? {} : { sentinels: stats.sentinels }),
      ...(plan === null ? {} : { cells: plan }),
    };
  });
}

/** The first column of a time that only goes back; null: it does not. */
function newestFirstColumn(time: TimeFinding, columns: readonly TimeColumn[]): string | null {
  if (time.kind !== "plan") return null;
  const { plan } = time;
  const own = plan.columns.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return own.length > 0 && isNewestFirst(plan, own) ? (plan.columns[0] ?? null) : null;
}

/** The time of each row, as written; undefined: none. */
function timesOf(
  columns: readonly MeasuredColumn[],
  time: TimeFinding,
): readonly string[] | undefined {
  const [first, ...others] = columns.filter(({ name }) => isTimeColumn(name, time));
  return first?.cells.map((cell, row) =>
    [cell, ...others.map(({ cells }) => cells[row] ?? "")].join(" "),
  );
}

/** The roles beside the time. A running number is left out unless a setting reads it, or no other number is there. */
function rolesBeside(
  time: TimeFinding,
  columns: readonly TimeColumn[],
  roles: readonly ColumnRole[],
  counters: readonly (CounterKind | null)[],
  choice: ColumnChoice | undefined,
): readonly ColumnRole[] {
  const isIncluded = patternTest(choice?.include ?? []);
  const known = columns.map(({ name }, i) => (isTimeColumn(name, time) ? "timestamp" : roles[i]));
  const beside = columns.map(({ name }, i): ColumnRole => {
    const role = known[i] ?? "text";
    const isNumber = role === "number" || role === "device";
    return isNumber && counters[i] === "index" && !isIncluded(name) ? "index" : role;
  });
  return beside.includes("number") ? beside : known.map((role) => role ?? "text");
}

/** Whether a column holds the time, or a part of it. */
export function isTimeColumn(name: string, time: TimeFinding): boolean {
  if (time.kind === "plan") return time.plan.columns.includes(name);
  return time.kind === "open" && time.readings.some(({ plan }) => plan.columns.includes(name));
}
