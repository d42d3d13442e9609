import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertConfig } from "../../src/core/alerts/config.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../src/core/detectors/ecod/config.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";
import { Random } from "../support/random.ts";

const KEYS = 3;

const ecod: EcodConfig = {
  algorithm: "ecod",
  ...ECOD_DEFAULTS,
  ...ECOD_PRESETS.stream,
  contamination: 0.05,
  warmupPeriod: 40,
  window: 60,
  calibrationWindow: 80,
  noveltyFeatures: [0],
};

const alerts: AlertConfig = {
  severity: { warning: 0.85, critical: 0.95 },
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 30_000,
  resolveAfter: { kind: "rows", rows: 3 },
  repeatMs: null,
  sendResolved: true,
};

const plan: EnginePlan = {
  pipeline: "test",
  columns: ["a", "b"],
  features: [
    feature("a_mean_5", "mean", 0, { kind: "rows", rows: 5 }),
    feature("b_std_4s", "std", 1, { kind: "duration", ms: 4000 }),
    feature("a_median_7", "median", 0, { kind: "rows", rows: 7 }),
  ],
  detectors: [
    {
      name: "both",
      config: ecod,
      inputs: [0, 2, 3, 4],
      inputNames: ["a", "a_mean_5", "b_std_4s", "a_median_7"],
      alerts,
    },
    {
      name: "timed",
      config: { ...ecod, ...ECOD_PRESETS.frozen, contamination: 0.1, noveltyFeatures: [] },
      inputs: [1, 2],
      inputNames: ["b", "a_mean_5"],
      alerts: {
        ...alerts,
        for: { kind: "duration", ms: 1500 },
        resolveAfter: { kind: "duration", ms: 2500 },
        cooldownMs: 0,
        repeatMs: 4000,
      },
    },
  ],
  maxWindowRows: 1000,
};

function feature(
  name: string,
  fn: "mean" | "std" | "median",
  column: number,
  window: EnginePlan["features"][number]["window"],
): EnginePlan["features"][number] {
  return { name, function: fn, column, other: null, window, minPeriods: null, quantile: null };
}

/** Noisy readings of three sensors with spikes, gaps, bursts and rows that come late. */
function stream(seed: number, length: number): TestReading[] {
  const random = new Random(seed);
  let time = 0;
  return Array.from({ length }, () => {
    time += Math.floor(random.uniform() * 800);
    const spike = random.uniform() < 0.06 ? 8 : 0;
    const missing = random.uniform() < 0.1;
    return {
      time: random.uniform() < 0.05 ? time - 1200 : time,
      key: Math.floor(random.uniform() * KEYS),
      values: [missing ? Number.NaN : random.normal() + spike, random.normal() * (1 + spike)],
    };
  });
}

function names(): KeyTable {
  const keys = new KeyTable();
  for (let key = 0; key < KEYS; key++) keys.intern(`sensor-${key}`);
  return keys;
}

/** Everything an engine says about readings that come in these pieces, as comparable lines. */
class Recorder {
  readonly lines: unknown[] = [];
  readonly engine = new Engine(plan, names());
  readonly intake = new Intake("process");

  run(pieces: readonly (readonly TestReading[])[]): this {
    for (const piece of pieces) {
      const batch = this.intake.accept(batchOf(piece));
      const output = this.engine.apply(batch);
      for (let i = 0; i < batch.length; i++) {
        this.lines.push([
          output.scores.map((s) => [s.rawScore[i], s.p[i], s.anomalyScore[i], s.isAnomaly[i]]),
          output.features.map((column) => column[i]),
        ]);
      }
      this.events.push(...output.events);
      this.episodes.push(...output.episodes);
    }
    return this;
  }

  readonly events: unknown[] = [];
  readonly episodes: unknown[] = [];
}

const whole = (readings: readonly TestReading[]): Recorder => new Recorder().run([readings]);

