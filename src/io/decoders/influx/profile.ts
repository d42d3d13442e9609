import { nameColumns } from "../column-names.ts";
import type { ColumnProfile, DecodeOptions, InputProfile } from "../decoder.ts";
import { describeTimes, listNames, profileColumns, type RatedColumn } from "../profile-columns.ts";
import { commonKinds } from "../recency.ts";
import { type Point, parsePoint } from "./parse-point.ts";
import { isPointLine } from "./point-line.ts";
import { SERIES, seriesOf } from "./series.ts";

/** What the first points say about the others. */
export interface InfluxProfile extends InputProfile {
  /** Column of each tag and field by its name, -1 where it is not there. */
  readonly places: Places;
  /** Measurements seen; points of others are none of this input. */
  readonly measurements: ReadonlySet<string>;
}

/** Where the parts of a point go among the cells of a record. */
export interface Places {
  readonly timestamp: number;
  readonly series: number;
  readonly tags: ReadonlyMap<string, number>;
  readonly fields: ReadonlyMap<string, number>;
}

const TIMESTAMP = "timestamp";
const DOT = 46;
const MAX_COLUMNS = 10_000;

/** Looks at the first lines; see `LineFormat.profile`. */
export function profileInflux(
  lines: readonly string[],
  { rename }: DecodeOptions,
): InfluxProfile | null {
  const parsed = lines.flatMap((line) => {
    const point = isPointLine(line) ? parsePoint(line) : null;
    return point === null || "wrong" in point ? [] : [point];
  });
  const measurements = commonKinds(parsed.map(({ measurement }) => measurement));
  const points = parsed.filter(({ measurement }) => measurements.has(measurement));
  const { places, written } = placeParts(points, measurements.size);
  if (written.length > MAX_COLUMNS) return null;
  const { names, notes } = nameColumns(written, written.length, rename);
  const rows = points.map((point) => pointCells(point, places, written.length));
  const rated = profileColumns(
    names.map((name, i) => ({ name, nameless: false, cells: rows.map((row) => row[i] ?? "") })),
    DOT,
  );
  const columns = rated.map((column, i) => (i === places.timestamp ? asTimestamp(column) : column));
  if (!columns.some(({ role }) => role === "number")) return null;
  return {
    format: "influx",
    columns,
    rowsSampled: points.length,
    notes: [
      "InfluxDB line protocol",
      `measurements: ${listNames([...measurements])}`,
      ...notes,
      ...describeTimes(columns),
    ],
    places,
    measurements,
  };
}

/** The cells of a point. */
export function pointCells(point: Point, places: Places, width: number): string[] {
  const cells = new Array<string>(width).fill("");
  const put = (place: number | undefined, value: string): void => {
    if (place !== undefined && place >= 0) cells[place] = value;
  };
  put(places.timestamp, point.timestamp ?? "");
  if (places.series >= 0) put(places.series, seriesOf(point));
  for (const { name, value } of point.tags) put(places.tags.get(name), value);
  for (const { name, value } of point.fields) put(places.fields.get(name), value);
  return cells;
}

/**
 * Columns in the order timestamp, series, tags, fields. The series is a column where the measurement or a
 * single tag would not tell sensors apart.
 */
function placeParts(
  points: readonly Point[],
  measurements: number,
): { places: Places; written: readonly string[] } {
  const written: string[] = [];
  const add = (name: string): number => written.push(name) - 1;
  const timed = points.filter(({ timestamp }) => timestamp !== null).length;
  const tagNames = new Set(points.flatMap(({ tags }) => tags.map(({ name }) => name)));
  const fieldNames = new Set(points.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const timestamp = timed * 2 > points.length ? add(TIMESTAMP) : -1;
  const series = measurements > 1 || tagNames.size > 1 ? add(SERIES) : -1;
  const tags = new Map([...tagNames].map((name) => [name, add(name)]));
  const fields = new Map([...fieldNames].map((name) => [name, add(name)]));
  return { places: { timestamp, series, tags, fields }, written };
}

/** The timestamp of a point is one whatever its size; nanoseconds are the default of the protocol. */
function asTimestamp(column: RatedColumn): RatedColumn {
  const timestampFormat: ColumnProfile["timestampFormat"] = column.timestampFormat ?? "epoch_ns";
  return { ...column, role: "timestamp", timestampFormat };
}
