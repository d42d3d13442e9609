import { momentsFunction } from "../kinds/moments-function.ts";

/** Excess kurtosis m4 / m2^2 - 3 with moments over n (biased); missing for equal values. */
export const kurtosis = momentsFunction({
  summary: "excess kurtosis m₄ / m₂² − 3, moments over n (biased); 0 for a normal distribution",
  unit: null,
  leastSamples: 2,
  higher: true,
  value: (moments) => {
    const variance = moments.deviation2 / moments.count;
    return moments.deviation4 / moments.count / (variance * variance) - 3;
  },
});