describe("Engine", () => {
  it("says the same however the readings are cut into batches", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(600), { maxLength: 12 }), (seed, places) => {
        const readings = stream(seed, 600);
        const cut = new Recorder().run(cutAt(readings, places));
        const all = whole(readings);
        expect(cut.lines).toEqual(all.lines);
        expect(cut.events).toEqual(all.events);
        expect(cut.episodes).toEqual(all.episodes);
      }),
      { numRuns: 25 },
    );
  });

  it("says the same one reading at a time", () => {
    const readings = stream(7, 900);
    const single = new Recorder().run(readings.map((one) => [one]));
    const all = whole(readings);
    expect(single.lines).toEqual(all.lines);
    expect(single.events).toEqual(all.events);
    expect(all.events.length).toBeGreaterThan(20);
  });

  it("goes on to the bit after snapshot and restore at any reading", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(500), (seed, at) => {
        const readings = stream(seed, 500);
        const before = new Recorder().run([readings.slice(0, at)]);
        const after = new Recorder();
        for (let key = 0; key < KEYS; key++) {
          if (before.engine.peek(key)) after.engine.restore(key, before.engine.snapshot(key));
        }
        // the whole input comes again: what was seen before is dropped by its number
        after.run([readings]);
        const all = whole(readings);
        expect(after.lines.slice(at)).toEqual(all.lines.slice(at));
        expect([...before.events, ...after.events]).toEqual(all.events);
        expect([...before.episodes, ...after.episodes]).toEqual(all.episodes);
        expect(after.engine.sequence).toEqual({ repeated: at, missed: 0 });
      }),
      { numRuns: 25 },
    );
  });

  it("keeps keys apart: a key's scores are those it would have alone", () => {
    const readings = stream(11, 800);
    const all = whole(readings);
    for (let key = 0; key < KEYS; key++) {
      const alone = new Recorder().run([readings.filter((reading) => reading.key === key)]);
      expect(all.lines.filter((_, i) => readings[i]?.key === key)).toEqual(alone.lines);
    }
  });

  it("sends messages in order of event time, ticks before the row that brought them", () => {
    const { events } = whole(stream(3, 2000));
    const times = events.map((event) => (event as { timestamp: number }).timestamp);
    // a row that came late keeps its own time; those lag by 1.2 s at most
    for (const [i, time] of times.entries()) {
      expect(time).toBeGreaterThanOrEqual(Math.max(0, ...times.slice(0, i)) - 2000);
    }
  });

  it("saves only the parts that have changed", () => {
    const { engine } = whole(stream(5, 300));
    const first = engine.snapshot(0);
    const versions = new Map(first.map(({ name, version }) => [name, version]));
    expect(first.map(({ name }) => name)).toContain("detector/timed/reference");
    expect(engine.snapshot(0, versions)).toEqual([]);
    const later = new Map(versions).set("windows", -1);
    expect(engine.snapshot(0, later).map(({ name }) => name)).toEqual(["windows"]);
  });

  it("refuses a snapshot of another pipeline and says which part does not fit", () => {
    const { engine } = whole(stream(5, 300));
    const [first] = plan.detectors;
    if (!first) throw new Error("no detector");
    const other = { ...plan, detectors: [{ ...first, inputs: [0], inputNames: ["a"] }] };
    expect(() => new Engine(other, names()).restore(0, engine.snapshot(0))).toThrow(/does not fit/);
  });

  it("counts readings that never came", () => {
    const engine = new Engine(plan, names());
    const batch = new Intake("process").accept(
      batchOf(stream(1, 10).map((r) => ({ ...r, key: 0 }))),
    );
    engine.apply({ ...batch, sequences: batch.sequences.map((s) => (s < 4 ? s : s + 3)) });
    expect(engine.sequence).toEqual({ repeated: 0, missed: 3 });
  });

  it("reports where a key's detectors stand", () => {
    const { engine } = whole(stream(2, 30).map((reading) => ({ ...reading, key: 1 })));
    expect(engine.peek(0)).toBeNull();
    expect(engine.peek(1)?.[0]).toMatchObject({ observationsSeen: 30, observationsNeeded: 10 });
  });
});
