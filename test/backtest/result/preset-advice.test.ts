import { describe, expect, it } from "vitest";
import type { LabelMetrics } from "../../../src/backtest/metrics/label-metrics.ts";
import { LabelMeter } from "../../../src/backtest/metrics/label-metrics.ts";
import { advisePreset } from "../../../src/backtest/result/preset-advice.ts";
import type { Episode } from "../../../src/core/alerts/alert-event.ts";
import { detectorPlan, episodeOf, planOf, scored } from "../support.ts";

const plan = planOf([detectorPlan("pump", { patience: 200 })]);
const frozen = planOf([detectorPlan("pump", { patience: 200, frozen: true })]);

/** Metrics of one labelled event of `readings` readings, of which the first `found` are anomalous. */
function metrics(readings: number, found: number): LabelMetrics | null {
  const meter = new LabelMeter(plan, 0);
  const rows = Array.from({ length: readings }, (_, i) => ({
    time: i * 1000,
    label: 1,
    scores: [{ raw: 1, p: 0.5, score: 0.2, anomalous: i < found }],
  }));
  const { batch, output } = scored(rows);
  meter.add(batch, output, 0, readings);
  return meter.finish([])[0] ?? null;
}

/** The parts of a result on which the advice rests: `anomalies` of 1000 scored readings. */
function resultOf(
  episodes: readonly Episode[],
  labels: LabelMetrics | null = null,
  anomalies = 10,
) {
  const totals = { name: "pump", algorithm: "ecod", scored: 1000, anomalies, episodes: 1 } as const;
  return {
    detectors: [
      {
        ...totals,
        contamination: 0.003,
        budget: null,
        alerts: 1,
        alertsPerWeek: 1,
        warmupPeriod: 200,
      },
    ],
    episodes,
    labels: labels === null ? [] : [labels],
  };
}

describe("advisePreset", () => {
  it("names the preset when a labelled event outlasts the patience and is mostly missed", () => {
    const advice = advisePreset(plan, 0, resultOf([], metrics(400, 40)));
    expect(advice).toContain("1 labelled event lasts longer, and only 10 % of its readings");
    expect(advice).toContain("`preset: frozen`");
    expect(advice).toContain("first 200 readings");
  });

  it("gives no advice if at least half of a lasting event was found", () => {
    expect(advisePreset(plan, 0, resultOf([], metrics(400, 200)))).toBeNull();
  });

  it("gives no advice for events within the patience", () => {
    expect(advisePreset(plan, 0, resultOf([], metrics(200, 0)))).toBeNull();
  });

  it("names the preset when an episode outlasts the patience", () => {
    const long = episodeOf(0, 1000, { anomalies: 201 });
    expect(advisePreset(plan, 0, resultOf([long]))).toContain(
      "1 episode has 201 anomalous readings",
    );
    const longer = episodeOf(2000, 3000, { anomalies: 300 });
    expect(advisePreset(plan, 0, resultOf([long, longer]))).toContain("2 episodes have more");
  });

  it("gives no advice for short episodes or those of other detectors", () => {
    const short = episodeOf(0, 1000, { anomalies: 200 });
    const other = episodeOf(0, 1000, { anomalies: 500, detector: 1 });
    expect(advisePreset(plan, 0, resultOf([short, other]))).toBeNull();
  });

  it("gives no advice for a frozen detector that alarms on few readings", () => {
    const long = episodeOf(0, 1000, { anomalies: 500 });
    expect(advisePreset(frozen, 0, resultOf([long], metrics(400, 0)))).toBeNull();
  });
});
