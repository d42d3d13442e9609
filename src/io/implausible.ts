import type { Batch } from "../core/batch.ts";
import { describeImplausible, findImplausible, type PlausibleRange } from "../core/plausibility.ts";

/** An implausible value; the rest of its row is used. */
export interface ImplausibleCell {
  /** The name of the input that the user gave. */
  readonly input: string;
  /** 1-based data row of the input, including rejected rows. */
  readonly row: number;
  readonly column: string;
  readonly value: number;
  readonly reason: "implausible";
  /** The full reason. */
  readonly detail: string;
}

/** Passes batches on and reports their implausible values. */
export async function* reportImplausible(
  batches: AsyncIterable<Batch>,
  ranges: readonly PlausibleRange[],
  inputs: readonly string[],
  report: (cell: ImplausibleCell) => void,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    reportImplausibleCells(batch, ranges, inputs[batch.source] ?? "", report);
    yield batch;
  }
}

/**
 * Reports the implausible values of a batch.
 *
 * @param input Name of the input of the batch.
 * @param report Called for each value, by range, then row, with the index of the row within the batch.
 */
export function reportImplausibleCells(
  batch: Batch,
  ranges: readonly PlausibleRange[],
  input: string,
  report: (cell: ImplausibleCell, at: number) => void,
): void {
  findImplausible(batch.columns, batch.length, ranges, (at, range, value) => {
    const { name: column } = range;
    const detail = `${column}: ${describeImplausible(range, value)}`;
    const row = batch.rows[at] as number;
    report({ input, row, column, value, reason: "implausible", detail }, at);
  });
}
