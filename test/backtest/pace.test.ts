import { describe, expect, it } from "vitest";
import { pace } from "../../src/backtest/pace.ts";
import type { Batch } from "../../src/core/batch.ts";
import { batchOf } from "../support/batches.ts";

const seconds = (from: number, to: number): Batch =>
  batchOf(
    Array.from({ length: to - from }, (_, i) => ({ time: 1000 * (from + i), key: 0, values: [i] })),
    from,
  );

async function* source(...batches: Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

const running = (): AbortSignal => new AbortController().signal;

/** Row numbers and their clock times, ms from the start. */
async function arrivals(
  batches: AsyncIterable<Batch>,
  speed: number,
  signal = running(),
): Promise<{ row: number; at: number }[]> {
  const start = performance.now();
  const rows: { row: number; at: number }[] = [];
  for await (const batch of pace(batches, { speed, maxJump: null }, signal)) {
    const at = performance.now() - start;
    for (const row of batch.rows) rows.push({ row, at });
  }
  return rows;
}

describe("pace", () => {
  it("passes batches on unchanged at infinite speed", async () => {
    const batches = [seconds(0, 5), seconds(5, 9)];
    const out: Batch[] = [];
    for await (const batch of pace(
      source(...batches),
      { speed: Number.POSITIVE_INFINITY, maxJump: null },
      running(),
    )) {
      out.push(batch);
    }
    expect(out).toEqual(batches);
    expect(out[0]).toBe(batches[0]);
  });

  it("passes each row on once, in order, and not before its time", async () => {
    const rows = await arrivals(source(seconds(0, 40), seconds(40, 60)), 100);
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    for (const { row, at } of rows) expect(at).toBeGreaterThan(10 * (row - 1) - 2);
    expect(rows.at(-1)?.at).toBeLessThan(50_000);
  });

  it("does not wait for an out-of-order row", async () => {
    const late = batchOf(
      [10_000, 3000, 10_100].map((time) => ({ time, key: 0, values: [1] })),
      0,
    );
    expect((await arrivals(source(late), 1)).map(({ row }) => row)).toEqual([1, 2, 3]);
  });

  it("does not wait for a time that is not believed", async () => {
    const year = 365 * 86_400_000;
    const wild = batchOf(
      [1000, 1100, 70 * year, 1200, 5 * year, 5 * year + 100].map((time) => ({
        ...{ time, key: 0, values: [1] },
      })),
      0,
    );
    const rows = await arrivals(source(batchOf([{ time: 900, key: 1, values: [1] }]), wild), 10);
    expect(rows.map(({ row }) => row)).toEqual([1, 1, 2, 3, 4, 5, 6]);
  });

  it("stops waiting when aborted", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    const start = performance.now();
    const rows = await arrivals(source(seconds(0, 100)), 1, controller.signal);
    expect(rows.map(({ row }) => row)).toEqual([1]);
    expect(performance.now() - start).toBeLessThan(50_000);
  });
});
