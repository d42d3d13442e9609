/**
 * Profiles columns from sampled cells, for all formats.
 *
 * @module
 */

import { decideCells } from "../cells/decide-cells.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { ColumnProfile, Remark } from "../input-profile.ts";
import { chooseColumns } from "./column-choice.ts";
import { rateColumns } from "./column-roles.ts";
import { columnStats } from "./column-stats.ts";
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
  /** Whether a cell of the column has a time zone. */
  readonly zoned: boolean;
  /** Whether a comma or dot in its numbers may be the decimal mark or group thousands. */
  readonly isDoubtful: boolean;
  /** As in `ColumnStats`. */
  readonly placeholders: ReadonlyMap<string, number>;
}

/** Profiles the columns of an input. O(cells). @param options The settings of its source. */
export function profileColumns(
  sampled: readonly SampledColumn[],
  decimalMark: number,
  { columns: choice, cells: settings }: Pick<DecodeOptions, "columns" | "cells"> = {},
): readonly RatedColumn[] {
  const columns = sampled.map((column) => {
    const { name, nameless, cells } = column;
    const { plan, isDoubtful } = decideCells(name, cells, decimalMark, settings);
    const stats = columnStats(column, decimalMark, plan, settings);
    return { name, nameless, plan, isDoubtful, stats };
  });
  const names = sampled.map(({ name }) => name);
  const roles = chooseColumns(names, rateColumns(columns), choice);
  return columns.map(({ name, stats, plan, isDoubtful }, i) => ({
    name,
    role: roles[i] ?? "text",
    timestampFormat: stats.timestampFormat,
    timeLook: timeLookOf(name, sampled[i]?.cells ?? [], stats),
    distinct: stats.distinct,
    missing: stats.missing,
    numbers: stats.numbers,
    min: stats.min,
    max: stats.max,
    examples: stats.examples,
    zoned: stats.zoned,
    isDoubtful,
    placeholders: stats.placeholders,
    ...(roles[i] === "timestamp" && stats.isFalling() ? { isNewestFirst: true } : {}),
    ...(stats.sentinels.length === 0 ? {} : { sentinels: stats.sentinels }),
    ...(plan === null ? {} : { cells: plan }),
  }));
}

const FORMAT_NAMES = {
  iso8601: "ISO 8601",
  day_first: "day.month.year",
  epoch_s: "seconds since 1970",
  epoch_ms: "milliseconds since 1970",
  epoch_us: "microseconds since 1970",
  epoch_ns: "nanoseconds since 1970",
} as const;

/** Remarks on the timestamps, one per column. */
export function describeTimes(columns: readonly RatedColumn[]): readonly Remark[] {
  const times = columns.filter(({ role }) => role === "timestamp");
  return times.map(({ name, timestampFormat, zoned }) => {
    const format = timestampFormat === null ? "" : FORMAT_NAMES[timestampFormat];
    const written = timestampFormat === "iso8601" || timestampFormat === "day_first";
    const zone = written && !zoned ? " without a zone, taken as UTC" : "";
    return { topic: "time", column: name, text: `"${name}", ${format}${zone}` };
  });
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
