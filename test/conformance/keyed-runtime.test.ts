import { deepStrictEqual } from "node:assert/strict";
import { describe, expect, it } from "vitest";
import type { Episode } from "../../src/core/alerts/alert-event.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { DetectorPlan, EnginePlan } from "../../src/engine/plan.ts";
import { SpareThreads } from "../../src/runtime/clients/spare-threads.ts";
import { createRuntime } from "../../src/runtime/create-runtime.ts";
import type { KeyedRuntime } from "../../src/runtime/keyed-runtime.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";
import { TEST_KEYS, testKeys, testPlan, testStream } from "../support/engine-stream.ts";

/** Engines, and cores: where they take all there are, the thread of the caller runs one of them. */
type Setup = readonly [workers: number, cores: number];

const ALONE: Setup = [1, 8];
const ALL: readonly Setup[] = [ALONE, [2, 8], [2, 2], [3, 8], [3, 3], [4, 2]];

const HOUR_MS = 3_600_000;

/** So long after its last reading a sensor of the test stream is missed now and then. */
const silent: DetectorPlan = {
  name: "silent",
  config: { algorithm: "silent", afterMs: 5000 },
  inputs: [0],
  inputNames: ["a"],
  alerts: {
    ...(testPlan.detectors[0] as DetectorPlan).alerts,
    cooldownMs: 0,
    resolveAfter: { kind: "rows", rows: 1 },
  },
};
const plan: EnginePlan = { ...testPlan, detectors: [...testPlan.detectors, silent] };

function isSilence({ detector }: Episode): boolean {
  return plan.detectors[detector] === silent;
}

/** Everything a runtime says about readings that come in these pieces. */
async function record(
  [workers, cores]: Setup,
  pieces: readonly (readonly TestReading[])[],
  started = 0,
): Promise<unknown> {
  const keys = testKeys();
  const spare = new SpareThreads(started);
  const runtime = createRuntime(plan, keys, workers, spare, cores);
  await spare.end();
  const intake = new Intake({ outOfOrder: "process" });
  const rows: unknown[] = [];
  const events: unknown[] = [];
  const episodes: unknown[] = [];
  for (const piece of pieces) {
    const batch = intake.accept(batchOf(piece));
    const output = await runtime.submit(batch);
    for (let i = 0; i < batch.length; i++) {
      rows.push([
        output.scores.map((s) => [s.rawScore[i], s.p[i], s.anomalyScore[i], s.isAnomaly[i]]),
        output.features.map((column) => column[i]),
      ]);
    }
    events.push(...output.events);
    episodes.push(...output.episodes);
  }
  const status: unknown[] = [];
  for (let key = 0; key < TEST_KEYS; key++) status.push(await runtime.peek(key));
  const { watermark } = intake;
  await runtime.pause(watermark, watermark + 1000);
  const late = await runtime.tick(watermark + HOUR_MS);
  const { open } = await runtime.stop();
  return { rows, events, episodes, status, late, open };
}

const readings = testStream(21, 3000);

const recordedAlone = new Map<string, Promise<unknown>>();

/** What one engine says about all readings, cut at these rows. */
function recordAlone(cuts: readonly number[]): Promise<unknown> {
  const name = cuts.join();
  const recorded = recordedAlone.get(name) ?? record(ALONE, cutAt(readings, cuts));
  recordedAlone.set(name, recorded);
  return recorded;
}

describe.each(ALL.slice(1))("a runtime of %i engines on %i cores", (...setup) => {
  it("gives the same bits as one engine, in the same order", async () => {
    const cuts = [1, 700, 701, 1900];
    deepStrictEqual(await record(setup, cutAt(readings, cuts)), await recordAlone(cuts));
  });

  it("gives the same results, however readings are split", async () => {
    const small = cutAt(
      readings,
      [...Array(60).keys()].map((i) => 50 * i),
    );
    deepStrictEqual(await record(setup, small), await recordAlone([]));
  });
});

it.each([1, 2, 3])("says the same with %i threads that were started before", async (started) => {
  const cuts = [1, 700];
  deepStrictEqual(await record([2, 8], cutAt(readings, cuts), started), await recordAlone(cuts));
});

it.each(ALL)(
  "%i engines on %i cores miss each sensor later by the time of a pause",
  async (workers, cores) => {
    const missed = async (unwatchedMs: number): Promise<unknown> => {
      const runtime = createRuntime(plan, testKeys(), workers, undefined, cores);
      const intake = new Intake({ outOfOrder: "process" });
      await runtime.submit(intake.accept(batchOf(readings)));
      const { watermark } = intake;
      await runtime.pause(watermark, watermark + unwatchedMs);
      const { events } = await runtime.tick(watermark + HOUR_MS);
      await runtime.stop();
      return events
        .filter(({ status, episode }) => status === "firing" && isSilence(episode))
        .map(({ timestamp, episode: { key } }) => [key, timestamp - unwatchedMs]);
    };
    const watched = await missed(0);
    expect(watched).toHaveLength(TEST_KEYS);
    expect(await missed(20_000)).toEqual(watched);
  },
);

describe.each<Setup>([ALONE, [2, 8], [2, 2]])(
  "a runtime of %i engines on %i cores",
  (workers, cores) => {
    it("keeps its results until the next call but one", async () => {
      const keys = testKeys();
      const runtime = createRuntime(plan, keys, workers, undefined, cores);
      const intake = new Intake({ outOfOrder: "process" });
      const [first, second] = cutAt(readings, [1500]).map((piece) => intake.accept(batchOf(piece)));
      if (!first || !second) throw new Error("two pieces expected");
      const output = await runtime.submit(first);
      const before = output.scores.map(({ rawScore }) => rawScore.slice(0, first.length));
      await runtime.submit(second);
      expect(output.scores.map(({ rawScore }) => rawScore.slice(0, first.length))).toEqual(before);
      await runtime.stop();
    });

    it("learns keys as they appear", async () => {
      const keys = new KeyTable();
      const runtime: KeyedRuntime = createRuntime(plan, keys, workers, undefined, cores);
      const intake = new Intake({ outOfOrder: "process" });
      for (const name of ["a", "b", "c"]) {
        const key = keys.intern(name);
        const batch = intake.accept(batchOf(readings.slice(0, 5).map((r) => ({ ...r, key }))));
        await runtime.submit(batch);
        expect((await runtime.peek(key))?.[0]?.observationsSeen).toBe(5);
      }
      expect(await runtime.peek(99)).toBeNull();
      await runtime.stop();
    });

    it("passes errors on instead of waiting for ever", async () => {
      const runtime = createRuntime(plan, new KeyTable(), workers, undefined, cores);
      const batch = new Intake({ outOfOrder: "process" }).accept(batchOf(readings.slice(0, 5)));
      await expect(runtime.submit(batch)).rejects.toThrow(/No key has code/);
      await runtime.stop().catch(() => {});
    });
  },
);
