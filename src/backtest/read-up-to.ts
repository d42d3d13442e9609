import { type Batch, batchView, firstAfter, pieces, type SequencedBatch } from "../core/batch.ts";
import { Intake } from "../engine/intake.ts";

/**
 * Passes batches on until `limit` rows have passed. Reads no further batch after that.
 *
 * @param limit Rows, >= 0.
 */
export async function* readMost(
  batches: AsyncIterable<Batch>,
  limit: number,
): AsyncGenerator<Batch> {
  let left = limit;
  for await (const batch of batches) {
    yield batch.length <= left ? batch : batchView(batch, 0, left);
    left -= batch.length;
    if (left <= 0) return;
  }
}

/** Rows that an intake accepted, in pieces without breaks. */
export interface AcceptedRows {
  readonly pieces: readonly SequencedBatch[];
  /** Whether a row is later than the end. */
  readonly isPast: boolean;
}

/**
 * Takes a batch through an intake, up to the first row at which the watermark is after `to`. The time of a single
 * reading does not count, since it may be wrong.
 *
 * @param to Event time, ms since epoch.
 */
export function acceptUpTo(intake: Intake, batch: Batch, to: number): AcceptedRows {
  const taken: SequencedBatch[] = [];
  for (let from = 0; from < batch.length; ) {
    const end = partEnd(batch, from, to);
    const part = from === 0 && end === batch.length ? batch : batchView(batch, from, end);
    if (!takePieces(pieces(intake.accept(part)), to, taken)) return { pieces: taken, isPast: true };
    from = end;
  }
  return { pieces: taken, isPast: false };
}

/** Rows up to the first one at which the watermark is after `to`, ms, in pieces without breaks. */
export function cutAfter(rows: SequencedBatch, to: number): AcceptedRows {
  const taken: SequencedBatch[] = [];
  return { pieces: taken, isPast: !takePieces(pieces(rows), to, taken) };
}

/** @returns Whether all rows are up to `to`. */
function takePieces(
  accepted: readonly SequencedBatch[],
  to: number,
  taken: SequencedBatch[],
): boolean {
  for (const piece of accepted) {
    const past = firstAfter(piece, to + piece.offset);
    if (past > 0) taken.push(past === piece.length ? piece : { ...piece, length: past });
    if (past < piece.length) return false;
  }
  return true;
}

/** Rows that may be the last one are taken one by one, so that no row after it changes the intake. */
function partEnd({ length, timestamps }: Batch, from: number, to: number): number {
  let end = from;
  while (end < length && (timestamps[end] as number) <= to) end += 1;
  return Math.max(end, from + 1);
}

/**
 * Passes batches on up to the first row at which the watermark is after `to`, or until `limit` rows have passed.
 *
 * @param to Event time, ms since epoch.
 */
export async function* readUpTo(
  batches: AsyncIterable<Batch>,
  to: number,
  limit: number,
): AsyncGenerator<Batch> {
  const intake = new Intake({ outOfOrder: "process" });
  for await (const batch of readMost(batches, limit)) {
    const last = to === Number.POSITIVE_INFINITY ? batch.length : rowsUpTo(intake, batch, to);
    yield last === batch.length ? batch : batchView(batch, 0, last);
    if (last < batch.length) return;
  }
}

/** Rows of the batch before the watermark is after `to`. */
function rowsUpTo(intake: Intake, batch: Batch, to: number): number {
  for (let from = 0; from < batch.length; ) {
    const end = partEnd(batch, from, to);
    intake.accept(timesOf(batch, from, end));
    if (intake.watermark > to) return from;
    from = end;
  }
  return batch.length;
}

/** Rows of a batch without their values, as a copy: an intake may move rows. */
export function timesOf(batch: Batch, from: number, to: number): Batch {
  const { length, timestamps, keys, rows, source } = batchView(batch, from, to);
  return {
    ...{ length, source, columns: [], labels: [], texts: [] },
    ...{ timestamps: timestamps.slice(), keys: keys.slice(), rows: rows.slice() },
  };
}
