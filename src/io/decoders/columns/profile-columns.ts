/**
 * Profiles columns from sampled cells, for all formats.
 *
 * @module
 */

import { decideCells } from "../cells/decide-cells.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { ColumnProfile, ColumnRole, Remark } from "../input-profile.ts";
import { type ColumnChoice, chooseColumns, patternTest } from "./column-choice.ts";
import { rateColumns } from "./column-roles.ts";
import { columnStats } from "./column-stats.ts";
import { type CounterKind, findCounters } from "./counters.ts";
import { findTime } from "./time/find-time.ts";
import type { TimeColumn } from "./time/time-column.ts";
import { NO_TIME_SETTINGS, type SampleOrigin, type TimeFinding } from "./time/time-finding.ts";
import { timeRemarks } from "./time/time-remarks.ts";
import { timeLookOf } from "./time-look.ts";

/** A sampled column. */
export interface SampledColumn {
  readonly name: string;
  /** Whether the input does not name it. */
  readonly nameless: boolean;
  /** Cells as written; an empty cell is missing. */
  readonly cells: readonly string[];
}

/** A column profile, and what only remarks need. */
export interface RatedColumn extends ColumnProfile {
  /** Whether a comma or dot in its numbers may be the decimal mark or group thousands. */
  readonly isDoubtful: boolean;
  /** As in `ColumnStats`. */
  readonly placeholders: ReadonlyMap<string, number>;
}

/** The profiles of the columns, and how the time of the readings is written. */
export interface ProfiledColumns {
  readonly columns: readonly RatedColumn[];
  readonly time: TimeFinding;
  readonly remarks: readonly Remark[];
}

/**
 * Profiles the columns of an input. O(cells).
 *
 * @param decimalMark Character code.
 * @param options The settings of its source.
 */
export function profileColumns(
  sampled: readonly SampledColumn[],
  decimalMark: number,
  origin: SampleOrigin,
  options: Pick<DecodeOptions, "columns" | "cells" | "time"> = {},
): ProfiledColumns {
  const { columns: choice, cells: settings, time: written = NO_TIME_SETTINGS } = options;
  const columns = sampled.map((column) => {
    const { name, nameless, cells } = column;
    const { plan, isDoubtful } = decideCells(name, cells, decimalMark, settings);
    const stats = columnStats(column, decimalMark, plan, settings);
    return { name, nameless, cells, plan, isDoubtful, stats };
  });
  const names = sampled.map(({ name }) => name);
  const roles = chooseColumns(names, rateColumns(columns), choice);
  const time = findTime(columns, roles, written, origin);
  const counters = findCounters(columns, roles, time.kind !== "none");
  const finalRoles = rolesBeside(time, columns, roles, counters, choice);
  const profiles = columns.map((column, i): RatedColumn => {
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
      ...(role === "timestamp" && stats.isFalling() ? { isNewestFirst: true } : {}),
      ...(stats.sentinels.length === 0 ? {} : { sentinels: stats.sentinels }),
      ...(plan === null ? {} : { cells: plan }),
    };
  });
  const isZoned = columns.some(({ name, stats }) => isTimeColumn(name, time) && stats.zoned);
  return { columns: profiles, time, remarks: timeRemarks(time, isZoned) };
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

function isTimeColumn(name: string, time: TimeFinding): boolean {
  if (time.kind === "plan") return time.plan.columns.includes(name);
  return time.kind === "open" && time.readings.some(({ plan }) => plan.columns.includes(name));
}

/** Remarks on the format, a phrase each. */
export function formatRemarks(...texts: readonly string[]): readonly Remark[] {
  return texts.map((text) => ({ topic: "format", text }));
}

/** The first twelve names as text. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
