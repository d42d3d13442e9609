import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlertBudget } from "../../../../src/core/alerts/budget/alert-budget.ts";
import {
  type BudgetDecision,
  createAlertBudget,
  createDetector,
  type DetectorEntry,
} from "../../../../src/index.ts";
import { SlowBudget, type SlowDecision, type SlowReading } from "./slow-budget.ts";

/** Golden vectors: rows, their times in seconds, and the expected decisions. */
interface Vector {
  config: { n_features: number; columns: number[]; raw_features: number[] };
  X: (number | null)[][];
  t: number[];
  budget: { per_week: number };
  expected: Record<"exact" | "compact", { w: (number | null)[]; budget: Expected }>;
}

interface Expected {
  told: { row: number; severity: string; q: number; bar: number; A: number; L0: number }[];
  open: [row: number, severity: string, q: number][];
  levels: [row: number, interval: number, level: number, from: number, gap: number][];
  A: number;
}

const names = ["budget_1min", "budget_1s", "budget_irregular"];
const forms = ["exact", "compact"] as const;

function load(name: string): Vector {
  const file = new URL(`../../../../fixtures/golden/stream/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Vector;
}

function isEmpty({ config }: Vector, row: readonly (number | null)[]): boolean {
  return config.raw_features.every((j) => row[j] === null);
}

/** Scores of the vector's own detector, not the expected ones. */
function scores({ config, X }: Vector, reference: "exact" | "compact"): (number | null)[] {
  const { n_features, raw_features, ...settings } = config;
  const features = Array.from({ length: n_features }, (_, i) => `f${i}`);
  const entry = { ...settings, features, novelty_features: raw_features, reference };
  const detector = createDetector("ecod", entry as DetectorEntry);
  return X.map((row) => detector.observe(row).w);
}

describe.each(names)("createAlertBudget on %s", (name) => {
  const vector = load(name);

  it.each(forms)("reports what the reference reports of the %s detector", (form) => {
    const ws = scores(vector, form);
    const budget = createAlertBudget({ perWeek: vector.budget.per_week });
    const decisions = vector.X.map((row, i) => {
      const time = Math.round((vector.t[i] as number) * 1000);
      return budget.observe({ time, w: ws[i] ?? null, empty: isEmpty(vector, row) });
    });
    const { told, open } = vector.expected[form].budget;
    const of = (wanted: string): [number, BudgetDecision][] =>
      [...decisions.entries()].filter(([, { state }]) => state === wanted);
    expect(of("told").map(([row, { severity }]) => [row, severity])).toEqual(
      told.map(({ row, severity }) => [row, severity]),
    );
    expect(of("open").map(([row, { severity }]) => [row, severity])).toEqual(
      open.map(([row, severity]) => [row, severity]),
    );
    for (const { row, q, bar } of told) {
      expectClose(decisions[row]?.q, q);
      expectClose(decisions[row]?.bar, bar);
    }
    for (const [row, , q] of open) expectClose(decisions[row]?.q, q);
  });

  it.each(forms)("has the levels of the reference with the %s detector", (form) => {
    const budget = new AlertBudget(vector.budget.per_week);
    const { w, budget: expected } = vector.expected[form];
    const levels: number[][] = [];
    for (const [i, time] of vector.t.entries()) {
      const row = vector.X[i] as (number | null)[];
      if (isEmpty(vector, row)) continue;
      take(budget, time, w[i] ?? null);
      const { interval, level, from, gap } = budget;
      if (!Number.isNaN(interval) && levels.at(-1)?.[1] !== interval) {
        levels.push([i, interval, level, from, gap]);
      }
    }
    expect(levels.map(([row, , , , gap]) => [row, gap])).toEqual(
      expected.levels.map(([row, , , , gap]) => [row, gap]),
    );
    for (const [i, level] of expected.levels.entries()) {
      for (const k of [1, 2, 3]) expectClose(levels[i]?.[k], level[k] as number);
    }
    expectClose(budget.raised, expected.A);
  });
});

function expectSame(got: BudgetDecision, wanted: SlowDecision | null): void {
  expect(got.state).toBe(wanted?.state ?? null);
  expect(got.severity).toBe(wanted?.severity ?? null);
  if (wanted === null) return;
  expectClose(got.q, wanted.q);
  expectClose(got.bar, wanted.bar);
}

function take(budget: AlertBudget, time: number, score: number | null): void {
  const times = Float64Array.of(Math.round(time * 1000));
  if (score === null) budget.see(times, 0);
  else budget.observe(times, Float64Array.of(Math.exp(-score)), 0);
}

function expectClose(got: number | null | undefined, wanted: number): void {
  const tolerance = 1e-9 * Math.max(1, Math.abs(wanted));
  if (!(Math.abs((got ?? Number.NaN) - wanted) <= tolerance)) expect(got).toBe(wanted);
}

/** Scores of mostly ordinary readings, and incidents. */
const w = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: 0, max: 4, noNaN: true }) },
  { weight: 4, arbitrary: fc.double({ min: 4, max: 30, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const interval = fc.oneof(
  { weight: 8, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.double({ min: 0.1, max: 90, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -3, 4000, 500_000) },
);
const stretch = fc.record({
  part: fc.array(fc.record({ w, interval, empty: fc.boolean() }), { minLength: 1, maxLength: 30 }),
  times: fc.integer({ min: 1, max: 40 }),
  pace: fc.constantFrom(0.01, 1, 1, 60, 3600),
});
const readings = fc.array(stretch, { minLength: 1, maxLength: 4 }).map((stretches) => {
  let time = 1.7e9;
  return stretches.flatMap(({ part, times, pace }) =>
    Array.from({ length: times }, () => part).flatMap((rows) =>
      rows.map(({ w, interval, empty }): SlowReading => {
        time += Math.round(interval * pace * 1000) / 1000;
        return { time: Math.round(time * 1000) / 1000, w, empty: empty && interval > 60 };
      }),
    ),
  );
});
const perWeek = fc.constantFrom(0.1, 1, 7, 168, 5000);

describe("AlertBudget", () => {
  it("decides as its obvious version does", () => {
    let told = 0;
    fc.assert(
      fc.property(readings, perWeek, (rows, B) => {
        const slow = new SlowBudget(B);
        const budget = createAlertBudget({ perWeek: B });
        for (const { time, w, empty } of rows) {
          const got = budget.observe({ time: Math.round(time * 1000), w, empty });
          expectSame(got, slow.observe({ time, w, empty }));
          if (got.state === "told") told += 1;
        }
      }),
      { numRuns: 80 },
    );
    expect(told).toBeGreaterThan(20);
  });

  it("continues from a snapshot at any reading, to the bit", () => {
    const period = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(readings, perWeek, period, (rows, B, period) => {
        const whole = createAlertBudget({ perWeek: B });
        let cut = createAlertBudget({ perWeek: B });
        for (const [i, { time, w, empty }] of rows.entries()) {
          if (i % period === 0) {
            const bytes = cut.snapshot();
            cut = createAlertBudget({ perWeek: B });
            cut.restore(bytes);
          }
          const reading = { time: Math.round(time * 1000), w, empty };
          expect(cut.observe(reading)).toEqual(whole.observe(reading));
        }
        expect(cut.snapshot()).toEqual(whole.snapshot());
      }),
      { numRuns: 60 },
    );
  });

  it("reports an incident once, and again after a quiet time", () => {
    const budget = createAlertBudget({ perWeek: 1, interval: 60_000 });
    const states = (ws: readonly number[], from: number): (string | null)[] =>
      ws.map((w, i) => budget.observe({ time: (from + i) * 60_000, w }).state);
    const quiet = (rows: number): number[] => Array.from({ length: rows }, () => 1);
    expect(states([1, 20, 20, 1, 20], 0)).toEqual([null, null, "told", "open", "open"]);
    expect(
      states(quiet(60), 5)
        .slice(2)
        .every((state) => state === null),
    ).toBe(true);
    expect(states([20, 20], 65)).toEqual([null, "told"]);
  });

  it("allows more to a sensor that was quiet for weeks", () => {
    const barAfter = (days: number): number | null => {
      const budget = createAlertBudget({ perWeek: 1, interval: 60_000 });
      budget.observe({ time: 0, w: 1 });
      return budget.observe({ time: days * 86_400_000, w: 1 }).bar;
    };
    const level = Math.log(10_080);
    expect([0, 7, 14, 70].map(barAfter)).toEqual([
      expect.closeTo(level + 1, 9),
      expect.closeTo(level, 9),
      expect.closeTo(level - 1, 9),
      expect.closeTo(level - 1, 9),
    ]);
  });

  it.each([
    ["one every minute", () => 60, 60],
    ["one every minute with an outage", (i: number) => (i === 3000 ? 500_000 : 60), 60],
    ["bursts of 10 at 1 s every 10 minutes", (i: number) => (i % 10 === 0 ? 591 : 1), 60],
    ["bursts of 300 at 1 s every hour", (i: number) => (i % 300 === 0 ? 3301 : 1), 12],
    ["one a minute for 8 of 24 h", (i: number) => (i % 480 === 0 ? 57_660 : 60), 180],
    ["first one a minute, then one every 5 s", (i: number) => (i < 3000 ? 60 : 5), 5],
  ])("measures the mean interval of readings: %s", (_, next, mean) => {
    const budget = new AlertBudget(1);
    let time = 0;
    for (let i = 0; i < 9000; i++) {
      take(budget, time, 1);
      time += next(i);
    }
    expect(budget.interval / mean).toBeGreaterThan(0.8);
    expect(budget.interval / mean).toBeLessThan(1.25);
  });

  it("says from which rarity on the next reading would reach the bar", () => {
    const budget = new AlertBudget(1, 60);
    for (let i = 0; i < 2000; i++) take(budget, 60 * i, (i * 7) % 10);
    const w = budget.boundary;
    const bar = budget.bar;
    // three readings of this rarity, so that none of them stands alone
    for (let i = 0; i < 3; i++) take(budget, 60 * 1999, w);
    expect(budget.q).toBeCloseTo(bar, 2);
  });

  it("rejects settings and readings that mean nothing", () => {
    expect(() => createAlertBudget({ perWeek: 0 })).toThrow("perWeek must be a number above 0");
    expect(() => createAlertBudget({ perWeek: 1, interval: -1 })).toThrow("interval must be");
    const budget = createAlertBudget({ perWeek: 1 });
    expect(() => budget.observe({ time: Number.NaN, w: 1 })).toThrow("time must be");
    expect(() => budget.observe({ time: 0, w: -1 })).toThrow("w must be at least 0");
    expect(() => budget.restore(new Uint8Array(7))).toThrow(RangeError);
    const bytes = budget.snapshot();
    expect(() => budget.restore(Uint8Array.of(...bytes, 0))).toThrow("left over");
  });
});
