import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReplaySetup, replay } from "../../src/backtest/replay.ts";
import type { ResolvedPipeline } from "../../src/config/resolve.ts";
import type { AlertEvent } from "../../src/core/alerts/alert-event.ts";
import type { Batch } from "../../src/core/batch.ts";
import type { OutOfOrderPolicy } from "../../src/engine/intake.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";
import { testKeys, testPlan, testStream } from "../support/engine-stream.ts";

const pipeline: ResolvedPipeline = {
  plan: testPlan,
  layout: {
    timestamp: { column: "time", format: "iso8601" },
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
  bytesPerKey: 0,
  warnings: [],
};

/** What a replay of these pieces comes to. */
async function outcome(
  pieces: readonly (readonly TestReading[])[],
  changes: Partial<Pick<ReplaySetup, "to" | "limit" | "from">>,
  outOfOrder: OutOfOrderPolicy = "process",
) {
  const messages: AlertEvent[] = [];
  async function* batches(): AsyncGenerator<Batch> {
    for (const piece of pieces) yield batchOf(piece);
  }
  const { result, buffer } = await replay(batches(), {
    pipeline,
    keys: testKeys(),
    outOfOrder,
    label: null,
    from: Number.NEGATIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
    limit: Number.POSITIVE_INFINITY,
    speed: Number.POSITIVE_INFINITY,
    workers: 1,
    keepSuppressed: true,
    scores: null,
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
    "comes to the same however its input is cut, wherever it stops (%s)",
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

  it("takes so many readings, and only those up to a time", async () => {
    const { totals } = await outcome([readings], { limit: 300 });
    expect(totals.readings).toBe(300);
    const to = 100_000;
    const first = readings.findIndex(({ time }) => time > to);
    expect((await outcome([readings], { to })).totals.readings).toBe(first);
  });

  it("counts late readings among those that it took, and no others", async () => {
    const late = (rows: readonly TestReading[]) =>
      rows.filter(({ time, key }, i) =>
        rows.slice(0, i).some((before) => before.key === key && before.time > time),
      ).length;
    for (const limit of [50, 300]) {
      const { totals } = await outcome([readings], { limit });
      expect(totals.outOfOrder).toBe(late(readings.slice(0, limit)));
    }
  });

  it("says so when nothing is left to replay", async () => {
    await expect(outcome([readings], { to: -1e6 })).rejects.toThrow(/no reading could be used/);
  });
});
