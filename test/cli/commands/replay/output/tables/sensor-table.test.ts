import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import type { SensorTotals } from "../../../../../../src/backtest/result/backtest-result.ts";
import { ScoreSeries } from "../../../../../../src/backtest/thinning/score-series.ts";
import { sensorTable } from "../../../../../../src/cli/commands/replay/output/tables/sensor-table.ts";

const color = new Chalk({ level: 0 });

function sensor(key: number, scores: readonly number[], alerts = 0): SensorTotals {
  const series = new ScoreSeries();
  for (const score of scores) series.add(score);
  return { key, name: `s${key}`, readings: scores.length, anomalies: 0, alerts, series };
}

describe("sensorTable", () => {
  it("draws scores as bars: empty while warming up, the upper half from the alarm boundary on", () => {
    const [, row] = sensorTable([sensor(0, [Number.NaN, 0, 0.49, 0.5, 1])], color, 80);
    expect(row).toMatch(/^s0 {6} {1}▁▄▅█ +5 +0 +0$/);
  });

  it("puts the sensors with most alerts first, and counts those it does not show", () => {
    const many = Array.from({ length: 25 }, (_, key) => sensor(key, [0.1], key === 7 ? 3 : 0));
    const lines = sensorTable(many, color, 80);
    expect(lines[1]).toMatch(/^s7 /);
    expect(lines).toHaveLength(1 + 20 + 1);
    expect(lines.at(-1)).toBe("and 5 more sensors");
  });

  it("fits terminals of 80 columns and more", () => {
    const long = { ...sensor(0, Array(500).fill(0.3)), name: "a".repeat(40) };
    for (const width of [80, 90, 100, 200]) {
      const short = sensorTable([sensor(1, Array(500).fill(0.9))], color, width);
      expect(Math.max(...short.map((line) => line.length))).toBeLessThanOrEqual(width);
      const lines = sensorTable([long], color, width);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  it("is empty without sensors", () => {
    expect(sensorTable([], color, 80)).toEqual([]);
  });
});
