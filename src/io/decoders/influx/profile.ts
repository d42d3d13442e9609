import { detectTimestampFormat } from "../../../core/timestamp/timestamp.ts";
import { nameColumns } from "../columns/column-names.ts";
import { describeCells } from "../columns/describe-cells.ts";
import { formatRemarks, listNames, profileColumns } from "../columns/profile-columns.ts";
import type { SampledColumn } from "../columns/sampled-column.ts";
import {
  NO_TIME_FORMAT,
  NO_TIME_SETTINGS,
  type TimeFormatSettings,
} from "../columns/time/time-finding.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import { commonKinds } from "../lines/recency.ts";
import { type Point, parsePoint } from "./parse-point.ts";
import { PointCells, type PointParts, SERIES } from "./point-cells.ts";
import { isPointLine } from "./point-line.ts";

/** The profile of the first points. */
export interface InfluxProfile extends InputProfile {
  readonly parts: PointParts;
  /** Measurements of the first points; points of other measurements are rejected. */
  readonly measurements: readonly string[];
}

const TIMESTAMP = "timestamp";
const TIMESTAMP_SAMPLES = 300;
const DOT = 46;
const MAX_COLUMNS = 10_000;

/** Profiles the first lines; see `LineFormat.profile`. */
export function profileInflux(
  lines: readonly string[],
  input: string,
  options: DecodeOptions,
): InfluxProfile | null {
  const parsed = lines.flatMap((line) => {
    const point = isPointLine(line) ? parsePoint(line) : null;
    return point === null || "wrong" in point ? [] : [point];
  });
  const measurements = commonKinds(parsed.map(({ measurement }) => measurement));
  const points = parsed.filter(({ measurement }) => measurements.has(measurement));
  const parts = partsOf(points, measurements.size);
  const written = writtenNames(parts);
  if (written.length > MAX_COLUMNS) return null;
  const { names, remarks } = nameColumns(written, written.length, options.rename);
  const cells = new PointCells(parts);
  const rows = points.map((point) => cells.of(point));
  const sampled = names.map((name, i) => {
    return { name, nameless: false, cells: rows.map((row) => row[i] ?? "") };
  });
  const timeOnly = timeSettings(parts.timestamp ? sampled[0] : undefined);
  const {
    columns,
    facts,
    remarks: timed,
  } = profileColumns(
    sampled,
    DOT,
    { input, arrivalMs: null },
    // a point is a reading of its series
    { ...options, time: timeOnly, shape: { ...options.shape, isDeclared: true } },
  );
  if (!columns.some(({ role }) => role === "number")) return null;
  return {
    format: "influx",
    columns,
    ...facts,
    // without a timestamp, only a setting can say that there is none
    ...(parts.timestamp || options.time?.format === NO_TIME_FORMAT
      ? {}
      : { time: { kind: "none" } }),
    rowsSampled: points.length,
    remarks: [
      ...formatRemarks("InfluxDB line protocol", `measurements: ${listNames([...measurements])}`),
      ...remarks,
      ...describeCells(columns),
      ...timed,
    ],
    parts,
    measurements: [...measurements],
  };
}

function writtenNames({ timestamp, series, tags, fields }: PointParts): readonly string[] {
  return [...(timestamp ? [TIMESTAMP] : []), ...(series ? [SERIES] : []), ...tags, ...fields];
}

/**
 * The parts of the points. The series is a column if neither the measurement nor a single tag identifies the
 * sensor.
 */
function partsOf(points: readonly Point[], measurements: number): PointParts {
  const timed = points.filter(({ timestamp }) => timestamp !== null).length;
  const tags = [...new Set(points.flatMap((point) => point.tags.map(({ name }) => name)))];
  const fields = [...new Set(points.flatMap((point) => point.fields.map(({ name }) => name)))];
  const series = measurements > 1 || tags.length > 1;
  return { timestamp: timed * 2 > points.length, series, tags, fields };
}

/** The first column is the time, whatever its numbers; nanoseconds are the default of the protocol. */
function timeSettings(column: SampledColumn | undefined): TimeFormatSettings {
  if (column === undefined) return { ...NO_TIME_SETTINGS, format: NO_TIME_FORMAT };
  const cells = column.cells.filter((cell) => cell !== "").slice(0, TIMESTAMP_SAMPLES);
  const format = detectTimestampFormat(cells) ?? "epoch_ns";
  return { ...NO_TIME_SETTINGS, columns: [column.name], format };
}
