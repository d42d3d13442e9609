import type { Series } from "../../../../page/client/types.ts";
import type { Trace } from "../types.ts";

/** Sorts a trace by time, as charts need it: a late row is not last. */
export function inTimeOrder(trace: Trace): Trace & { readonly times: readonly number[] } {
  const seconds = trace.timestamps.map((time) => Date.parse(time) / 1000);
  const order = seconds.map((_, i) => i).sort((a, b) => at(seconds, a) - at(seconds, b));
  const sorted = (series: Readonly<Record<string, Series>>) =>
    Object.fromEntries(
      Object.entries(series).map(([name, values]) => [name, order.map((i) => values[i] ?? null)]),
    );
  return {
    timestamps: order.map((i) => trace.timestamps[i] ?? ""),
    times: order.map((i) => at(seconds, i)),
    values: sorted(trace.values),
    scores: sorted(trace.scores),
  };
}

function at(numbers: readonly number[], i: number): number {
  return numbers[i] ?? 0;
}
