import { aheadText, TIME_AHEAD } from "../../time-rejects.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";

/**
 * Takes back the last row of a batch if its time is too far ahead of its arrival. Without a timestamp the two are
 * equal.
 *
 * @param arrivalMs Ms since epoch.
 * @param mostMs Furthest time ahead; Infinity: any.
 * @returns Why; null: the row stays.
 */
export function refuseAhead(
  batch: BatchBuilder,
  arrivalMs: number,
  mostMs: number,
): RowFault | null {
  const time = batch.timestamps[batch.length - 1] as number;
  if (!(time - arrivalMs > mostMs)) return null;
  batch.length -= 1;
  const detail = `${aheadText(time, arrivalMs)}, when it arrived`;
  return { reason: TIME_AHEAD, detail };
}
