import { setTimeout as sleep } from "node:timers/promises";
import { type Batch, batchView } from "../core/batch.ts";
import { Intake } from "../engine/intake.ts";
import { timesOf } from "./read-up-to.ts";

const STEP_MS = 100; // longest wait between checks

/**
 * Delays rows so that event time passes at `speed` times clock time. Changes when rows are computed, not
 * the results. A time that is not believed delays nothing.
 *
 * @param maxJump As `Intake.maxJump`.
 * @param speed Event time per clock time; Infinity: no delay.
 * @param signal Ends the wait and the iteration.
 */
export async function* pace(
  batches: AsyncIterable<Batch>,
  { speed, maxJump }: { readonly speed: number; readonly maxJump: number | null },
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  if (speed === Number.POSITIVE_INFINITY) {
    yield* batches;
    return;
  }
  const intake = new Intake({ outOfOrder: "process", maxJump });
  let origin = Number.NaN; // clock time of the first row, minus its event time at this speed
  for await (const batch of batches) {
    const times = clockAfter(batch, intake);
    for (let from = 0; from < batch.length; ) {
      const due = (times[from] as number) / speed;
      if (Number.isNaN(origin)) origin = performance.now() - due;
      await waitUntil(due + origin, signal);
      if (signal.aborted) return;
      const to = firstNotDue(times, from, (performance.now() - origin) * speed);
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

/** The stream clock after each row, ms. */
function clockAfter(batch: Batch, intake: Intake): Float64Array {
  return Float64Array.from({ length: batch.length }, (_, row) => {
    intake.accept(timesOf(batch, row, row + 1));
    return intake.watermark + intake.offset;
  });
}

function firstNotDue(times: Float64Array, from: number, now: number): number {
  let to = from;
  while (to < times.length && (times[to] as number) <= now) to += 1;
  return to;
}
