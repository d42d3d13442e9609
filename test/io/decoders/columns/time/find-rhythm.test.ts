import { expect, it } from "vitest";
import { timeColumn } from "../../../../../src/core/timestamp/time-plan.ts";
import { findRhythm } from "../../../../../src/io/decoders/columns/time/find-rhythm.ts";

const PLAN = timeColumn("time", "iso8601");
const START = Date.UTC(2026, 2, 1);

function columnsOf(rows: readonly (readonly [seconds: number, sensor: string])[]) {
  const cellsOf = (name: string, cells: readonly string[]) => ({ name, nameless: false, cells });
  return [
    cellsOf(
      "time",
      rows.map(([seconds]) => new Date(START + 1000 * seconds).toISOString()),
    ),
    cellsOf(
      "sensor",
      rows.map(([, sensor]) => sensor),
    ),
  ];
}

it("is the median interval of each sensor, not of all rows", () => {
  const rows = Array.from({ length: 40 }, (_, i) => [30 * i, `s${i % 2}`] as const);
  const columns = columnsOf(rows);
  const usual = { firstMs: START, usualMs: 60_000, longMs: 60_000 };
  expect(findRhythm(columns, PLAN, "sensor")).toEqual({ key: "sensor", ...usual });
  expect(findRhythm(columns, PLAN, null)?.usualMs).toBe(30_000);
});

it("ignores late readings, rows of one time and rows without a time, and knows the long intervals", () => {
  const steps = Array.from({ length: 200 }, (_, i) => (i % 50 === 7 ? 600 : 60));
  let at = 0;
  const rows = steps.flatMap((step, i) => {
    at += step;
    const late = i % 10 === 3 ? [[at - 1000, "a"] as const] : [];
    return [[at, "a"] as const, [at, "a"] as const, ...late];
  });
  const columns = columnsOf(rows);
  const [times, ...others] = columns;
  const holed = { ...times, cells: times?.cells.map((cell, i) => (i === 5 ? "?" : cell)) };
  const found = findRhythm([holed, ...others] as typeof columns, PLAN, "sensor");
  expect(found).toMatchObject({ usualMs: 60_000, longMs: 600_000 });
});

it("is not known from few intervals, or where time goes back", () => {
  const rows = Array.from({ length: 10 }, (_, i) => [60 * i, "a"] as const);
  expect(findRhythm(columnsOf(rows), PLAN, "sensor")).toBeNull();
  const back = Array.from({ length: 50 }, (_, i) => [-60 * i, "a"] as const);
  expect(findRhythm(columnsOf(back), PLAN, "sensor")).toBeNull();
});
