/**
 * Profiles columns from sampled cells, for all formats.
 *
 * @module
 */

import type { DecodeOptions } from "../decode-context.ts";
import type { ColumnProfile, ColumnRole, InputProfile, Remark } from "../input-profile.ts";
import { findKeyColumn } from "../shape/find-key.ts";
import { findShape } from "../shape/find-shape.ts";
import { readingColumns } from "../shape/reading-columns.ts";
import type { Shape } from "../shape/shape.ts";
import { isTimeColumn, measureColumns, profileMeasured, rolesOf } from "./measured-columns.ts";
import type { RatedColumn, SampledColumn } from "./sampled-column.ts";
import { findRhythm } from "./time/find-rhythm.ts";
import { findTime } from "./time/find-time.ts";
import { NO_TIME_SETTINGS, type SampleOrigin, type TimeFinding } from "./time/time-finding.ts";
import { timeRemarks } from "./time/time-remarks.ts";

/** The profiles of the columns of the readings, and what the sample says about them. */
export interface ProfiledColumns {
  readonly columns: readonly RatedColumn[];
  /** What belongs into the profile of the input, beside the columns. */
  readonly facts: Pick<InputProfile, "time" | "rhythm" | "shape" | "rowColumns" | "joins">;
  readonly remarks: readonly Remark[];
}

/** Numbers beside those of quantities tell about a row, such as its quality. */
const BESIDE: ReadonlySet<ColumnRole> = new Set(["number", "index", "device"]);

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
  options: Partial<DecodeOptions> = {},
): ProfiledColumns {
  const { time: written = NO_TIME_SETTINGS, shape: settings = {}, rename = {} } = options;
  const measured = measureColumns(sampled, decimalMark, options);
  const time = findTime(measured, rolesOf(measured, options), written, origin);
  const rows = profileMeasured(measured, time, options);
  const isZoned = measured.some(({ name, stats }) => isTimeColumn(name, time) && stats.zoned);
  const { shape, joins, remarks } = findShape(
    sampled.map((column, i) => ({ ...column, profile: rows[i] as RatedColumn })),
    time,
    settings,
    rename,
  );
  const common = [...timeRemarks(time, isZoned), ...remarks];
  const facts = { time, ...(joins ? { joins } : {}) };
  if (shape === null) {
    const rhythm = rhythmOf(sampled, rows, time, null);
    return { columns: rows, facts: { ...facts, ...rhythm }, remarks: common };
  }
  const isRead = ({ role }: ColumnProfile): boolean =>
    shape.pivot === null || settings.isDeclared === true || !BESIDE.has(role);
  const kept = sampled.filter(
    ({ name }, i) =>
      name === shape.pivot?.value || shape.key.includes(name) || isRead(rows[i] as RatedColumn),
  );
  const readings = readingColumns(kept, shape);
  const columns = profileMeasured(measureColumns(readings, decimalMark, options), time, options);
  return {
    columns,
    facts: {
      ...{ ...facts, shape, rowColumns: rows.map(plainProfile) },
      ...rhythmOf(readings, columns, time, shape),
    },
    remarks: [...common, ...unusedColumns(rows, columns, shape)],
  };
}

/** The rhythm of the readings, if it is known. */
function rhythmOf(
  readings: readonly SampledColumn[],
  columns: readonly RatedColumn[],
  time: TimeFinding,
  shape: Shape | null,
): Pick<InputProfile, "rhythm"> {
  if (time.kind !== "plan") return {};
  const { plan } = time;
  const rowsSampled = readings[0]?.cells.length ?? 0;
  const profile = { format: "", columns, rowsSampled, ...(shape === null ? {} : { shape }) };
  const key = findKeyColumn(profile, new Set(plan.columns));
  const rhythm = findRhythm(readings, plan, key);
  return rhythm === null ? {} : { rhythm };
}

/** Remarks on columns of the rows that the readings do not have. */
function unusedColumns(
  rows: readonly RatedColumn[],
  readings: readonly RatedColumn[],
  { pivot, melt, key }: Shape,
): readonly Remark[] {
  const used = new Set([
    ...readings.map(({ name }) => name),
    ...[...(pivot?.name ?? []), pivot?.value, ...(melt?.columns ?? []), ...key],
  ]);
  const marks = Object.entries(pivot?.columns ?? {}).filter(([, column]) => column === "");
  return [
    ...rows
      .filter(({ name }) => !used.has(name))
      .map(({ name }) => ({ column: name, text: "beside the values" })),
    ...marks.map(([name]) => ({ column: name, text: "hardly any row" })),
  ].map((remark) => ({ topic: "left out", ...remark }));
}

function plainProfile({ isDoubtful: _, placeholders: __, ...profile }: RatedColumn): ColumnProfile {
  return profile;
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
