import { describe, expect, it } from "vitest";
import {
  createScoreColumns,
  type Detector,
  isScored,
} from "../../../../src/core/detectors/detector.ts";
import {
  RateOfChange,
  rateOfChangeRule,
} from "../../../../src/core/detectors/rules/rate-of-change.ts";
import { Silent } from "../../../../src/core/detectors/rules/silent.ts";
import { Stuck } from "../../../../src/core/detectors/rules/stuck.ts";

const MINUTE = 60_000;
const none = Number.NaN;

/** Verdicts on [minute, value]: "." normal, "!" anomalous, "?" not scored. */
function verdicts(detector: Detector, readings: readonly (readonly [number, number])[]): string {
  const times = Float64Array.from(readings, ([minute]) => minute * MINUTE);
  const inputs = [Float64Array.from(readings, ([, value]) => value)];
  const out = createScoreColumns(readings.length);
  return readings
    .map((_, i) => {
      detector.observe(inputs, i, out, times);
      if (!isScored(out, i)) return "?";
      return out.isAnomaly[i] === 1 ? "!" : ".";
    })
    .join("");
}

const eachMinute = (values: readonly number[]) => values.map((value, i) => [i, value] as const);

describe("Stuck", () => {
  const stuck = (tolerance = 0): Stuck =>
    new Stuck({ algorithm: "stuck", column: "t", afterMs: 3 * MINUTE, tolerance });

  it("alarms at the first reading after the full time without a change", () => {
    expect(verdicts(stuck(), eachMinute([1, 2, 2, 2, 2, 2, 3, 3]))).toBe("....!!..");
  });

  it("counts time, not readings", () => {
    const readings = [
      [0, 7],
      [2.99, 7],
      [3, 7],
    ] as const;
    expect(verdicts(stuck(), readings)).toBe("..!");
  });

  it("neither ends nor confirms a constant stretch with a missing value", () => {
    expect(verdicts(stuck(), eachMinute([2, 2, none, none, none, 2, none, 3]))).toBe("..???!?.");
  });

  it("needs three values: two may be equal before and after a gap", () => {
    const readings = [
      [0, 7],
      [60, 7],
      [61, 8],
      [62, 8],
      [120, 8],
    ] as const;
    expect(verdicts(stuck(), readings)).toBe("....!");
  });

  it("treats values within the tolerance as unchanged, but not a slow drift", () => {
    const noise = eachMinute([1, 1.1, 1, 1.1, 1, 1.1]);
    expect(verdicts(stuck(0.1), noise)).toBe("...!!!");
    const drift = eachMinute([1, 1.04, 1.08, 1.12, 1.16, 1.2, 1.24]);
    expect(verdicts(stuck(0.1), drift)).toBe(".......");
  });

  it("counts from the first value within the tolerance, not from the one that ended the last stretch", () => {
    expect(verdicts(stuck(1), eachMinute([0, 0.9, 1.8, 1.2, 1.5, 0.9]))).toBe("....!!");
  });

  it("explains which value did not change, and for how long", () => {
    const columns = [Float64Array.of(21.3)];
    expect(stuck().explain(columns, 0).rule).toBe("t unchanged for 3m");
    expect(stuck(0.2).explain(columns, 0).rule).toBe("t changed by at most 0.2 for 3m");
  });
});

describe("RateOfChange", () => {
  const limits = { algorithm: "rate_of_change", column: "t", perMs: MINUTE } as const;
  const rate = (maxRise: number, maxFall: number): RateOfChange =>
    new RateOfChange({ ...limits, maxRise, maxFall });

  it("compares each change, scaled to its unit of time, with limits up and down", () => {
    const readings = [
      [0, 10],
      [1, 15],
      [1.5, 18],
      [2.5, 15],
      [4.5, 8],
    ] as const;
    expect(verdicts(rate(5, 3), readings)).toBe("?.!.!");
    expect(verdicts(rate(5, Number.POSITIVE_INFINITY), readings)).toBe("?.!..");
  });

  it("ignores a missing value and a value with the same time", () => {
    const readings = [
      [0, 10],
      [1, none],
      [1, 10],
      [1, 99],
      [2, 10],
    ] as const;
    expect(verdicts(rate(5, 5), readings)).toBe("??.?.");
  });

  it("explains which limit was exceeded, and by how much", () => {
    const detector = rate(5, 3);
    verdicts(detector, eachMinute([10, 16.25]));
    expect(detector.explain([Float64Array.of(16.25)], 0).rule).toBe(
      "t rises 6.25 per 1m, more than 5",
    );
    verdicts(detector, [[2, 0]]);
    expect(detector.explain([Float64Array.of(0)], 0).rule).toBe(
      "t falls 16.25 per 1m, more than 3",
    );
  });

  it.each([
    [5, 5, "t changes more than 5 per 1m"],
    [5, 3, "t rises more than 5 or falls more than 3 per 1m"],
    [Number.POSITIVE_INFINITY, 3, "t falls more than 3 per 1m"],
  ])("describes its limits %d and %d in words", (maxRise, maxFall, words) => {
    expect(rateOfChangeRule({ ...limits, maxRise, maxFall })).toBe(words);
  });
});

describe("Silent", () => {
  it("misses a key once, the given time after its newest reading", () => {
    const silent = new Silent({ algorithm: "silent", afterMs: 90_000 }, 2);
    expect(silent.deadline).toBeNaN();
    silent.see([Float64Array.of(1, 2), Float64Array.of(3, 4)], 1, 1000);
    expect([silent.deadline, silent.absent]).toEqual([91_000, false]);
    silent.miss();
    expect([silent.deadline, silent.absent]).toEqual([none, true]);
    expect([...silent.lastReading]).toEqual([2, 4]);
    expect(silent.explain().rule).toBe("no reading for 90s, since 1970-01-01T00:00:01.000Z");
    silent.see([Float64Array.of(5), Float64Array.of(6)], 0, 200_000);
    expect([silent.deadline, silent.absent, silent.observationsSeen]).toEqual([290_000, false, 2]);
  });
});
