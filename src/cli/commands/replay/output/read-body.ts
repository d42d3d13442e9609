import type { ReadBody } from "../../../../backtest/result/result-body.ts";
import type { Readings } from "../../../../io/readings.ts";
import type { RejectLog } from "../../../../io/rejects.ts";

/** What was read beside the readings themselves, for results as JSON. */
export function readBody(
  { labels }: Readings,
  { total, counts, implausible }: RejectLog,
  stopped: boolean,
): ReadBody {
  return {
    inputs: labels,
    stopped,
    rejected: total,
    rejectReasons: Object.fromEntries(counts),
    implausible: Object.fromEntries(implausible),
  };
}
