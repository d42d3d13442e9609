import { type Batch, batchView } from "../core/batch.ts";

/** The rows before the first one later than `to`, ms since epoch, and of those at most `limit`. */
export function upTo(batch: Batch, to: number, limit: number): Batch {
  const most = Math.min(batch.length, limit);
  let end = 0;
  while (end < most && (batch.timestamps[end] as number) <= to) end += 1;
  return end === batch.length ? batch : batchView(batch, 0, end);
}
