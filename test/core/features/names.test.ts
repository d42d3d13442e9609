import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { featureName, parseFeatureName } from "../../../src/core/features/names.ts";
import { duration, factsOf, functionNames, rows } from "./support.ts";

const columns = ["temperature", "Volume Flow RateRMS", "temp", "temp_mean", "a_q5"];

describe("parseFeatureName", () => {
  it.each([
    ["temperature_mean_10", "temperature", "mean", rows(10), null],
    ["temperature_std_5m", "temperature", "std", duration(300_000), null],
    ["temperature_q95_50", "temperature", "quantile", rows(50), 0.95],
    ["temperature_q99.9_4h", "temperature", "quantile", duration(14_400_000), 0.999],
    ["temperature_q0_3", "temperature", "quantile", rows(3), 0],
    ["temperature_diff", "temperature", "diff", null, null],
    ["temperature_diff_3", "temperature", "diff", rows(3), null],
    ["temperature_rate", "temperature", "rate", null, null],
    ["temperature_value", "temperature", "value", null, null],
    ["temperature_ewm_mean_20", "temperature", "ewm_mean", rows(20), null],
    ["Volume Flow RateRMS_mean_10", "Volume Flow RateRMS", "mean", rows(10), null],
    ["temp_mean_10", "temp", "mean", rows(10), null],
    ["temp_mean_mean_10", "temp_mean", "mean", rows(10), null],
    ["temp_mean_diff", "temp_mean", "diff", null, null],
    ["a_q5_q5_7", "a_q5", "quantile", rows(7), 0.05],
  ])("reads %s", (name, column, fn, window, quantile) => {
    expect(parseFeatureName(name, columns)).toEqual({ column, function: fn, window, quantile });
  });

  it.each([
    ["temperature", "is a column"],
    ["temp_mean", "is a column, though it looks like a feature"],
    ["pressure_mean_10", "has no column"],
    ["temperature_mean", "lacks its window"],
    ["temperature_mean_0", "has a window of no rows"],
    ["temperature_mean_010", "is not how 10 is written"],
    ["temperature_mean_0s", "has a window of no time"],
    ["temperature_mean_-3", "has a negative window"],
    ["temperature_mean_10_20", "has two windows"],
    ["temperature_lag_5m", "has a duration where rows are needed"],
    ["temperature_value_3", "has a window where none is taken"],
    ["temperature_quantile_50", "does not say which quantile"],
    ["temperature_q101_50", "has a quantile above 100 %"],
    ["temperature_corr_50", "lacks its second column"],
    ["temperature_nonsense_50", "has an unknown function"],
    ["temperature_", "is not finished"],
    ["", "is empty"],
  ])("does not read %s: it %s", (name) => {
    expect(parseFeatureName(name, columns)).toBeNull();
  });
});

describe("featureName", () => {
  it("builds a name that parseFeatureName splits into the same parts", () => {
    const windows = fc.oneof(
      fc.integer({ min: 1, max: 1e6 }).map(rows),
      fc.integer({ min: 1, max: 1e9 }).map(duration),
    );
    const nameable = functionNames.filter((name) => factsOf(name).columns === 1);
    fc.assert(
      fc.property(
        fc.constantFrom(...columns),
        fc.constantFrom(...nameable),
        windows,
        fc.boolean(),
        fc.integer({ min: 0, max: 1000 }),
        (column, name, window, given, permille) => {
          const facts = factsOf(name);
          fc.pre(facts.durations || window.kind === "rows");
          const optional = facts.window === "none" || (facts.window === "optional" && !given);
          const parts = {
            column,
            function: name,
            window: optional ? null : window,
            quantile: facts.quantile ? permille / 1000 : null,
          };
          expect(parseFeatureName(featureName(parts), columns)).toEqual(parts);
        },
      ),
    );
  });
});
