import type {
  ThinnedColumn,
  ThinnedSensor,
  ThinnedSeries,
} from "../../backtest/thinning/thinned-sensor.ts";
import { encodeArray, encodeScores, encodeTimes, encodeValues } from "./encode.ts";
import { type ColumnData, type SeriesData, type TimeCode, USUAL_STEP } from "./report-data.ts";

/** Base64 characters per byte. */
const CHARACTERS = 4 / 3;
/** Minimum number of buckets of a useful chart. If there is no room for it, fewer sensors get a chart. */
const MIN_BUCKETS = 60;
/** More than the columns of a screen, so that a user can zoom in. */
const MAX_BUCKETS = 20_000;

/** Bytes of one bucket of one sensor. */
function bytesPerBucket(columns: number, detectors: number, hasLabels: boolean): number {
  return 4 + columns * (8 + 8 / USUAL_STEP) + 2 * detectors + (hasLabels ? 1 : 0);
}

/**
 * Encodes as many thinned sensors as fit.
 *
 * @param ranked The most important sensors first.
 * @param room Limit, characters.
 */
export function seriesData(
  ranked: readonly ThinnedSensor[],
  shape: { readonly columns: number; readonly detectors: number; readonly hasLabels: boolean },
  room: number,
  time: TimeCode,
): ReadonlyMap<ThinnedSensor, SeriesData> {
  const perBucket = CHARACTERS * bytesPerBucket(shape.columns, shape.detectors, shape.hasLabels);
  const buckets = room / perBucket;
  const most = Math.max(1, Math.floor(buckets / MIN_BUCKETS));
  const shown = ranked.slice(0, most);
  const each = share(shown, buckets);
  return new Map(shown.map((sensor) => [sensor, encodeSeries(sensor.finish(each), time)]));
}

/** Maximum number of buckets per sensor; long series share what short ones leave. */
function share(sensors: readonly ThinnedSensor[], room: number): number {
  const sizes = sensors.map(({ buckets }) => buckets).sort((a, b) => a - b);
  let left = room;
  for (const [i, size] of sizes.entries()) {
    const fair = left / (sizes.length - i);
    if (size > fair) return Math.min(MAX_BUCKETS, Math.max(1, Math.floor(fair)));
    left -= size;
  }
  return MAX_BUCKETS;
}

function encodeSeries(series: ThinnedSeries, time: TimeCode): SeriesData {
  const { perBucket, times, end, columns, scores, labelled } = series;
  return {
    per_bucket: perBucket,
    times: encodeTimes(times, time),
    end,
    columns: columns.map((column) => encodeColumn(column, perBucket)),
    scores: scores.map((maxima) => (maxima.every(Number.isNaN) ? null : encodeScores(maxima))),
    labelled: labelled.includes(1) ? encodeArray(labelled) : null,
  };
}

function encodeColumn(column: ThinnedColumn, perBucket: number): ColumnData | null {
  const { smallest, largest } = column;
  const base = smallest.find((value) => !Number.isNaN(value));
  if (base === undefined) return null;
  const low = everyNth(column.low);
  const high = everyNth(column.high);
  return {
    base,
    smallest: encodeValues(smallest, base),
    largest: perBucket === 1 ? null : encodeValues(largest, base),
    usual: low.every(Number.isNaN)
      ? null
      : { low: encodeValues(low, base), high: encodeValues(high, base) },
  };
}

function everyNth(values: Float64Array): Float64Array {
  return values.filter((_, i) => i % USUAL_STEP === 0);
}
