import type { ChalkInstance } from "chalk";
import type { SensorTotals } from "../../../../../backtest/result/backtest-result.ts";
import { formatCount, plural, shorten } from "../../../../render/format.ts";
import { plainTable } from "../../../../render/plain-table.ts";
import { paintBars, sparkline } from "../../../../render/sparkline.ts";

const MAX_SENSORS = 20;
const WIDEST_NAME = 24;
/** Width of the heading of names. */
const NARROWEST_NAME = 6;
const WIDEST_SPARK = 48;
/** Width of the sparkline's heading. */
const NARROWEST_SPARK = 32;
const HEAD = ["SENSOR", "SCORE, START TO END (▅▆▇█ alarm)", "READINGS", "ANOMALOUS", "ALERTS"];
/** Width of all columns but name and sparkline, with gaps. */
const WIDTH_OF_COUNTS = 31;

/**
 * One row per sensor, most alerts first: largest anomaly scores from the first reading to the last, and
 * counts of readings, anomalous readings and alerts.
 *
 * @param width Columns of the terminal; Infinity: no terminal.
 */
export function sensorTable(
  sensors: readonly SensorTotals[],
  color: ChalkInstance,
  width: number,
): string[] {
  if (sensors.length === 0) return [];
  const shown = [...sensors]
    .sort((a, b) => b.alerts - a.alerts || b.anomalies - a.anomalies || a.key - b.key)
    .slice(0, MAX_SENSORS);
  const widest = Math.min(
    WIDEST_NAME,
    Math.max(NARROWEST_NAME, width - WIDTH_OF_COUNTS - NARROWEST_SPARK),
  );
  const names = shown.map(({ name }) => shorten(name, widest));
  const room =
    width - WIDTH_OF_COUNTS - Math.max(...names.map(({ length }) => length), NARROWEST_NAME);
  const spark = Math.max(NARROWEST_SPARK, Math.min(WIDEST_SPARK, room));
  const rows = shown.map(({ series, readings, anomalies, alerts }, i) => [
    names[i] ?? "",
    paintBars(sparkline(series.buckets(spark), 0, 1), color),
    ...[readings, anomalies, alerts].map(formatCount),
  ]);
  const more = sensors.length - shown.length;
  const lines = plainTable(HEAD, rows, color, [2, 3, 4]);
  return more > 0 ? [...lines, `and ${plural(more, "more sensor")}`] : lines;
}
