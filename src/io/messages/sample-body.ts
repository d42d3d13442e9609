import type { Evidence } from "../../core/alerts/alert-event.ts";
import { messageBody } from "./alert-body.ts";
import type { AlertBody } from "./alert-schema.ts";

/**
 * A test message, recognisable as such, with the fields of real ones.
 *
 * @param at ms since epoch; its id and episode contain it.
 */
export function sampleBody(pipeline: string, at: number): AlertBody {
  const value = 48.5;
  const contribution = { input: 0, value, typical: 21.5, low: 19, high: 24 };
  const peak: Evidence = {
    timestamp: at,
    rawScore: 21.4,
    p: 0.0001,
    anomalyScore: 0.97,
    reading: Float64Array.of(value),
    features: Float64Array.of(value),
    explanation: {
      contributions: [{ ...contribution, side: "high", share: 1 }],
      novel: [],
      rule: null,
      threshold: 14.2,
    },
  };
  const severity = "critical";
  const body = messageBody({
    event: {
      id: `test-${at}`,
      status: "firing",
      timestamp: at,
      severity,
      previousSeverity: null,
      suppressed: 0,
      episode: {
        ...{ id: `test-episode-${at}`, detector: 0, key: 0, startedAt: at, lastAnomalyAt: at },
        ...{ resolvedAt: Number.NaN, severity, anomalies: 1, notified: true, peak },
      },
    },
    pipeline,
    columns: ["value"],
    detector: { name: "test", inputNames: ["value"] },
    labels: {},
    sensor: "test-sensor",
  });
  const summary = "test-sensor: this is a test message, nothing is wrong.";
  return { ...body, explanation: { ...body.explanation, summary } };
}
