import { describe, expect, it } from "vitest";
import { type AlarmRate, alarmRates, noiseCases } from "../support/alarm-rates.ts";

const FORMS = ["exact", "compact"] as const;

/**
 * The long version, with all rows and more runs, is `npm run bench:alarm-rates`. With several columns the rates are below 1:
 * the tail is made for recordings, whose tails are heavier than those of noise (`docs/detector-spec.md`, section 10).
 */
describe.each(noiseCases)("on clean noise ($name)", (noise) => {
  const at = (rates: AlarmRate[], contamination: number): number =>
    rates.find((rate) => rate.contamination === contamination)?.ratio ?? Number.NaN;

  it.each(FORMS)(
    "alarms about as often as configured, directly after the warm-up, with %s references",
    (form) => {
      const { warmupPeriod } = noise;
      const span = { runs: 60, from: warmupPeriod, to: 2 * warmupPeriod, seed: 7 };
      const rates = alarmRates(noise, span, form);
      for (const contamination of [0.05, 0.01]) {
        expect(at(rates, contamination)).toBeGreaterThan(noise.columns > 1 ? 0.2 : 0.5);
        expect(at(rates, contamination)).toBeLessThan(2);
      }
    },
  );

  it.each(FORMS)("alarms as often as configured in the long run, with %s references", (form) => {
    const rates = alarmRates(noise, { runs: 4, from: 5000, to: 20_000, seed: 8 }, form);
    for (const contamination of [0.05, 0.01]) {
      expect(at(rates, contamination)).toBeGreaterThan(noise.columns > 1 ? 0.6 : 0.8);
      expect(at(rates, contamination)).toBeLessThan(1.25);
    }
  });
});
