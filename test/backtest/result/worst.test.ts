import { describe, expect, it } from "vitest";
import { worst } from "../../../src/backtest/result/worst.ts";
import { episodeOf, evidenceOf } from "../support.ts";

describe("worst", () => {
  it("selects by severity, then by peak, and sorts by time", () => {
    const alert = (at: number, severity: "info" | "critical", anomalyScore: number) =>
      episodeOf(at, at, { severity, peak: evidenceOf({ anomalyScore }) });
    const list = [
      alert(1, "info", 0.99),
      alert(2, "critical", 0.97),
      alert(3, "info", 0.7),
      alert(4, "critical", 0.96),
    ];
    expect(worst(list, 3).map(({ startedAt }) => startedAt)).toEqual([1, 2, 4]);
    expect(worst(list, 1).map(({ startedAt }) => startedAt)).toEqual([2]);
  });
});
