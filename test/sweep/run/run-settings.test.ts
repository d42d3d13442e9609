import { describe, expect, it } from "vitest";
import { alertSpans } from "../../../src/backtest/comparison/match-alerts.ts";
import { replay } from "../../../src/backtest/replay.ts";
import type { BacktestResult } from "../../../src/backtest/result/backtest-result.ts";
import type { Batch } from "../../../src/core/batch.ts";
import { timeColumn } from "../../../src/core/timestamp/time-plan.ts";
import type { EnginePlan } from "../../../src/engine/plan.ts";
import { runSettings } from "../../../src/sweep/run/run-settings.ts";
import { readSweepRecording } from "../../../src/sweep/run/sweep-recording.ts";
import { batchOf, cutAt } from "../../support/batches.ts";
import { testKeys, testPlan, testStream } from "../../support/engine-stream.ts";

const FROM = 3000;
const everything = {
  from: FROM,
  to: Number.POSITIVE_INFINITY,
  limit: Number.POSITIVE_INFINITY,
};
const readings = testStream(4, 900);

/** Plans that differ in features, detectors and alerts. */
const plans: readonly EnginePlan[] = [
  testPlan,
  { ...testPlan, features: [...testPlan.features].reverse() },
  {
    ...testPlan,
    features: testPlan.features.map((feature, f) =>
      f === 0 ? { ...feature, window: { kind: "rows", rows: 8 } } : feature,
    ),
  },
  {
    ...testPlan,
    detectors: testPlan.detectors.slice(1).map((detector) => ({
      ...detector,
      alerts: { ...detector.alerts, cooldownMs: 0 },
    })),
  },
];

async function* labelled(cuts: readonly number[]): AsyncGenerator<Batch> {
  for (const piece of cutAt(readings, cuts)) {
    if (piece.length === 0) continue;
    const batch = batchOf(piece);
    const labels = Float64Array.from(piece, ({ time }) => Number(time % 50_000 < 4000));
    yield { ...batch, labels: [labels] };
  }
}

/** A separate replay. */
async function alone(plan: EnginePlan, changes: { from: number; limit: number }) {
  const { result } = await replay(labelled([]), {
    pipeline: {
      plan,
      layout: {
        timestamp: timeColumn("time", "iso8601"),
        key: "sensor",
        constantKey: "",
        numeric: plan.columns,
        labels: [],
        text: [],
        constants: {},
      },
      ranges: [],
      time: { maxAhead: 600_000, maxJump: null, lateness: 0 },
      maxRows: 10,
      maxKeys: 10,
      outOfOrder: "process",
      join: false,
      bytesPerKey: { full: 0, warmUp: 0 },
      warnings: [],
    },
    keys: testKeys(),
    label: 0,
    signal: new AbortController().signal,
    onBatch: async () => {},
    ...changes,
  });
  return comparable(result, plan);
}

function comparable(result: BacktestResult, plan: EnginePlan) {
  const { reported, from, to, alerts, suppressed, detectors, labels, episodes } = result;
  const names = testKeys();
  return {
    ...{ reported, from, to, alerts, suppressed, detectors },
    labels: labels.map((metrics) => ({ ...metrics, falseAlerts: [] })),
    spans: alertSpans(episodes, plan, (key) => names.name(key)),
  };
}

const times = {
  time: { maxAhead: 600_000, maxJump: null, lateness: 0 },
  onTimes: () => {},
};

describe("runSettings", () => {
  it.each([0, 0.3, 0.75])(
    "gives each setting the result of separate replays, with %d held out",
    async (holdout) => {
      const span = {
        ...everything,
        outOfOrder: "process" as const,
        ranges: [],
        label: 0,
        holdout,
        ...times,
        join: false,
      };
      const recording = await readSweepRecording(labelled([100, 350, 351, 700]), testKeys(), span);
      const outcomes = runSettings(recording, plans);
      const tuned = recording.batches
        .slice(0, recording.tuneBatches)
        .reduce((sum, { length }) => sum + length, 0);
      const reported = outcomes[0]?.tuned.reported ?? 0;
      const all = reported + (outcomes[0]?.heldOut?.reported ?? 0);
      expect(Math.abs(reported - (1 - holdout) * all)).toBeLessThan(4); // readings of the same time stay together
      for (const [s, plan] of plans.entries()) {
        const outcome = outcomes[s];
        expect(outcome?.tuned).toEqual(await alone(plan, { from: FROM, limit: tuned }));
        const held = { from: recording.heldFrom, limit: Number.POSITIVE_INFINITY };
        expect(outcome?.heldOut ?? null).toEqual(holdout === 0 ? null : await alone(plan, held));
      }
      expect(outcomes[0]?.tuned.spans.length).toBeGreaterThan(3);
      expect(outcomes[0]).not.toEqual(outcomes[2]);
    },
  );

  it("throws when a part has no readings", async () => {
    const span = {
      ...everything,
      outOfOrder: "process" as const,
      ranges: [],
      label: 0,
      holdout: 0.5,
      ...times,
      join: false,
    };
    const nothing = { ...span, from: 1e15 };
    await expect(readSweepRecording(labelled([]), testKeys(), nothing)).rejects.toThrow(
      "the recording has too few readings for a sweep",
    );
  });
});
