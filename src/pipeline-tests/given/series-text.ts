import { csvCell } from "../../backtest/scores/scores-lines.ts";
import type { TestConfig } from "../../config/schema/tests/tests.ts";
import { parseSeries, type SeriesTerm } from "../../core/series/parse-series.ts";
import { type SeriesValue, seriesLength, seriesValues } from "../../core/series/series-values.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import type { GivenColumns } from "./given-columns.ts";

/** CSV, and the step of each record, from 1 on. */
export interface SeriesText {
  readonly text: string;
  readonly steps: readonly number[];
}

/**
 * Converts series in short notation to CSV: for each step one row per sensor, in the order of the sensors.
 * A sensor has no row where one of its columns has a gap.
 */
export function seriesText(
  { series, sensors, start, every, seed }: TestConfig,
  { timestamp, key, sensor, declared }: GivenColumns,
): SeriesText {
  const given = Object.entries(sensors ?? { [sensor]: series ?? {} });
  const names = new Set([...declared, ...given.flatMap(([, columns]) => Object.keys(columns))]);
  const columns = [...names].filter((name) => name !== timestamp && name !== key);
  const parsed = given.map(
    ([name, texts]) =>
      [
        name,
        new Map(Object.entries(texts).map(([column, text]) => [column, terms(text)])),
      ] as const,
  );
  const all = parsed.flatMap(([, byColumn]) => [...byColumn.values()]);
  const rows = Math.max(1, ...all.map(seriesLength));
  const values = parsed.map(([name, byColumn]) => {
    const made = [...byColumn].map(
      ([column, own]) => [column, seriesValues(own, rows, `${seed} ${name} ${column}`)] as const,
    );
    return [name, new Map(made)] as const;
  });
  const header = [timestamp, ...(key === null ? [] : [key]), ...columns].map(csvCell).join(",");
  const lines = [header];
  const steps: number[] = [];
  for (let step = 0; step < rows; step++) {
    const time = isoTime(start + step * every);
    for (const [name, byColumn] of values) {
      const isGap = [...byColumn.values()].some((column) => column[step] === undefined);
      if (isGap) continue;
      const cells = columns.map((column) => cell(byColumn.get(column)?.[step]));
      lines.push([time, ...(key === null ? [] : [csvCell(name)]), ...cells].join(","));
      steps.push(step + 1);
    }
  }
  return { text: `${lines.join("\n")}\n`, steps };
}

function cell(value: SeriesValue): string {
  return value === null || value === undefined ? "" : String(value);
}

/** @throws {RangeError} For invalid notation; the config check reports it first. */
function terms(text: string): readonly SeriesTerm[] {
  const parsed = parseSeries(text);
  if ("terms" in parsed) return parsed.terms;
  throw new RangeError(parsed.message);
}
