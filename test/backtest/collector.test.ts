import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BacktestCollector, type CollectorOptions } from "../../src/backtest/collector.ts";
import type { DetectorTotals, SensorTotals } from "../../src/backtest/result/backtest-result.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { detectorPlan, episodeOf, planOf, type ScoredRow, scored } from "./support.ts";

const plan = planOf([detectorPlan("a"), detectorPlan("b")]);
const keys = new KeyTable();
for (const name of ["zero", "one", "two"]) keys.intern(name);

const verdict = fc
  .record({ score: fc.double({ min: 0, max: 1, noNaN: true }), warm: fc.boolean() })
  .map(({ score, warm }) => ({
    raw: warm ? 10 * score : Number.NaN,
    p: warm ? 1 - score : Number.NaN,
    score: warm ? score : 0,
    anomalous: warm && score >= 0.5,
  }));

function options(from: number, keepSuppressed: boolean): CollectorOptions {
  return { from, label: null, keepSuppressed };
}

/** Rows in order of time, some at the same time. */
const stream = fc
  .array(fc.record({ step: fc.nat(3), key: fc.nat(2), scores: fc.tuple(verdict, verdict) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => {
    let time = 0;
    return rows.map(({ step, key, scores }): ScoredRow => {
      time += step;
      return { time, key, scores };
    });
  });

function expectCounted(sensor: SensorTotals, rows: readonly ScoredRow[]): void {
  const own = rows.filter(({ key }) => key === sensor.key);
  expect(sensor.name).toBe(keys.name(sensor.key));
  expect(sensor.readings).toBe(own.length);
  expect(sensor.anomalies).toBe(own.filter((r) => r.scores.some((v) => v.anomalous)).length);
  const scores = own.flatMap((row) => row.scores).filter(({ raw }) => !Number.isNaN(raw));
  const drawn = sensor.series.buckets(1000).filter((value) => !Number.isNaN(value));
  expect(Math.max(0, ...drawn)).toBe(Math.max(0, ...scores.map(({ score }) => score)));
}

function expectTotals(
  totals: DetectorTotals,
  verdicts: readonly (ScoredRow["scores"][number] | undefined)[],
): void {
  expect(totals.scored).toBe(verdicts.filter((v) => !Number.isNaN(v?.raw)).length);
  expect(totals.anomalies).toBe(verdicts.filter((v) => v?.anomalous).length);
}

describe("BacktestCollector", () => {
  it("counts the same as a plain count of all rows, however the rows are cut", () => {
    fc.assert(
      fc.property(stream, fc.nat(60), fc.nat(100), (rows, cut, from) => {
        const collector = new BacktestCollector(plan, keys, options(from, true));
        const parts = [rows.slice(0, cut), rows.slice(cut)].filter(({ length }) => length > 0);
        for (const { batch, output } of parts.map((part) => scored(part))) {
          collector.add(batch, output);
        }
        const result = collector.finish([], 0);
        const reported = rows.filter(({ time }) => time >= from);
        const times = reported.map(({ time }) => time);
        expect(result).toMatchObject({
          readings: rows.length,
          reported: reported.length,
          from: times.length === 0 ? Number.NaN : Math.min(...times),
          to: times.length === 0 ? Number.NaN : Math.max(...times),
          outOfOrder: 0,
        });
        result.detectors.forEach((totals, d) => {
          expectTotals(
            totals,
            reported.map(({ scores }) => scores[d]),
          );
        });
        expect(result.sensors.map(({ key }) => key)).toEqual(
          [...new Set(reported.map(({ key }) => key))].sort(),
        );
        for (const sensor of result.sensors) expectCounted(sensor, reported);
      }),
    );
  });

  it("counts alerts by severity, and suppressed episodes separately", () => {
    const [all, shorter] = [true, false].map((keep) => countedBy(keep));
    expect(all?.episodes.map(({ startedAt }) => startedAt)).toEqual([5, 20, 40, 41, 45]);
    expect(shorter?.episodes.map(({ startedAt }) => startedAt)).toEqual([5, 20, 41, 45]);
    for (const result of [all, shorter]) {
      expect(result?.alerts).toEqual({ info: 1, warning: 1, critical: 1 });
      expect([result?.suppressed, result?.outOfOrder]).toEqual([2, 3]);
      expect(result?.sensors.map(({ alerts }) => alerts)).toEqual([3]);
    }
  });

  function countedBy(keepSuppressed: boolean) {
    const collector = new BacktestCollector(plan, keys, options(10, keepSuppressed));
    const { batch, output } = scored([{ time: 50, key: 1, scores: [] }]);
    const episodes = [
      episodeOf(0, 5), // before the reported span
      episodeOf(20, 30, { key: 1 }),
      episodeOf(5, 12, { severity: "info", key: 1 }), // reaches into it
      episodeOf(40, 40, { notified: false }),
      // always listed: it outlasted its detector's patience
      episodeOf(41, 43, { notified: false, anomalies: 201 }),
    ];
    collector.add(batch, { ...output, episodes });
    const open = episodeOf(45, 50, { severity: "warning", resolvedAt: Number.NaN, key: 1 });
    return collector.finish([open], 3);
  }
});
