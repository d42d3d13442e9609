import type { Line, Mark, Series, Shade } from "../../../page/client/types.ts";
import {
  type ColumnData,
  type ReportData,
  type SeriesData,
  USUAL_STEP,
} from "../../data/report-data.ts";
import { decodeBytes, decodeScores, decodeTimes, decodeValues } from "../data/decode.ts";
import { SEVERITIES, type ShownEpisode } from "../data/episodes.ts";

/** A line is broken above this multiple of the usual distance between points. */
const GAP = 8;

/** The charts of one sensor. */
export interface SensorDrawing {
  /** Seconds. */
  readonly times: readonly number[];
  /** One per column with values. */
  readonly columns: readonly Line[];
  /** One per detector with scores. */
  readonly scores: readonly Line[];
  readonly shades: readonly Shade[];
  /** Readings per point. */
  readonly perPoint: number;
}

/** Converts a sensor's series for the charts. */
export function sensorDrawing(
  series: SeriesData,
  { columns, detectors, time }: Pick<ReportData, "columns" | "detectors" | "time">,
): SensorDrawing {
  const starts = decodeTimes(series.times, time).map((ms) => ms / 1000);
  // a point for several readings is drawn in the middle of them
  const points = series.per_bucket === 1 ? starts : middlesOf(starts, series.end / 1000);
  const gaps = gapsIn(points);
  const open = (values: Series): Series => withGaps(values, gaps);
  return {
    times: gapTimes(points, gaps),
    columns: columns.flatMap((name, c) => {
      const column = series.columns[c];
      return column ? [valueLine(name, column, open)] : [];
    }),
    scores: detectors.flatMap(({ name }, d) => {
      const scores = series.scores[d];
      return scores ? [{ name, values: open(decodeScores(scores)) }] : [];
    }),
    shades: series.labelled === null ? [] : shadesOf(series.labelled, starts, series.end / 1000),
    perPoint: series.per_bucket,
  };
}

function valueLine(name: string, column: ColumnData, open: (values: Series) => Series): Line {
  const { base, smallest, largest, usual } = column;
  const values = decodeValues(smallest, base);
  const held = (text: string): Series => {
    const some = decodeValues(text, base);
    return open(values.map((_, i) => some[Math.floor(i / USUAL_STEP)] ?? null));
  };
  return {
    name,
    values: open(values),
    ...(largest === null ? {} : { upper: open(decodeValues(largest, base)) }),
    ...(usual === null ? {} : { usual: { low: held(usual.low), high: held(usual.high) } }),
  };
}

/** Converts episodes to marks. */
export function marksOfEpisodes(episodes: readonly ShownEpisode[]): Mark[] {
  return episodes.map(({ rank, started, last }) => ({
    severity: SEVERITIES[rank] ?? "info",
    start: started / 1000,
    end: last / 1000,
  }));
}

function shadesOf(labelled: string, starts: readonly number[], end: number): Shade[] {
  const shades: { start: number; end: number }[] = [];
  for (const [i, flag] of decodeBytes(labelled).entries()) {
    if (flag === 0) continue;
    const [start = 0, next = end] = [starts[i], starts[i + 1]];
    const before = shades.at(-1);
    if (before?.end === start) before.end = next;
    else shades.push({ start, end: next });
  }
  return shades;
}

function middlesOf(starts: readonly number[], end: number): number[] {
  return starts.map((start, i) => (start + (starts[i + 1] ?? end)) / 2);
}

/** Points with a long gap after them. */
function gapsIn(starts: readonly number[]): ReadonlySet<number> {
  const steps = starts.slice(1).map((time, i) => time - (starts[i] ?? time));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return new Set(steps.flatMap((step, i) => (usual > 0 && step > GAP * usual ? [i] : [])));
}

function gapTimes(starts: readonly number[], gaps: ReadonlySet<number>): number[] {
  return starts.flatMap((time, i) =>
    gaps.has(i) ? [time, (time + (starts[i + 1] ?? time)) / 2] : [time],
  );
}

function withGaps(values: Series, gaps: ReadonlySet<number>): Series {
  if (gaps.size === 0) return values;
  return values.flatMap((value, i) => (gaps.has(i) ? [value, null] : [value]));
}
