import { momentsFunction } from "../kinds/moments-function.ts";

/** Skewness m3 / m2^1.5 with moments over n (biased), as in Polars; missing for equal values. */
export const skew = momentsFunction({
  summary: "skewness m₃ / m₂^1.5, moments over n (biased); 0 when symmetric",
  unit: null,
  leastSamples: 2,
  higher: true,
  value: (moments) => {
    const variance = moments.deviation2 / moments.count;
    return moments.deviation3 / moments.count / (variance * Math.sqrt(variance));
  },
});
