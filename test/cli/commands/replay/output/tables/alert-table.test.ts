import { Chalk } from "chalk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertTable } from "../../../../../../src/cli/commands/replay/output/tables/alert-table.ts";
import { KeyTable } from "../../../../../../src/core/key-table.ts";
import { UTC_TIMES } from "../../../../../../src/core/timestamp/time-display.ts";
import { detectorPlan, episodeOf, planOf } from "../../../../../backtest/support.ts";

const color = new Chalk({ level: 0 });
const start = Date.UTC(2024, 4, 1, 12);
const hour = 3_600_000;

function table(width: number, sensor = "pump-1", detector = "anomaly", hours = 10): string {
  const keys = new KeyTable();
  keys.intern(sensor);
  const plan = planOf([detectorPlan(detector)]);
  const episodes = [
    episodeOf(start, start + 2 * hour),
    episodeOf(start + 9 * hour, start + 9 * hour, { resolvedAt: Number.NaN, severity: "info" }),
  ];
  return alertTable(episodes, {
    ...{ plan, keys, end: start + hours * hour, times: UTC_TIMES },
    ...{ color, width },
  });
}

describe("alertTable", () => {
  it("has one row per alert without a terminal", () => {
    const rows = table(Number.POSITIVE_INFINITY)
      .split("\n")
      .filter((line) => line.startsWith("│ 2024"));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(
      /^│ 2024-05-01 12:00:00 │ 2h +│ pump-1 │ anomaly +│ critical │ 0\.980 │ value 2\.08 low \(usually 71\.3\.\.98, typical 84\.1\); value_std_50 /,
    );
    expect(rows[1]).toContain("│ 1h →");
  });

  it("puts reasons below their alert where they don't fit beside it", () => {
    const lines = table(80).split("\n");
    expect(lines[0]).toBe("START (UTC)          LASTED  SENSOR  DETECTOR  SEVERITY  PEAK");
    expect(lines[1]).toBe("2024-05-01 12:00:00  2h      pump-1  anomaly   critical  0.980");
    expect(lines[2]).toBe(
      "  value 2.08 low (usually 71.3..98, typical 84.1); value_std_50 9.167 high",
    );
    expect(lines[3]).toBe("  (usually 0.31..2.2)");
  });

  it("explains the features that it names", () => {
    expect(table(80)).toMatch(/\n\*_std_50: sample standard deviation \(n - 1\), window 50 rows$/);
  });

  it("never breaks a line of a terminal of any width, with any names", () => {
    const name = fc.string({ minLength: 1, maxLength: 40, size: "max", unit: "grapheme-ascii" });
    fc.assert(
      fc.property(fc.integer({ min: 80, max: 250 }), name, name, (width, sensor, detector) => {
        for (const line of table(width, sensor, detector, 24 * 123).split("\n")) {
          expect(line.length).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it("shows no control characters of names", () => {
    expect(table(200, "\u001b[31mred\u0007")).toContain("�[31mred�");
  });
});
