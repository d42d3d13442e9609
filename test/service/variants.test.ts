import { beforeEach, describe, expect, it } from "vitest";
import type { DetectorState } from "../../src/service/api.ts";
import { DEFAULT_LIMITS } from "../../src/service/checks/limits.ts";
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

const NARROW = { name: "rows", schema: { timestamp: "datetime", a: "float" }, maxRows: 500 };
const WIDE = { ...NARROW, schema: { ...NARROW.schema, b: "float" } };
const FEATURES = featuresOf([
  { name: "a_mean", column: "a", function: "mean", window: 5 },
  { name: "a_std", column: "a", function: "std", window: 5 },
  { name: "b_mean", column: "b", function: "mean", window: 5 },
]);
const FIRST = detectorOf({ name: "d", features: ["a_mean_5"], warmup_period: 100 });
const OTHER = detectorOf({ name: "d", features: ["a_mean", "a_std"], warmup_period: 40 });

let machine: StateMachine;
const random = new Random(11);
const feed = (count: number, a?: number) => {
  const rows = Array.from({ length: count }, () => ({ a: a ?? random.normal(), b: 1 }));
  appendRows(machine, "rows", rows, { arrivalMs: 0, strict: false });
};
const latest = () => Object.fromEntries(machine.features("rows").features);
const pick = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, latest()[name] ?? null]));
const ask = (features: Record<string, unknown> = latest(), learn = true, name = "d") =>
  score(machine, name, { features, learn });
const names = ({ variants }: DetectorState) => variants.map(({ name }) => name);

beforeEach(() => {
  machine = new StateMachine();
  createBuffer(machine, NARROW);
});

describe("a refused definition of a buffer", () => {
  it("is kept as a variant, once", () => {
    const refuse = () =>
      expect(() => createBuffer(machine, WIDE)).toThrow(
        /another definition: schema.b is left out, not "float"$/,
      );
    refuse();
    refuse();
    expect(machine.buffer("rows").variants).toEqual([{ ...WIDE, key: null }]);
    expect(machine.buffer("rows").schema).toEqual(NARROW.schema);
  });

  it("is not kept if there are four", () => {
    const refuse = (maxRows: number) => () => createBuffer(machine, { ...NARROW, maxRows });
    for (const maxRows of [1, 2, 3, 4]) {
      expect(refuse(maxRows)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining("It is kept as a variant") }),
      );
    }
    expect(refuse(5)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("It is not kept") }),
    );
    expect(machine.buffer("rows").variants.length).toBe(4);
  });

  it("makes features of its columns null, and the others work", () => {
    expect(() => defineFeatures(machine, "rows", FEATURES)).toThrow(/no column "b"/);
    expect(machine.buffer("rows").features).toEqual([]);
    expect(() => createBuffer(machine, WIDE)).toThrow();
    const { features, warnings } = defineFeatures(machine, "rows", FEATURES);
    expect(features).toEqual(["a_mean", "a_std", "b_mean"]);
    expect(warnings.map(({ message }) => message)).toEqual([
      "b_mean is null: only another definition of the buffer has the column b",
    ]);
    feed(10, 3);
    expect(latest()).toEqual({ a_mean: 3, a_std: 0, b_mean: null });
    const typo = featuresOf([{ name: "c", column: "c", function: "mean", window: 5 }]);
    expect(() => defineFeatures(machine, "rows", typo)).toThrow(/no column "c"/);
  });

  it("leaves a detector that names null features with the others", () => {
    expect(() => createBuffer(machine, WIDE)).toThrow();
    defineFeatures(machine, "rows", FEATURES);
    const features = ["a_mean", "a_std", "b_mean"];
    createDetector(machine, detectorOf({ name: "d", features, warmup_period: 40 }));
    feed(100);
    expect(ask()).toMatchObject({ isBufferRow: true, observationsSeen: 100, ignoredFeatures: [] });
    feed(1, 50);
    expect(ask()).toMatchObject({ isAnomaly: true });
    expect(machine.detector("d").features).toEqual(["a_mean", "a_std"]);
  });

  it("ends with the buffer, or when that is replaced", () => {
    expect(() => createBuffer(machine, WIDE)).toThrow();
    defineFeatures(machine, "rows", FEATURES);
    createBuffer(machine, WIDE, { replace: true });
    expect(machine.buffer("rows")).toMatchObject({ variants: [], features: [] });
    defineFeatures(machine, "rows", FEATURES);
    feed(10, 3);
    expect(latest()).toEqual({ a_mean: 3, a_std: 0, b_mean: 1 });
  });
});

