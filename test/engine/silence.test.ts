import { describe, expect, it } from "vitest";
import type { AlertEvent } from "../../src/core/alerts/alert-event.ts";
import type { AlertConfig } from "../../src/core/alerts/config.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import { batchOf, type TestReading } from "../support/batches.ts";
import { promptAlerts } from "../support/prompt-alerts.ts";

const SECOND = 1000;
const PUMP = 0;
const FAN = 1;

/** An engine that misses a sensor after 90 s. */
function start(changes: Partial<AlertConfig> = {}) {
  const plan: EnginePlan = {
    pipeline: "plant",
    columns: ["t"],
    features: [],
    detectors: [
      {
        name: "silent",
        config: { algorithm: "silent", afterMs: 90 * SECOND },
        inputs: [0],
        inputNames: ["t"],
        alerts: { ...promptAlerts, ...changes },
      },
    ],
    maxWindowRows: 10,
  };
  const keys = new KeyTable();
  keys.intern("pump");
  keys.intern("fan");
  const engine = new Engine(plan, keys);
  const intake = new Intake({ outOfOrder: "process" });
  const say = ({ status, timestamp, episode, severity }: AlertEvent): unknown[] => [
    timestamp / SECOND,
    status,
    keys.name(episode.key),
    severity,
  ];
  return {
    engine,
    plan,
    keys,
    /** Readings as [key, second]; what was said, in order. */
    read: (...readings: readonly (readonly [key: number, second: number])[]): unknown[][] => {
      const rows = readings.map(
        ([key, second]): TestReading => ({ key, time: second * SECOND, values: [second] }),
      );
      return engine.apply(intake.accept(batchOf(rows))).events.map(say);
    },
    tick: (second: number): unknown[][] =>
      engine.tick(second * SECOND).events.map(({ value }) => say(value)),
  };
}

