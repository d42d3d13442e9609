import { describe, expect, it } from "vitest";
import { type AlarmRate, alarmRates, noiseCases } from "../support/alarm-rates.ts";

const FORMS = ["exact", "compact"] as const;

/** Least realised alarm rate over contamination, by contamination. */
type Least = readonly (readonly [contamination: number, least: number])[];

/**
 * The long version, with all rows and more runs, is `npm run bench:alarm-rates`. With several columns the rates are below
 * 1, and more so the smaller contamination is: two experts share the false alarms and the tail is made for recordings,
 * whose tails are heavier than those of noise (`docs/detector.md#contamination`).
 */
const ONE_COLUMN: { readonly early: Least; readonly late: Least } = {
  early: [
    [0.05, 0.5],
    [0.01, 0.5],
  ],
  late: [
    [0.05, 0.8],
    [0.01, 0.8],
    [0.001, 0.7],
  ],
};
const SEVERAL_COLUMNS: typeof ONE_COLUMN = {
  early: [
    [0.05, 0.5],
    [0.01, 0.15],
  ],
  late: [
    [0.05, 0.8],
    [0.01, 0.6],
    [0.001, 0.15],
  ],
};

describe.each(noiseCases)("on clean noise ($name)", (noise) => {
  const { early, late } = noise.columns > 1 ? SEVERAL_COLUMNS : ONE_COLUMN;
  const at = (rates: AlarmRate[], contamination: number): number =>
    rates.find((rate) => rate.contamination === contamination)?.ratio ?? Number.NaN;

  it.each(FORMS)(
    "alarms about as often as configured, directly after the warm-up, with %s references",
    (form) => {
      const { warmupPeriod } = noise;
      const span = { runs: 60, from: warmupPeriod, to: 2 * warmupPeriod, seed: 7 };
      const rates = alarmRates(noise, span, form);
      for (const [contamination, least] of early) {
        expect(at(rates, contamination)).toBeGreaterThan(least);
        expect(at(rates, contamination)).toBeLessThan(2);
      }
    },
  );

  it.each(FORMS)("alarms as often as configured in the long run, with %s references", (form) => {
    const rates = alarmRates(noise, { runs: 4, from: 5000, to: 20_000, seed: 8 }, form);
    for (const [contamination, least] of late) {
      expect(at(rates, contamination)).toBeGreaterThan(least);
      expect(at(rates, contamination)).toBeLessThan(contamination < 0.01 ? 1.5 : 1.25);
    }
  });
});
