import { describe, expect, it } from "vitest";
import { type AlarmRate, alarmRates, noiseCases } from "../support/alarm-rates.ts";

/** The long version, with all rows and more runs, is `npm run bench:alarm-rates`. */
describe.each(noiseCases)("on clean noise ($name)", (noise) => {
  const at = (rates: AlarmRate[], contamination: number): number =>
    rates.find((rate) => rate.contamination === contamination)?.ratio ?? Number.NaN;

  it("alarms about as often as configured, directly after the warm-up", () => {
    const { warmupPeriod } = noise;
    const span = { runs: 60, from: warmupPeriod, to: 2 * warmupPeriod, seed: 7 };
    const rates = alarmRates(noise, span);
    for (const contamination of [0.05, 0.01]) {
      expect(at(rates, contamination)).toBeGreaterThan(0.5);
      expect(at(rates, contamination)).toBeLessThan(2);
    }
  });

  it("alarms as often as configured in the long run", () => {
    const rates = alarmRates(noise, { runs: 4, from: 5000, to: 20_000, seed: 8 });
    for (const contamination of [0.05, 0.01]) {
      expect(at(rates, contamination)).toBeGreaterThan(0.75);
      expect(at(rates, contamination)).toBeLessThan(1.3);
    }
  });
});