describe("a silent sensor", () => {
  it("fires at its deadline through readings of others, and resolves with its next reading", () => {
    const { read } = start();
    expect(read([PUMP, 0], [FAN, 0], [FAN, 60], [PUMP, 61], [FAN, 140])).toEqual([]);
    expect(read([FAN, 151])).toEqual([]); // a reading at the deadline would still be in time
    expect(read([FAN, 152])).toEqual([[151, "firing", "pump", "critical"]]);
    expect(read([FAN, 200])).toEqual([]);
    expect(read([PUMP, 201], [PUMP, 202])).toEqual([[201, "resolved", "pump", "critical"]]);
  });

  it("keeps its deadline when two sensors show that the first reading of all was years behind", () => {
    const { read } = start();
    const at = (second: number): number => 1e9 + second;
    expect(read([FAN, 0], [PUMP, at(0)], [PUMP, at(14)], [FAN, at(33)])).toEqual([]);
    expect(read([FAN, at(104)])).toEqual([]);
    expect(read([FAN, at(105)])).toEqual([[at(104), "firing", "pump", "critical"]]);
  });

  it("fires at its deadline when its own next reading moves time", () => {
    const { read, engine } = start();
    expect(read([PUMP, 0], [PUMP, 500])).toEqual([
      [90, "firing", "pump", "critical"],
      [500, "resolved", "pump", "critical"],
    ]);
    expect(engine.openEpisodes()).toEqual([]);
  });

  it("is not reported when its reading comes at the deadline, in whatever order the others come", () => {
    const { read, tick } = start();
    expect(read([PUMP, 0], [FAN, 0], [FAN, 90], [PUMP, 90], [PUMP, 180], [FAN, 180])).toEqual([]);
    expect(tick(270)).toEqual([]);
    expect(read([PUMP, 270])).toEqual([]);
  });

  it("resolves no earlier than it fired, though its next reading is older", () => {
    const { read } = start();
    read([PUMP, 0], [FAN, 0]);
    expect(read([FAN, 60], [FAN, 100], [PUMP, 10])).toEqual([
      [90, "firing", "pump", "critical"],
      [90, "resolved", "pump", "critical"],
    ]);
  });

  it("fires by the clock when no sensor reports", () => {
    const { read, tick } = start();
    read([PUMP, 0], [FAN, 10]);
    expect(tick(89)).toEqual([]);
    expect(tick(101)).toEqual([
      [90, "firing", "pump", "critical"],
      [100, "firing", "fan", "critical"],
    ]);
    expect(tick(5000)).toEqual([]);
  });

  it("has an episode until its next reading, which refers to the reading before", () => {
    const { read, engine } = start();
    read([PUMP, 7], [FAN, 200]);
    const [open] = engine.openEpisodes();
    expect(open).toMatchObject({ startedAt: 97 * SECOND, anomalies: 1 });
    expect(open?.peak).toMatchObject({
      timestamp: 7 * SECOND,
      anomalyScore: 1,
      reading: Float64Array.of(7),
      explanation: {
        contributions: [],
        rule: "no reading for 90s, since 1970-01-01T00:00:07.000Z",
      },
    });
    const intake = new Intake({ outOfOrder: "process" });
    const last: TestReading = { key: PUMP, time: 300 * SECOND, values: [1] };
    const batch = { ...intake.accept(batchOf([last])), sequences: Float64Array.of(1) };
    const [ended] = engine.apply(batch).episodes;
    expect(ended).toMatchObject({ lastAnomalyAt: 300 * SECOND, resolvedAt: 300 * SECOND });
  });

  it("fires at the end of the cooldown, without further readings", () => {
    const { read, tick } = start({ cooldownMs: 600 * SECOND });
    expect(read([PUMP, 0], [PUMP, 100]).map(([at]) => at)).toEqual([90, 100]);
    expect(tick(689)).toEqual([]); // silent since 190, withheld until 690
    expect(tick(690)).toEqual([[690, "firing", "pump", "critical"]]);
    expect(tick(9000)).toEqual([]);
  });

  it("repeats its message while it stays silent, if repeat is set", () => {
    const { read, tick } = start({ repeatMs: 1000 * SECOND });
    read([PUMP, 0]);
    expect(tick(4000).map(([at, status]) => [at, status])).toEqual([
      [90, "firing"],
      [1090, "repeated"],
      [3090, "repeated"], // each pause without a reading is twice as long as the one before
    ]);
  });

  it("is not missed during a pause; its deadline continues after it, also from a snapshot", () => {
    const { read, engine, plan, keys } = start();
    read([PUMP, 0], [FAN, 30]);
    engine.pause(30 * SECOND, 1030 * SECOND);
    expect(read([FAN, 1030], [FAN, 1089])).toEqual([]);
    const other = new Engine(plan, keys);
    for (const key of [PUMP, FAN]) other.restore(key, engine.snapshot(key));
    const [missed, ...more] = other.tick(1091 * SECOND).events;
    expect(more).toEqual([]);
    expect(missed?.value).toMatchObject({ timestamp: 1090 * SECOND, episode: { key: PUMP } });
    expect(other.openEpisodes()[0]?.peak.explanation.rule).toBe(
      "no reading for 90s, since 1970-01-01T00:00:00.000Z, not counting the time when iotmon did not watch",
    );
    // with a reading it is as if nothing had been
    read([FAN, 1089], [PUMP, 1089]);
    expect(read([FAN, 1179])).toEqual([]);
    expect(read([FAN, 1180]).map(([at, status]) => [at, status])).toEqual([[1179, "firing"]]);
  });

  it("is not missed during a pause if its last reading is repeated", () => {
    const { read, engine } = start();
    read([PUMP, 0], [FAN, 30]);
    engine.pause(30 * SECOND, 1030 * SECOND);
    expect(read([PUMP, 0], [FAN, 25], [FAN, 1030], [PUMP, 1089])).toEqual([]);
    expect(read([FAN, 1178])).toEqual([
      [1120, "firing", "fan", "critical"],
      [1178, "resolved", "fan", "critical"],
    ]);
  });

  it("has one pause, even if the pause is reported again, longer or to a restored engine", () => {
    const { read, engine, plan, keys } = start();
    read([PUMP, 0], [FAN, 30]);
    engine.pause(30 * SECOND, 530 * SECOND);
    engine.pause(30 * SECOND, 530 * SECOND);
    const other = new Engine(plan, keys);
    for (const key of [PUMP, FAN]) other.restore(key, engine.snapshot(key));
    other.pause(30 * SECOND, 1030 * SECOND);
    other.pause(30 * SECOND, 700 * SECOND);
    expect(other.tick(2000 * SECOND).events.map(({ value }) => value.timestamp)).toEqual([
      1090 * SECOND,
      1120 * SECOND,
    ]);
  });

  it("is measured from its own last reading if a pause is reported again, longer", () => {
    const { read, engine } = start();
    read([PUMP, 0], [FAN, 30]);
    engine.pause(30 * SECOND, 500 * SECOND);
    expect(read([FAN, 500])).toEqual([]);
    engine.pause(30 * SECOND, 1000 * SECOND);
    expect(read([FAN, 1061])).toEqual([
      [590, "firing", "fan", "critical"],
      [1060, "firing", "pump", "critical"],
      [1061, "resolved", "fan", "critical"],
    ]);
  });

  it("has several pauses, also if its clock lags", () => {
    const { read, engine } = start();
    const hour = 3600;
    read([FAN, hour], [PUMP, 0]);
    engine.pause(hour * SECOND, (hour + 1000) * SECOND);
    expect(read([FAN, hour + 1040])).toEqual([]);
    engine.pause((hour + 1040) * SECOND, (hour + 3040) * SECOND);
    expect(read([FAN, hour + 3090])).toEqual([]);
    expect(read([FAN, hour + 3091])).toEqual([[3090, "firing", "pump", "critical"]]);
  });

  it("stays missed if it was missed before the pause", () => {
    const { read, engine } = start();
    expect(read([PUMP, 0], [FAN, 91])).toHaveLength(1);
    engine.pause(91 * SECOND, 1090 * SECOND);
    expect(engine.openEpisodes()).toHaveLength(1);
    expect(read([PUMP, 1100])).toEqual([[1100, "resolved", "pump", "critical"]]);
  });

  it("is part of a snapshot, before and after it is missed", () => {
    const { read, engine, plan, keys } = start();
    read([PUMP, 0], [FAN, 50]);
    const restored = (from: Engine): Engine => {
      const other = new Engine(plan, keys);
      for (const key of [PUMP, FAN]) other.restore(key, from.snapshot(key));
      return other;
    };
    const second = restored(engine);
    expect(second.tick(95 * SECOND).events).toHaveLength(1);
    const third = restored(second);
    expect(third.openEpisodes()).toEqual(second.openEpisodes());
    expect(third.tick(139 * SECOND).events).toHaveLength(0);
    expect(third.tick(141 * SECOND).events).toHaveLength(1);
  });

  it("has its deadline by its own clock if its readings lag behind those of others", () => {
    const { read } = start();
    const hour = 3600;
    read([FAN, hour], [PUMP, 0], [FAN, hour + 60], [PUMP, 60]);
    expect(read([FAN, hour + 120], [PUMP, 120], [FAN, hour + 210])).toEqual([]);
    expect(read([FAN, hour + 211])).toEqual([[210, "firing", "pump", "critical"]]);
  });
});
