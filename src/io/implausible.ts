import type { Batch } from "../core/batch.ts";
import { describeImplausible, type PlausibleRange, screenColumns } from "../core/plausibility.ts";

/** A value that can't be true; the rest of its row was used. */
export interface ImplausibleCell {
  /** Name of the input as the user gave it. */
  readonly input: string;
  /** 1-based data row within the input, rejected rows counted. */
  readonly row: number;
  readonly column: string;
  readonly value: number;
  readonly reason: "implausible";
  /** The reason in full. */
  readonly detail: string;
}

/** Screens batches as they go by. Each belongs to whoever takes it, and so is changed in place. */
export async function* screenBatches(
  batches: AsyncIterable<Batch>,
  ranges: readonly PlausibleRange[],
  inputs: readonly string[],
  report: (cell: ImplausibleCell) => void,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    screenBatch(batch, ranges, inputs[batch.source] ?? "", report);
    yield batch;
  }
}

/**
 * Makes values of a batch that can't be true missing, in place.
 *
 * @param input Name of what the batch is from.
 * @param report Called for each of them, by column, then row; with its index within the batch.
 */
export function screenBatch(
  batch: Batch,
  ranges: readonly PlausibleRange[],
  input: string,
  report: (cell: ImplausibleCell, at: number) => void,
): void {
  screenColumns(batch.columns, batch.length, ranges, (at, range, value) => {
    const { name: column } = range;
    const detail = `${column}: ${describeImplausible(range, value)}`;
    const row = batch.rows[at] as number;
    report({ input, row, column, value, reason: "implausible", detail }, at);
  });
}
