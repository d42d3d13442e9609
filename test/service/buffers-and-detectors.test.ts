import { beforeEach, describe, expect, it } from "vitest";
import { StateMachine } from "../../src/service/state-machine.ts";
import { detectorOf, featuresOf } from "../support/live-definitions.ts";
import {
  append as appendRows,
  createBuffer,
  createDetector,
  defineFeatures,
  score,
} from "../support/machine-commands.ts";
import { Random } from "../support/random.ts";

const KEEP = { replace: false };
const ARRIVAL = Date.UTC(2026, 5, 1);
const SCHEMA = {
  timestamp: "datetime",
  sensor_id: "str",
  a: "float",
  n: "int",
  on: "bool",
  constructor: "float",
};

describe("a buffer", () => {
  let machine: StateMachine;
  const append = (rows: Record<string, unknown>[], strict = false) =>
    appendRows(machine, "rows", rows, { arrivalMs: ARRIVAL, strict });
  const newest = () => machine.features("rows");
  beforeEach(() => {
    machine = new StateMachine();
    createBuffer(machine, { name: "rows", schema: SCHEMA, maxRows: 100 }, KEEP);
    defineFeatures(
      machine,
      "rows",
      featuresOf([{ columns: ["a", "n", "on", "constructor"], functions: ["value"] }]),
    );
  });

  it("accepts integers, numeric strings and booleans as numbers", () => {
    append([{ timestamp: "2026-01-01T00:00:00", sensor_id: "x", a: "2.5", n: 3, on: true }]);
    expect([...newest().features.values()]).toEqual([2.5, 3, 1, null]);
  });

  it("keeps microseconds, and reads a time without a zone as UTC", () => {
    append([{ timestamp: "2026-01-01T00:00:00.123456" }]);
    expect(newest().timestamp).toBeCloseTo(Date.UTC(2026, 0, 1) + 123.456, 3);
  });

  it("gives rows without a valid time their arrival time, and reports it", () => {
    const { warnings } = append([{ a: 1 }, { timestamp: "yesterday", a: 2 }]);
    expect(warnings.map(({ field }) => field)).toEqual(["rows.0.timestamp", "rows.1.timestamp"]);
    expect(newest().timestamp).toBe(ARRIVAL);
  });

  it("makes a bad cell null and keeps the others", () => {
    const time = "2026-01-01T00:00:00";
    const answer = append([{ timestamp: time, a: "warm", n: 1.5, on: 0, extra: 1, more: {} }]);
    expect(answer).toMatchObject({
      rowsAppended: 1,
      ignoredColumns: ["extra", "more"],
      warningCount: 2,
      warnings: [
        { field: "rows.0.a", message: '"warm" is not a number: it counts as null' },
        { field: "rows.0.n", message: "1.5 is not a whole number: it counts as null" },
      ],
    });
    expect([...newest().features.values()]).toEqual([null, null, 0, null]);
  });

  it("makes a number that is too large null, with a warning", () => {
    const time = "2026-01-01T00:00:00";
    const row = JSON.parse(`{"timestamp":"${time}","a":1e309,"n":-1e400}`);
    const { warnings } = append([row]);
    expect(warnings.map(({ field, message }) => [field, message.slice(5)])).toEqual(
      ["rows.0.a", "rows.0.n"].map((field) => [
        field,
        "is too large for a number of 64 bits: it counts as null",
      ]),
    );
    expect([...newest().features.values()]).toEqual([null, null, null, null]);
  });

  it("reports whole numbers that may have lost digits, and keeps them", () => {
    const time = "2026-01-01T00:00:00";
    const ns = [2 ** 53 - 1, 2 ** 53, "-9007199254740993"];
    const answer = append(ns.map((n) => ({ timestamp: time, a: 2 ** 60, n })));
    expect(answer).toMatchObject({
      rowsAppended: 3,
      warnings: [
        {
          field: "rows.1.n",
          message: "9007199254740992 is beyond 2^53: its last digits may be lost",
        },
        { field: "rows.2.n", message: expect.stringContaining("beyond 2^53") },
      ],
    });
  });

  it("rejects a strict call with a bad cell and changes nothing", () => {
    const row = { timestamp: "2026-01-01T00:00:00", sensor_id: "new", a: "warm" };
    expect(() => append([{ ...row, a: 1 }, row], true)).toThrow(/not a number/);
    expect(machine.buffer("rows")).toMatchObject({ currentRows: 0, sensors: 0 });
  });

  it("answers for the sensor of the newest row, or for the requested sensor", () => {
    append(["x", "y"].map((sensor_id, i) => ({ timestamp: `2026-01-0${i + 1}`, sensor_id, a: i })));
    expect(newest()).toMatchObject({ sensorId: "y" });
    expect(machine.features("rows", "x").features.get("a_value")).toBe(0);
    expect(machine.features("rows", "z").features.get("a_value")).toBeNull();
  });

  it("reports conflicts with another definition, and is replaced only on request", () => {
    append([{ a: 1 }]);
    const other = { name: "rows", schema: SCHEMA, maxRows: 50 };
    expect(() => createBuffer(machine, other, KEEP)).toThrow("max_rows is 100, not 50");
    expect(createBuffer(machine, other, { replace: true })).toMatchObject({
      creation: "replaced",
      state: { currentRows: 0, features: [] },
    });
  });

  it("warns of a window that is larger than the buffer", () => {
    const large = featuresOf([{ name: "m", column: "a", function: "mean", window: 200 }]);
    const [warning] = defineFeatures(machine, "rows", large).warnings;
    expect(warning?.message).toMatch(/m looks back 200 rows, and max_rows keeps 100/);
  });

  it("warns of a feature that replaces another definition, but not of the same one again", () => {
    const define = (window: number) => {
      const entry = { name: "m", column: "a", function: "mean", window } as const;
      return defineFeatures(machine, "rows", featuresOf([entry])).warnings;
    };
    expect([define(10), define(10)]).toEqual([[], []]);
    expect(define(20)).toEqual([
      { field: "features", message: "m had another definition, which this one replaces" },
    ]);
    append([{ a: 1 }]);
    expect(define(10)).toHaveLength(1);
  });

  it("rejects names of object properties", () => {
    createBuffer(machine, { name: "__proto__", schema: { a: "float" }, maxRows: 5 }, KEEP);
    expect(() => machine.buffer("constructor")).toThrow(/there is no buffer/);
    expect(machine.buffers().map(({ name }) => name)).toEqual(["rows", "__proto__"]);
    expect(() => createBuffer(machine, { name: "..", schema: {}, maxRows: 5 }, KEEP)).toThrow(
      /name/,
    );
  });
});

