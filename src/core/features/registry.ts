/**
 * The rolling functions of pipelines. To add one, write its file in `functions/`, add its line here and
 * its definition in the tests.
 *
 * @module
 */
import { corr } from "./functions/corr.ts";
import { count } from "./functions/count.ts";
import { diff } from "./functions/diff.ts";
import { ewmMean } from "./functions/ewm-mean.ts";
import { expected } from "./functions/expected.ts";
import { kurtosis } from "./functions/kurtosis.ts";
import { lag } from "./functions/lag.ts";
import { mad } from "./functions/mad.ts";
import { max } from "./functions/max.ts";
import { mean } from "./functions/mean.ts";
import { median } from "./functions/median.ts";
import { meterRate } from "./functions/meter-rate.ts";
import { min } from "./functions/min.ts";
import { missing } from "./functions/missing.ts";
import { quantile } from "./functions/quantile.ts";
import { range } from "./functions/range.ts";
import { rate } from "./functions/rate.ts";
import { rms } from "./functions/rms.ts";
import { skew } from "./functions/skew.ts";
import { slope } from "./functions/slope.ts";
import { std } from "./functions/std.ts";
import { sum } from "./functions/sum.ts";
import { value } from "./functions/value.ts";
import { variance } from "./functions/variance.ts";
import { zscore } from "./functions/zscore.ts";
import type { RollingFunction } from "./rolling-function.ts";

/** Rolling functions by the name used in pipelines and in the HTTP API. */
export const rollingFunctions = {
  value,
  diff,
  lag,
  rate,
  meter_rate: meterRate,
  mean,
  ewm_mean: ewmMean,
  median,
  sum,
  rms,
  std,
  var: variance,
  mad,
  skew,
  kurtosis,
  min,
  max,
  range,
  quantile,
  slope,
  zscore,
  count,
  missing,
  corr,
  expected,
} as const satisfies Record<string, RollingFunction>;

/** Name of a rolling function. */
export type RollingFunctionName = keyof typeof rollingFunctions;
