import type { ColumnRole } from "../input-profile.ts";
import type { ColumnStats } from "./column-stats.ts";

/** A column without a role yet. */
export interface UnratedColumn {
  readonly name: string;
  /** Whether the header gives it no name. */
  readonly nameless: boolean;
  readonly stats: ColumnStats;
}

/** Minimum share of numbers in a numeric column, so that a few words do not make a sensor a text. */
const NUMERIC_SHARE = 2 / 3;

/** Names of columns with times. */
export const TIME_NAME =
  /^(.+[ _-])?(time|date|date_?time|time_?stamp|ts|utc|epoch|zeit|datum|zeitstempel|at)([ _-](utc|gmt|s|ms|us|ns|unix))?$/i;

const LABEL_NAME = /^(is[ _-]?anomaly|anomaly|label|event|changepoint)$/i;

const INDEX_NAME = /^(unnamed: ?\d+|index|idx|row|row[ _-]?(id|no|nr|number)|no\.?|nr\.?|#)$/i;

/** Decides the role of each column from its name and cells. */
export function rateColumns(columns: readonly UnratedColumn[]): readonly ColumnRole[] {
  const roles = columns.map(rateColumn);
  if (!roles.includes("timestamp")) {
    const clock = columns.findIndex(
      (column, i) => couldBeNumber(roles[i]) && isUnnamedClock(column, roles.slice(0, i)),
    );
    if (clock >= 0) roles[clock] = "timestamp";
  }
  return roles;
}

function rateColumn({ name, nameless, stats }: UnratedColumn): ColumnRole {
  const { present, numbers, booleans, isSwitch, timestampFormat } = stats;
  if (present === 0) return "empty";
  if (timestampFormat === "iso8601" || timestampFormat === "day_first") return "timestamp";
  if (numbers + booleans < present * NUMERIC_SHARE) return "text";
  // a column of `on` alone may be a mode: other words may follow
  if (numbers === 0 && !isSwitch) return "text";
  if (LABEL_NAME.test(name) && stats.binary) return "label";
  if (timestampFormat !== null && TIME_NAME.test(name)) return "timestamp";
  return stats.increasing && isCounterName(name, nameless, stats) ? "index" : "number";
}

/** Whether a growing number of this name is a row number or a time since the start, not a measurement. */
function isCounterName(name: string, nameless: boolean, { whole }: ColumnStats): boolean {
  return TIME_NAME.test(name) || (whole && (nameless || INDEX_NAME.test(name)));
}

function couldBeNumber(role: ColumnRole | undefined): boolean {
  return role === "number" || role === "index";
}

/**
 * Whether numbers are epoch timestamps although the name does not tell: only in front of all readings, and only if
 * they advance like a clock.
 */
function isUnnamedClock({ stats }: UnratedColumn, before: readonly ColumnRole[]): boolean {
  return before.every((role) => role === "index" || role === "text") && stats.isSteady();
}
