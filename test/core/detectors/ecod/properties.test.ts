import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDetector, type DetectorEntry, type Observation } from "../../../../src/index.ts";
import { Random } from "../../../support/random.ts";

type Row = (number | null)[];

/** Kinds of columns, hostile ones among them: the value at time `t`. */
const KINDS: Readonly<Record<string, (random: Random, t: number) => number>> = {
  normal: (random) => random.normal(),
  coarse: (random) => Math.round(2 * random.normal()),
  constant: (random) => 5 + (random.uniform() < 0.01 ? 1 : 0),
  huge: (random) =>
    [1.7e308, -1.7e308, 1e300, 1e307 * random.normal()][Math.floor(4 * random.uniform())] ?? 0,
  tiny: (random) => 1e-310 * random.normal(),
  counter: (_, t) => 1e9 + t,
  binary: (random) => (random.uniform() < 0.02 ? 1 : 0),
  sentinel: (random) => (random.uniform() < 0.02 ? -9999 : 20 + random.normal()),
};

interface Stream {
  readonly seed: number;
  readonly kinds: readonly string[];
  readonly width: number;
}

const stream: fc.Arbitrary<Stream> = fc.record({
  seed: fc.nat(),
  kinds: fc.array(fc.constantFrom(...Object.keys(KINDS)), { minLength: 1, maxLength: 5 }),
  width: fc.constantFrom(1, 2, 3), // features of a column: its value times 1, 1, 2
});

const settings = fc.record({
  reference: fc.constantFrom("exact", "compact"),
  warmup_period: fc.constantFrom(1, 5, 30, 150, 260),
  window: fc.constantFrom(20, 60, 400),
  calibration_window: fc.constantFrom(30, 300),
  frozen: fc.boolean(),
  smoothing: fc.constantFrom(0, 5),
  weight_power: fc.constantFrom(0, 16),
  patience: fc.constantFrom(3, 200),
  contamination: fc.constantFrom(0.01, 0.3),
});

function entryOf({ kinds, width }: Stream, changes: Partial<DetectorEntry>): DetectorEntry {
  const features = kinds.flatMap((_, g) => Array.from({ length: width }, (_, i) => `f${g}_${i}`));
  const columns = kinds.flatMap((_, g) => Array.from({ length: width }, () => g));
  return {
    ...changes,
    features,
    columns,
    novelty_features: kinds.map((_, g) => g * width),
  };
}

function rowsOf({ seed, kinds, width }: Stream, length: number): Row[] {
  const random = new Random(seed);
  return Array.from({ length }, (_, t) =>
    kinds.flatMap((kind) => {
      const value = KINDS[kind]?.(random, t) ?? 0;
      const isMissing = random.uniform() < 0.07;
      return Array.from({ length: width }, (_, i) => (isMissing ? null : value * Math.max(1, i)));
    }),
  );
}

function expectInRange(got: Observation, contamination: number, columns: number): void {
  const { p, w, raw_score, anomaly_score, column } = got;
  expect(anomaly_score).toBeGreaterThanOrEqual(0);
  expect(anomaly_score).toBeLessThanOrEqual(1);
  if (p === null || w === null || raw_score === null) {
    expect([p, w, raw_score, got.is_anomaly]).toEqual([null, null, null, false]);
    return;
  }
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThanOrEqual(1);
  expect(w).toBeGreaterThanOrEqual(0);
  expect(w).toBeLessThanOrEqual(690.8);
  expect(Number.isFinite(raw_score)).toBe(true);
  expect(got.is_anomaly).toBe(p <= contamination);
  expect(Math.min(...got.contributions.map((nats) => nats ?? 0))).toBeGreaterThanOrEqual(0);
  expect(column ?? 0).toBeLessThan(columns);
}

function observeAll(entry: DetectorEntry, rows: readonly Row[]): Observation[] {
  const detector = createDetector("ecod", entry);
  return rows.map((row) => detector.observe(row));
}

describe("the detector on any readings", () => {
  it("gives scores within their ranges", () => {
    fc.assert(
      fc.property(stream, settings, (given, changes) => {
        for (const got of observeAll(entryOf(given, changes), rowsOf(given, 900))) {
          expectInRange(got, changes.contamination, given.kinds.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same bits after snapshot and restore at any row", () => {
    fc.assert(
      fc.property(stream, settings, fc.nat(500), (given, changes, at) => {
        const entry = entryOf(given, changes);
        const rows = rowsOf(given, 600);
        const before = createDetector("ecod", entry);
        for (const row of rows.slice(0, at)) before.observe(row);
        const after = createDetector("ecod", entry);
        after.restore(before.snapshot());
        expect(after.snapshot()).toEqual(before.snapshot());
        for (const row of rows.slice(at)) expect(after.observe(row)).toEqual(before.observe(row));
        expect(after.snapshot()).toEqual(before.snapshot());
      }),
      { numRuns: 40 },
    );
  });

  it("does not depend on the order in which columns are numbered, nor on their unit", () => {
    fc.assert(
      fc.property(stream, settings, (given, changes) => {
        const calm = given.kinds.filter((kind) => kind !== "huge" && kind !== "tiny");
        const kept = { ...given, kinds: calm.length > 0 ? calm : ["normal"] };
        const entry = entryOf(kept, changes);
        const last = kept.kinds.length - 1;
        const renumbered = { ...entry, columns: entry.columns?.map((g) => last - g) };
        const rows = rowsOf(kept, 500);
        const scaled = rows.map((row) => row.map((value) => value && 1024 * value));
        const wanted = observeAll(entry, rows);
        for (const [i, got] of observeAll(renumbered, scaled).entries()) {
          const { p, is_anomaly } = wanted[i] as Observation;
          expect(got.p ?? 2).toBeCloseTo(p ?? 2, 9);
          if (Math.abs((p ?? 2) - (changes.contamination ?? 0)) > 1e-9)
            expect(got.is_anomaly).toBe(is_anomaly);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("a column that jumps among many", () => {
  it.each([1, 4, 8, 16, 24])("is found and named among %d", (columns) => {
    const random = new Random(columns);
    const room = Math.floor(columns * random.uniform());
    const rows = Array.from({ length: 700 }, (_, t) => {
      const common = 1.5 * Math.sin((2 * Math.PI * t) / 1440) + 0.2 * random.normal();
      return Array.from({ length: columns }, (_, g) => {
        const jump = t >= 690 && g === room ? 14 : 0;
        return 21 + common + 0.16 * random.normal() + jump;
      });
    });
    const numbers = Array.from({ length: columns }, (_, g) => g);
    const features = numbers.map((g) => `room ${g}`);
    const entry = { features, columns: numbers, novelty_features: numbers };
    const [first] = observeAll(entry, rows).slice(690);
    expect(first?.p).toBeLessThanOrEqual(0.001);
    if (columns > 1) expect(first?.column).toBe(room);
    const loudest = Math.max(...(first?.contributions ?? []).map((nats) => nats ?? 0));
    expect(first?.contributions[room]).toBe(loudest);
  });
});

it("finds a fault in the gap below sentinel values of the warm-up", () => {
  const random = new Random(5);
  const value = (t: number): number => {
    if (t === 20 || t === 130) return 85;
    return 21.5 + 0.8 * Math.sin(t / 46) + 0.15 * random.normal() + (t >= 600 ? 12 : 0);
  };
  const rows = Array.from({ length: 601 }, (_, t) => [Number(value(t).toFixed(2))]);
  const fault = observeAll({ features: ["a"], novelty_features: [0] }, rows).at(-1);
  expect(fault?.p).toBeLessThanOrEqual(0.001);
});
