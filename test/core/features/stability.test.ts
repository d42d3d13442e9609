import { describe, expect, it } from "vitest";
import type { FeatureSpec } from "../../../src/core/features/spec.ts";
import { WindowPlan } from "../../../src/core/features/window-plan.ts";
import { WindowSet } from "../../../src/core/features/window-set.ts";
import { define } from "./definitions.ts";
import { duration, noise, rows, run, seconds, spec } from "./support.ts";

const MOMENTS = [
  "mean",
  "sum",
  "std",
  "var",
  "rms",
  "skew",
  "kurtosis",
  "zscore",
  "slope",
] as const;

/** Compares chosen rows with the definition over just the rows their window can see. */
function expectDefinedAt(
  feature: FeatureSpec,
  xs: Float64Array,
  got: Float64Array,
  rowsToCheck: readonly number[],
  reach: number,
): void {
  for (const i of rowsToCheck) {
    const seen = [...xs.subarray(i + 1 - reach, i + 1)];
    const want = define(feature, seconds(reach), [seen]).at(-1) as number;
    const error = Math.abs((got[i] as number) - want) / Math.max(1, Math.abs(want));
    if (!(error < 1e-9)) expect.fail(`${feature.name} at row ${i}: ${got[i]} is not ${want}`);
  }
}

describe("rolling moments stay accurate", () => {
  it("over 1 M readings of 1e9 and noise", () => {
    const count = 1_000_000;
    const next = noise(7);
    const xs = Float64Array.from({ length: count }, () => 1e9 + next() + next() - 1);
    const times = Float64Array.from({ length: count }, (_, i) => 1.7e12 + 1000 * i);
    const specs = [
      ...(["mean", "std", "skew", "slope"] as const).map((name) => spec(name, rows(50))),
      spec("std", rows(600)),
    ];
    const set = new WindowSet(new WindowPlan(specs, 1, 1000));
    const out = specs.map(() => new Float64Array(count));
    set.apply(times, [xs], count, out);
    const checked = Array.from({ length: 40 }, (_, i) => count - 1 - i * 20_011);
    for (const [f, feature] of specs.entries()) {
      expectDefinedAt(feature, xs, out[f] as Float64Array, checked, 601);
    }
  });

  it.each([1e12, -1e15, 3.4e38])("at once after a spike of %d has left the window", (spike) => {
    const next = noise(3);
    const xs = Array.from({ length: 400 }, (_, i) => (i === 150 ? spike : 20 + next()));
    for (const name of MOMENTS) {
      const feature = spec(name, rows(40));
      const got = Float64Array.from(run([feature], seconds(400), [xs])[0] as number[]);
      const after = Array.from({ length: 200 }, (_, i) => 191 + i);
      expectDefinedAt(feature, Float64Array.from(xs), got, after, 41);
    }
  });

  it("while ever smaller spikes leave the window", () => {
    const next = noise(5);
    const xs = Array.from({ length: 600 }, (_, i) => 10 ** (12 - i / 20) * (next() - 0.5));
    for (const name of MOMENTS) {
      const feature = spec(name, rows(30));
      const got = run([feature], seconds(600), [xs])[0] as number[];
      const want = define(feature, seconds(600), [xs]);
      for (const [i, value] of got.entries()) {
        if (i < 30) continue;
        const expected = want[i] as number;
        const scale = Math.max(Math.abs(expected), Math.abs(xs[i - 29] as number) * 1e-3);
        const allowed = 1e-9 * (name === "skew" || name === "kurtosis" ? 1 : scale);
        expect(Math.abs(value - expected)).toBeLessThan(
          Math.max(allowed, 1e-9 * Math.abs(expected)),
        );
      }
    }
  });

  it("after a level shift from 0 to 1e9", () => {
    const next = noise(11);
    const xs = Array.from({ length: 300 }, (_, i) => (i < 120 ? 0 : 1e9) + next());
    for (const name of MOMENTS) {
      const feature = spec(name, rows(40));
      const got = Float64Array.from(run([feature], seconds(300), [xs])[0] as number[]);
      const after = Array.from({ length: 139 }, (_, i) => 161 + i);
      expectDefinedAt(feature, Float64Array.from(xs), got, after, 41);
    }
  });

  it("when only rows with a missing partner have extreme values", () => {
    const next = noise(17);
    const ys = Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? next() : Number.NaN));
    const xs = ys.map((y) => (Number.isNaN(y) ? 1e12 : y + next()));
    const feature = spec("corr", rows(15), { minPeriods: 3 });
    const [got] = run([feature], seconds(600), [xs, ys]);
    const want = define(feature, seconds(600), [xs, ys]);
    for (let i = 14; i < 600; i++) expect(got?.[i]).toBeCloseTo(want[i] as number, 9);
  });

  it("on a ramp far from 0", () => {
    const xs = Array.from({ length: 3000 }, (_, i) => 1e9 + i / 4);
    const [slope, std, mean] = run(
      [spec("slope", rows(100)), spec("std", rows(100)), spec("mean", rows(100))],
      seconds(3000),
      [xs],
    );
    expect(slope?.at(-1)).toBeCloseTo(0.25, 12);
    expect(std?.at(-1)).toBeCloseTo(0.25 * Math.sqrt((100 * 101) / 12), 9);
    expect(mean?.at(-1)).toBe(1e9 + (2999 - 49.5) / 4);
  });
});

describe("a window of equal values", () => {
  const next = noise(13);
  const before = Array.from({ length: 100 }, () => 1e6 * next());

  it.each([0, 0.1, -7.3, 1e9 + 0.1, 1e-9])("has the exact mean %d and no spread", (level) => {
    const xs = [...before, ...new Array<number>(60).fill(level)];
    const [mean, std, variance, range, mad, sum, slope] = run(
      (["mean", "std", "var", "range", "mad", "sum", "slope"] as const).map((name) =>
        spec(name, rows(20)),
      ),
      seconds(xs.length),
      [xs],
    );
    for (let i = 119; i < xs.length; i++) {
      expect([mean?.[i], std?.[i], variance?.[i], range?.[i], mad?.[i]]).toEqual([
        level,
        0,
        0,
        0,
        0,
      ]);
      expect([sum?.[i], slope?.[i]]).toEqual([20 * level, 0]);
    }
  });

  it("has no skew, kurtosis, zscore or correlation", () => {
    const xs = [...before, ...new Array<number>(60).fill(0.1)];
    const names = ["skew", "kurtosis", "zscore", "corr"] as const;
    const features = run(
      names.map((name) => spec(name, duration(20_000))),
      seconds(xs.length),
      [xs, xs],
    );
    for (const feature of features) expect(feature.slice(125).every(Number.isNaN)).toBe(true);
  });

  it("has an exact mean after a gap, too", () => {
    const xs = [
      ...before,
      ...new Array<number>(30).fill(Number.NaN),
      ...new Array<number>(30).fill(0.7),
    ];
    const [mean, std] = run([spec("mean", rows(8)), spec("std", rows(8))], seconds(xs.length), [
      xs,
    ]);
    expect(mean?.slice(110, 130).every(Number.isNaN)).toBe(true);
    expect(mean?.slice(137)).toEqual(new Array(23).fill(0.7));
    expect(std?.slice(137)).toEqual(new Array(23).fill(0));
  });
});