describe("a detector", () => {
  let machine: StateMachine;
  const random = new Random(4);
  const feed = (count: number, sensor_id = "x") => {
    const rows = Array.from({ length: count }, () => ({ sensor_id, a: random.normal() }));
    appendRows(machine, "rows", rows, { arrivalMs: ARRIVAL, strict: false });
  };
  const latest = () => Object.fromEntries(machine.features("rows").features);
  const ask = (features: Record<string, unknown>, learn = true) =>
    score(machine, "d", { features, learn });
  beforeEach(() => {
    machine = new StateMachine();
    createBuffer(
      machine,
      { name: "rows", schema: { sensor_id: "str", a: "float" }, maxRows: 300 },
      KEEP,
    );
    createDetector(
      machine,
      detectorOf({ name: "d", features: ["a_mean_5"], warmup_period: 50 }),
      KEEP,
    );
  });

  it("recognises a row although the client rounded its features", () => {
    feed(100);
    const [[name, value] = ["", 0]] = [...machine.features("rows").features];
    const rounded = { [name]: Number((value as number).toPrecision(8)) };
    expect(ask(rounded)).toMatchObject({ isBufferRow: true, observationsSeen: 100 });
    expect(ask(rounded)).toMatchObject({ isBufferRow: true, observationsSeen: 100 });
  });

  it("learns values that are not a row, unless learning is off", () => {
    feed(100);
    const before = ask(latest());
    const look = ask({ a_mean_5: 9, other: 1 }, false);
    expect(look).toMatchObject({ isAnomaly: true, learned: false, observationsSeen: 100 });
    expect(look.ignoredFeatures).toEqual(["other"]);
    const learned = ask({ a_mean_5: 9 });
    expect(learned).toMatchObject({ learned: true, observationsSeen: 101, isBufferRow: false });
    expect(learned.anomalyScore).toBe(look.anomalyScore);
    expect(learned.contributions).toEqual(look.contributions);
    expect(ask(latest())).toMatchObject({ contributions: before.contributions, isBufferRow: true });
  });

  it("accepts null and missing features, and scores 0 before it has learned", () => {
    expect(ask({ a_mean_5: null })).toMatchObject({ isAnomaly: false, anomalyScore: 0 });
    expect(ask({})).toMatchObject({ isAnomaly: false, anomalyScore: 0, rawScore: null });
  });

  it("reports how many rows left the buffer before it was linked", () => {
    feed(500);
    const { warnings, observationsSeen } = ask(latest());
    expect(warnings.map(({ message }) => message)).toContain(
      "200 rows had left the buffer before it was observed",
    );
    expect(observationsSeen).toBe(300);
  });

  it("keeps one model per sensor", () => {
    feed(60, "x");
    feed(10, "y");
    ask(latest());
    const state = machine.detector("d");
    expect(state).toMatchObject({ isWarm: false, observationsNeeded: 40, observationsTotal: 70 });
    expect(state.sensors.get("x")).toMatchObject({ isWarm: true, observationsSeen: 60 });
  });

  it("observes neither of two matching buffers, and reports it", () => {
    createBuffer(machine, { name: "more", schema: { a: "float" }, maxRows: 9 }, KEEP);
    defineFeatures(
      machine,
      "more",
      featuresOf([{ name: "a_mean_5", column: "a", function: "mean", window: 5 }]),
    );
    expect(ask({ a_mean_5: 1 }).warnings[0]?.message).toMatch(/rows, more have all its features/);
  });

  it("keeps its model when its buffer is deleted", () => {
    feed(100);
    ask(latest());
    machine.execute({ kind: "delete_buffer", name: "rows" });
    expect(machine.detector("d")).toMatchObject({ buffer: null, observationsTotal: 100 });
    expect(
      score(machine, "d", { features: { a_mean_5: 9 }, sensorId: "x", learn: true }),
    ).toMatchObject({
      isAnomaly: true,
      observationsSeen: 101,
    });
  });

  it("restarts when one of its features is redefined", () => {
    feed(100);
    ask(latest());
    const { warnings } = defineFeatures(
      machine,
      "rows",
      featuresOf([{ name: "a_mean_5", column: "a", function: "max", window: 9 }]),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      "a_mean_5 had another definition, which this one replaces",
      "the detector d is reset and learns from the rows of the buffer: a_mean_5 changed",
    ]);
    expect(ask(latest())).toMatchObject({ isBufferRow: true, observationsSeen: 100 });
  });
});
