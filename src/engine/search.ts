import type { SequencedBatch } from "../core/batch.ts";

/** First row of the batch whose watermark is at least `time`; `batch.length` when none is. O(log n). */
export function firstAtLeast(batch: SequencedBatch, time: number): number {
  let low = 0;
  let high = batch.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((batch.watermarks[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
