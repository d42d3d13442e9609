import { describe, expect, it } from "vitest";
import { UsualBand, usualReach } from "../../../src/backtest/thinning/usual-band.ts";
import { WindowMemories } from "../../../src/core/sorted-window/window-memory.ts";
import { Random } from "../../support/random.ts";
import { detectorPlan, planOf } from "../support.ts";

const ALWAYS = Number.POSITIVE_INFINITY;

describe("UsualBand", () => {
  it("is close to the exact quantiles of the newest values", () => {
    const random = new Random(3);
    const values = Float64Array.from({ length: 20_000 }, (_, i) => random.normal() + i / 2000);
    const band = new UsualBand({ readings: 5000, until: ALWAYS }, new WindowMemories());
    for (let row = 0; row < values.length; row++) band.add(values, row);
    const newest = values.slice(-5000).sort();
    const rank = (value: number) => newest.findIndex((one) => one >= value) / newest.length;
    expect(rank(band.low)).toBeCloseTo(0.05, 1);
    expect(Math.abs(rank(band.low) - 0.05)).toBeLessThan(0.03);
    expect(Math.abs(rank(band.high) - 0.95)).toBeLessThan(0.03);
  });

  it("is exact while all values fit", () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i);
    const band = new UsualBand({ readings: 101, until: ALWAYS }, new WindowMemories());
    for (let row = 0; row < values.length; row++) band.add(values, row);
    expect([band.low, band.high]).toEqual([5, 95]);
  });

  it("stops learning at its end, and has no range before enough values", () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => i);
    const band = new UsualBand({ readings: 100, until: 100 }, new WindowMemories());
    expect(band.low).toBeNaN();
    for (let row = 0; row < 100; row++) band.add(values, row);
    const before = [band.low, band.high];
    for (let row = 100; row < 400; row++) band.add(values, row);
    expect([band.low, band.high]).toEqual(before);
  });

  it("ignores missing values", () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 7 : Number.NaN));
    const band = new UsualBand({ readings: 200, until: ALWAYS }, new WindowMemories());
    for (let row = 0; row < values.length; row++) band.add(values, row);
    expect([band.low, band.high]).toEqual([7, 7]);
  });
});

describe("usualReach", () => {
  it("follows the first detector that learns", () => {
    expect(usualReach(planOf([detectorPlan("a", { window: 700 })]))).toEqual({
      readings: 700,
      until: ALWAYS,
    });
    const frozen = detectorPlan("a", { frozen: true, warmupPeriod: 400 });
    expect(usualReach(planOf([frozen]))).toEqual({ readings: 400, until: 400 });
    expect(usualReach(planOf([])).readings).toBeGreaterThan(0);
  });
});