describe("a refused definition of a detector", () => {
  beforeEach(() => {
    defineFeatures(machine, "rows", FEATURES.slice(0, 2));
    createDetector(machine, FIRST);
    expect(() => createDetector(machine, OTHER)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("kept as the variant d~1") }),
    );
  });

  it("is kept as a variant, once, at most four times", () => {
    const define = (warmup_period: number) => () =>
      createDetector(machine, { ...FIRST, warmup_period });
    expect(() => createDetector(machine, OTHER)).toThrow(/another definition/);
    for (const warmup of [10, 20, 30, 50]) expect(define(warmup)).toThrow(/another definition/);
    expect(names(machine.detector("d"))).toEqual(["d~1", "d~2", "d~3", "d~4"]);
    expect(machine.detectors().map(({ name }) => name)).toEqual(["d"]);
    expect(machine.detector("d~4")).toMatchObject({ warmupPeriod: 30, variants: [] });
    expect(define(50)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("there are 4 variants already") }),
    );
  });

  it("scores calls that post its features, and finds a fault", () => {
    feed(120);
    expect(ask(pick("a_mean", "a_std"))).toMatchObject({
      variant: "d~1",
      isBufferRow: true,
      observationsSeen: 120,
    });
    expect(ask(pick("a_mean_5"))).toMatchObject({ variant: "d", isBufferRow: true });
    feed(1, 50);
    expect(ask(pick("a_mean", "a_std"))).toMatchObject({ variant: "d~1", isAnomaly: true });
    expect(ask(pick("a_mean_5"), true, "d~1")).toMatchObject({ variant: "d~1", isAnomaly: false });
  });

  it("scores a call that posts exactly its features, although an older one knows them too", () => {
    const most = detectorOf({ name: "d", features: ["a_mean_5", "a_std", "a"], warmup_period: 10 });
    expect(() => createDetector(machine, most)).toThrow(/another definition/);
    const features = ["a_mean_5", "a_std"];
    const exact = detectorOf({ name: "d", features, warmup_period: 30 });
    expect(() => createDetector(machine, exact)).toThrow(/another definition/);
    feed(120);
    expect(ask(pick("a_mean_5", "a_std"))).toMatchObject({ variant: "d~3", isBufferRow: true });
    expect(ask(pick("a_mean_5"))).toMatchObject({ variant: "d", isBufferRow: true });
  });

  it("of two that know as many features, the older one scores", () => {
    const newer = { ...OTHER, warmup_period: 50 };
    expect(() => createDetector(machine, newer)).toThrow(/another definition/);
    feed(120);
    expect(ask()).toMatchObject({ variant: "d~1" });
    expect(ask(pick("a_mean", "a_mean_5"))).toMatchObject({ variant: "d" });
  });

  it("answers while the definition that knows more warms up, which learns meanwhile", () => {
    feed(30);
    expect(ask(pick("a_mean_5", "a_mean"))).toMatchObject({ variant: "d", isWarm: false });
    feed(30);
    const both = pick("a_mean_5", "a_mean");
    expect(ask(both)).toMatchObject({ variant: "d~1", isWarm: true, learned: false });
    expect(ask({ a_mean_5: 2, a_mean: 2 })).toMatchObject({ variant: "d~1", learned: true });
    expect(machine.detector("d").observationsSeen).toBe(61);
    expect(machine.detector("d~1").observationsSeen).toBe(60);
    feed(50);
    expect(ask(pick("a_mean_5", "a_mean"))).toMatchObject({ variant: "d", isWarm: true });
  });

  it("rejects a call only if no definition knows any of its features", () => {
    const check = (features: object) => () =>
      machine.checkFeatures("d", { ...features }, "features");
    expect(check({ b_mean: 1, c: 2 })).toThrow(
      expect.objectContaining({
        message: 'the detector d has no feature "b_mean"',
        hint: 'Did you mean "a_mean"? Its features are: a_mean_5, a_mean, a_std',
        field: "features",
      }),
    );
    expect(check({ b_mean: 1, a_std: 2 })).not.toThrow();
    expect(check({})).not.toThrow();
  });

  it("is removed alone by its own name, and with the detector by that of the detector", () => {
    feed(120);
    ask(pick("a_mean", "a_std"));
    machine.execute({ kind: "delete_detector", name: "d~1" });
    expect(names(machine.detector("d"))).toEqual([]);
    expect(machine.buffer("rows").detectors).toEqual([]);
    expect(() => createDetector(machine, OTHER)).toThrow(/another definition/);
    ask(pick("a_mean", "a_std"));
    expect(machine.buffer("rows").detectors).toEqual(["d~1"]);
    machine.execute({ kind: "delete_detector", name: "d" });
    expect(machine.detectors()).toEqual([]);
    expect(machine.buffer("rows").detectors).toEqual([]);
  });

  it("is removed when the detector is replaced", () => {
    createDetector(machine, { ...FIRST, warmup_period: 60 }, { replace: true });
    expect(machine.detector("d")).toMatchObject({ warmupPeriod: 60, variants: [] });
  });

  it("is not kept above the limit of detectors", () => {
    machine = new StateMachine({ ...DEFAULT_LIMITS, detectors: 1 });
    createDetector(machine, FIRST);
    expect(() => createDetector(machine, OTHER)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("2 detectors are more than the 1") }),
    );
    expect(machine.detector("d").variants).toEqual([]);
  });

  it("is saved with its models", () => {
    feed(120);
    ask(pick("a_mean", "a_std"));
    const again = StateMachine.restore(machine.save(), (loss) => expect.fail(loss));
    expect(again.detectors()).toEqual(machine.detectors());
    expect(again.buffers()).toEqual(machine.buffers());
    const request = { features: { a_mean: 30, a_std: 0 }, learn: true };
    expect(score(again, "d", request)).toEqual(score(machine, "d", request));
  });
});
