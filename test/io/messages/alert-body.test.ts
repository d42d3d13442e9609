import { describe, expect, it } from "vitest";
import type { AlertEvent } from "../../../src/core/alerts/alert-event.ts";
import { KeyTable } from "../../../src/core/key-table.ts";
import { alertBody } from "../../../src/io/messages/alert-body.ts";
import { detectorPlan, episodeOf, evidenceOf, planOf } from "../../backtest/support.ts";

const plan = planOf([detectorPlan("anomaly")]);
const keys = new KeyTable();
keys.intern("pump-1");

const start = Date.UTC(2013, 11, 2, 21, 10);

function eventOf(changes: Partial<AlertEvent> = {}): AlertEvent {
  return {
    id: "m1",
    status: "firing",
    timestamp: start + 300_000,
    severity: "critical",
    previousSeverity: null,
    suppressed: 2,
    episode: episodeOf(start, start + 300_000, { resolvedAt: Number.NaN }),
    ...changes,
  };
}

describe("alertBody", () => {
  it("has the fields that a receiver needs", () => {
    expect(alertBody(eventOf(), plan, keys)).toEqual({
      source: "iotmon",
      sensor_id: "pump-1",
      anomaly_score: 0.98,
      features: { value: 2.08, value_std_50: 9.1666 },
      timestamp: "2013-12-02T21:15:00.000Z",
      id: "m1",
      episode: "e1",
      status: "firing",
      severity: "critical",
      previous_severity: null,
      pipeline: "pump",
      detector: "anomaly",
      raw_score: 30.5,
      threshold: 22.5,
      p: 1 / 4321,
      rarity: "1 in 4300",
      explanation: {
        summary:
          "pump-1: value 2.08 low (usually 71.3..98, typical 84.1); " +
          "value_std_50 9.167 high (usually 0.31..2.2), 1 in 4300 readings.",
        contributions: [
          {
            feature: "value",
            value: 2.08,
            typical: 84.1,
            usual_range: [71.3, 98],
            direction: "low",
            share: 0.7,
          },
          {
            feature: "value_std_50",
            value: 9.1666,
            typical: 1,
            usual_range: [0.31, 2.2],
            direction: "high",
            share: 0.3,
          },
        ],
        novel: [],
        rule: null,
      },
      reading: { value: 2.08 },
      peak_at: "2013-12-02T21:15:00.000Z",
      started_at: "2013-12-02T21:10:00.000Z",
      resolved_at: null,
      suppressed: 2,
      labels: {},
      truncated: [],
    });
  });

  it("has the time of a resolution and the previous message", () => {
    const episode = episodeOf(start, start, { resolvedAt: start + 60_000 });
    const event = eventOf({ status: "resolved", previousSeverity: "warning", episode });
    expect(alertBody(event, plan, keys)).toMatchObject({
      status: "resolved",
      previous_severity: "warning",
      resolved_at: "2013-12-02T21:11:00.000Z",
    });
  });

  it("has null for every missing number", () => {
    const peak = evidenceOf({
      rawScore: Number.NaN,
      p: Number.NaN,
      reading: Float64Array.of(Number.NaN),
      features: Float64Array.of(Number.NaN, 1),
      explanation: { contributions: [], novel: [], rule: null, threshold: Number.NaN },
    });
    const body = alertBody(eventOf({ episode: episodeOf(start, start, { peak }) }), plan, keys);
    expect(body).toMatchObject({
      raw_score: null,
      p: null,
      rarity: null,
      reading: { value: null },
      features: { value: null, value_std_50: 1 },
      explanation: { summary: "pump-1: no single feature stands out." },
    });
    expect(JSON.parse(JSON.stringify(body))).toEqual(body);
  });

  it("names the features that were never seen before", () => {
    const peak = evidenceOf({
      explanation: { contributions: [], novel: [1], rule: null, threshold: Number.NaN },
    });
    const body = alertBody(eventOf({ episode: episodeOf(start, start, { peak }) }), plan, keys);
    expect(body.explanation.novel).toEqual(["value_std_50"]);
  });

  it("keeps columns with odd names", () => {
    const odd = { ...plan, columns: ["__proto__"] };
    const text = JSON.stringify(alertBody(eventOf(), odd, keys));
    expect(text).toContain('"reading":{"__proto__":2.08}');
  });

  it("rejects an event of another plan", () => {
    const episode = episodeOf(start, start, { detector: 5 });
    expect(() => alertBody(eventOf({ episode }), plan, keys)).toThrow(RangeError);
  });

  it("names the columns of a wide table after the sensor", () => {
    const wide = { ...plan, sensorColumn: "value" };
    const { explanation, features, reading } = alertBody(eventOf(), wide, keys);
    expect(explanation.contributions.map(({ feature }) => feature)).toEqual([
      "pump-1",
      "pump-1_std_50",
    ]);
    expect(explanation.summary).toMatch(/^pump-1: pump-1 2\.08 low .*; pump-1_std_50 9\.167 high/);
    expect([Object.keys(features), Object.keys(reading)]).toEqual([
      ["pump-1", "pump-1_std_50"],
      ["pump-1"],
    ]);
  });
});
