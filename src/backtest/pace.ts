import { setTimeout as sleep } from "node:timers/promises";
import { type Batch, batchView } from "../core/batch.ts";

const STEP_MS = 100; // longest wait between checks

/**
 * Delays rows so that event time passes at `speed` times clock time. Changes when rows are computed, not
 * the results.
 *
 * @param speed Event time per clock time; Infinity: no delay.
 * @param signal Ends the wait and the iteration.
 */
export async function* pace(
  batches: AsyncIterable<Batch>,
  speed: number,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  if (speed === Number.POSITIVE_INFINITY) {
    yield* batches;
    return;
  }
  let origin = Number.NaN; // clock time of the first row, minus its event time at this speed
  for await (const batch of batches) {
    for (let from = 0; from < batch.length; ) {
      const due = (batch.timestamps[from] as number) / speed;
      if (Number.isNaN(origin)) origin = performance.now() - due;
      await waitUntil(due + origin, signal);
      if (signal.aborted) return;
      const to = firstNotDue(batch, from, (performance.now() - origin) * speed);
      if (to > from) yield batchView(batch, from, to);
      from = to;
    }
  }
}

/** Waits until `time`, but for one step at most. */
async function waitUntil(time: number, signal: AbortSignal): Promise<void> {
  const wait = Math.min(time - performance.now(), STEP_MS);
  if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {});
}

function firstNotDue(batch: Batch, from: number, now: number): number {
  let to = from;
  while (to < batch.length && (batch.timestamps[to] as number) <= now) to += 1;
  return to;
}
