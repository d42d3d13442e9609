import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReplayOptions, replay } from "../../src/backtest/replay.ts";
import type { ResolvedPipeline } from "../../src/config/resolve.ts";
import type { AlertEvent } from "../../src/core/alerts/alert-event.ts";
import type { Batch } from "../../src/core/batch.ts";
import { timeColumn } from "../../src/core/timestamp/time-plan.ts";
import type { OutOfOrderPolicy } from "../../src/engine/row-sequencer.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";
import { testKeys, testPlan, testStream } from "../support/engine-stream.ts";

const pipeline: ResolvedPipeline = {
  plan: testPlan,
  layout: {
    timestamp: timeColumn("time", "iso8601"),
    key: "sensor",
    constantKey: "sensor-0",
    numeric: testPlan.columns,
    labels: [],
    text: [],
    constants: {},
  },
  maxRows: 100,
  maxKeys: 10,
  outOfOrder: "process",
  ranges: [],
  time: { maxAhead: 600_000, maxJump: null, lateness: 0 },
  join: false,
  bytesPerKey: { full: 0, warmUp: 0 },
  warnings: [],
};

/** The outcome of a replay of these pieces. */
async function outcome(
  pieces: readonly (readonly TestReading[])[],
  changes: Partial<Pick<ReplayOptions, "to" | "limit" | "from">>,
  outOfOrder: OutOfOrderPolicy = "process",
) {
  const messages: AlertEvent[] = [];
  async function* batches(): AsyncGenerator<Batch> {
    for (const piece of pieces) yield batchOf(piece);
  }
  const { result, buffer } = await replay(batches(), {
    pipeline: { ...pipeline, outOfOrder },
    keys: testKeys(),
    keepSuppressed: true,
    signal: new AbortController().signal,
    onBatch: async (some) => {
      messages.push(...some);
    },
    ...changes,
  });
  const { sensors, ...totals } = result;
  const counts = sensors.map(({ series: _, ...sensor }) => sensor);
  return { totals, counts, messages, kept: buffer.appended };
}

const readings = testStream(4, 800);

describe("replay", () => {
  it.each(["process", "drop"] as const)(
    "gives the same result however its input is cut and wherever it stops (%s)",
    async (outOfOrder) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat(800), { maxLength: 8 }),
          fc.oneof(
            fc.record({ limit: fc.integer({ min: 1, max: 900 }) }),
            fc.record({ to: fc.integer({ min: 2000, max: 400_000 }) }),
          ),
          async (places, stop) => {
            const whole = await outcome([readings], stop, outOfOrder);
            expect(await outcome(cutAt(readings, places), stop, outOfOrder)).toEqual(whole);
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  it("stops at --limit and at --to", async () => {
    const { totals } = await outcome([readings], { limit: 300 });
    expect(totals.readings).toBe(300);
    const to = 100_000;
    const first = readings.findIndex(({ time }) => time > to);
    expect((await outcome([readings], { to })).totals.readings).toBe(first);
  });

  it("counts out-of-order readings only up to the limit", async () => {
    const late = (rows: readonly TestReading[]) =>
      rows.filter(({ time, key }, i) =>
        rows.slice(0, i).some((before) => before.key === key && before.time > time),
      ).length;
    for (const limit of [50, 300]) {
      const { totals } = await outcome([readings], { limit });
      expect(totals.outOfOrder).toBe(late(readings.slice(0, limit)));
    }
  });

  it("throws when no reading is in the span", async () => {
    await expect(outcome([readings], { to: -1e6 })).rejects.toThrow(/no reading could be used/);
  });
});
