import pl from "nodejs-polars";
import { Random } from "../test/support/random.ts";
import { originPipeline } from "./origin-pipeline.ts";

const COLUMNS = ["temperature", "humidity", "pressure"] as const;
const BUFFER_ROWS = 10_000;
const REFERENCE_ROWS = 5000;

/**
 * The same features and detector ranks in the naive way. The buffer is a Polars frame: for each reading,
 * Polars appends a row, computes the rolling features, and ranks each among the newest 5,000. It omits
 * calibration and alerts, so it does less.
 *
 * @param readings Readings to score, on a full buffer.
 * @returns Seconds per reading.
 */
export function naivePolars(readings: number): number {
  const random = new Random(2);
  const frameOf = (rows: number): pl.DataFrame =>
    pl.DataFrame(
      Object.fromEntries(
        COLUMNS.map((name) => [name, Array.from({ length: rows }, () => random.normal())]),
      ),
    );
  let buffer = frameOf(BUFFER_ROWS);
  let total = 0;
  const start = performance.now();
  for (let i = 0; i < readings; i++) {
    buffer = buffer.vstack(frameOf(1)).tail(BUFFER_ROWS);
    total += surprise(buffer.select(...rollingFeatures()).tail(REFERENCE_ROWS));
  }
  if (!(total > 0)) throw new Error("the naive detector gave no score");
  return (performance.now() - start) / 1000 / readings;
}

function rollingFeatures(): pl.Expr[] {
  return originPipeline.features.map(({ name, column, function: fn, window }) => {
    const options = { windowSize: window };
    const values = pl.col(column);
    return (fn === "mean" ? values.rollingMean(options) : values.rollingStd(options)).alias(name);
  });
}

/** Sum over the features: minus the logarithm of the rarer tail of the newest value, nats. */
function surprise(features: pl.DataFrame): number {
  const newest = features.tail(1).row(0) as number[];
  const counts = features.select(
    ...features.columns.flatMap((name, i) => [
      pl.col(name).ltEq(newest[i]).sum().alias(`${name}_low`),
      pl.col(name).gtEq(newest[i]).sum().alias(`${name}_high`),
    ]),
  );
  const ranks = counts.row(0) as number[];
  let sum = 0;
  for (let i = 0; i < ranks.length; i += 2) {
    const tail = Math.min(ranks[i] as number, ranks[i + 1] as number);
    sum -= Math.log(tail / features.height);
  }
  return sum;
}
