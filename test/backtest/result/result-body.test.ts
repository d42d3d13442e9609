import { expect, it } from "vitest";
import { BacktestCollector } from "../../../src/backtest/collector.ts";
import {
  EPISODE_FIELDS,
  episodeBody,
  resultBody,
} from "../../../src/backtest/result/result-body.ts";
import { KeyTable } from "../../../src/core/key-table.ts";
import { detectorPlan, episodeOf, evidenceOf, planOf, scored } from "../support.ts";

const plan = planOf([detectorPlan("anomaly")]);
const keys = new KeyTable();
keys.intern("pump-1");
const start = Date.UTC(2024, 0, 1);

it("episodeBody is plain JSON: ISO times, null for missing values", () => {
  const open = episodeOf(start, start + 60_000, {
    resolvedAt: Number.NaN,
    peak: evidenceOf({ rawScore: Number.NaN }),
  });
  const body = episodeBody(open, plan, keys);
  expect(Object.keys(body)).toEqual(EPISODE_FIELDS);
  expect(JSON.parse(JSON.stringify(body))).toEqual(body);
  expect(body).toMatchObject({
    sensor_id: "pump-1",
    detector: "anomaly",
    started_at: "2024-01-01T00:00:00.000Z",
    last_anomaly_at: "2024-01-01T00:01:00.000Z",
    resolved_at: null,
    peak_raw_score: null,
    why: expect.stringContaining("value 2.08 low"),
  });
});

it("episodeBody rejects an episode of another plan", () => {
  expect(() => episodeBody(episodeOf(0, 0, { detector: 3 }), plan, keys)).toThrow(RangeError);
});

it("resultBody is plain JSON for a run without a score", () => {
  const collector = new BacktestCollector(plan, keys, {
    from: Number.POSITIVE_INFINITY,
    label: 0,
    keepSuppressed: true,
  });
  const unscored = { raw: Number.NaN, p: Number.NaN, score: 0, anomalous: false };
  const { batch, output } = scored([{ time: start, scores: [unscored] }]);
  collector.add(batch, output);
  const read = {
    inputs: ["a.csv"],
    stopped: true,
    rejected: 1,
    rejectReasons: { "NUL byte": 1 },
    implausible: { temperature: 2 },
    clockSteps: 1,
  };
  const body = resultBody(collector.finish([], 0), read, [], plan, keys);
  expect(JSON.parse(JSON.stringify(body))).toEqual(body);
  expect(body).toMatchObject({
    pipeline: "pump",
    stopped: true,
    readings: 1,
    reported: 0,
    reject_reasons: { "NUL byte": 1 },
    implausible: { temperature: 2 },
    clock_steps: 1,
    from: null,
    to: null,
    detectors: [{ scored: 0, alarm_rate: null }],
    labels: [{ by_reading: { precision: null }, by_event: { median_delay_ms: null } }],
  });
});
