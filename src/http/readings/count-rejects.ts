import type { Reject } from "../../io/decoders/decode-context.ts";
import type { RejectedLines } from "../../io/rejected-lines.ts";
import type { ReadRows } from "../../service/rows/row-object-reader.ts";
import type { BadRow } from "./results-text.ts";

/** Maximum number of characters that a reject keeps of its row. */
const MAX_TEXT = 4096;

/** A call: its items, and what became of them. */
export interface CountedCall {
  readonly items: readonly unknown[];
  /** Number of earlier rows of the call. */
  readonly offset: number;
  /** Items that are not rows, in order. */
  readonly bad: readonly BadRow[];
  /** 0-based positions of the rows among the items; undefined: all items are rows. */
  readonly places: readonly number[] | undefined;
  readonly read: ReadRows;
}

/**
 * Counts the items of a call as readings and rejects, in order. A row without any number of the pipeline, but with
 * unknown columns, is a reject too: a device that names its values differently sends such rows.
 *
 * @param atMs Clock time, ms since epoch.
 */
export function countRejects(call: CountedCall, rejected: RejectedLines, atMs: number): void {
  const { items, offset, places, read } = call;
  const errors = new Map(call.bad.map(({ index, error }) => [index, error]));
  const rows = new Map(Array.from(read.batch.rows, (number, row) => [number - 1, row]));
  let next = 0;
  for (let i = 0; i < items.length; i++) {
    const error = errors.get(i) ?? null;
    const place = places === undefined ? i : next;
    if (error === null) next += 1;
    const detail = error ?? faultOf(read, place, rows.get(place));
    rejected.line(detail === null ? null : rejectOf(items[i], offset + i + 1, detail), atMs);
    if (detail !== null && rejected.isUrgent) rejected.settle(() => null, atMs);
  }
  rejected.settle(() => null, atMs);
}

/** @param place Of the row in the command. @param row In the batch; undefined: it is not there. */
function faultOf(
  { batch, faults, ignoredColumns }: ReadRows,
  place: number,
  row: number | undefined,
): string | null {
  const fault = faults.get(place);
  if (fault !== undefined) return fault;
  if (row === undefined) return null; // it waits, or is out of order
  if (ignoredColumns.length === 0 || batch.columns.length === 0) return null;
  if (batch.columns.some((values) => !Number.isNaN(values[row]))) return null;
  return `the row has no number of the pipeline; its unknown columns: ${ignoredColumns.join(", ")}`;
}

function rejectOf(item: unknown, line: number, detail: string): Reject {
  const text = item === undefined ? "" : JSON.stringify(item).slice(0, MAX_TEXT);
  return { input: "http", line, reason: "no reading", detail, text };
}
