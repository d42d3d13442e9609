import { type Batch, batchView } from "../core/batch.ts";

/**
 * Passes batches on until a row is later than `to`, or `limit` rows have passed. Reads no further batch
 * after that.
 *
 * @param to Event time, ms since epoch.
 */
export async function* readUpTo(
  batches: AsyncIterable<Batch>,
  to: number,
  limit: number,
): AsyncGenerator<Batch> {
  let left = limit;
  for await (const batch of batches) {
    const most = Math.min(batch.length, left);
    let end = 0;
    while (end < most && (batch.timestamps[end] as number) <= to) end += 1;
    left -= end;
    yield end === batch.length ? batch : batchView(batch, 0, end);
    if (left <= 0 || end < batch.length) return;
  }
}
