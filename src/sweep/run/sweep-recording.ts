import { acceptUpTo, cutAfter, readMost } from "../../backtest/read-up-to.ts";
import { type Batch, firstAtLeast, type SequencedBatch, sequencedView } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import { Intake } from "../../engine/intake.ts";
import type { OutOfOrderPolicy } from "../../engine/row-sequencer.ts";
import type { TimeNotice, TimeSettings } from "../../engine/time/time-notice.ts";

/** A recording in shared memory, read by all threads of a sweep. */
export interface SweepRecording {
  /** Names of the sensors, by key code. */
  readonly keys: readonly string[];
  readonly batches: readonly SequencedBatch[];
  /** Whether the batches have a label column; they have one at most. */
  readonly labelled: boolean;
  /** Event time of the first reported readings, ms. */
  readonly from: number;
  /** Event time of the first held-out reading, ms; Infinity: none. */
  readonly heldFrom: number;
  /** Number of batches before `heldFrom`. */
  readonly tuneBatches: number;
  readonly outOfOrder: number;
}

/** Which part of a recording is used, and how it is divided. */
export interface SweepSpan {
  readonly outOfOrder: OutOfOrderPolicy;
  readonly ranges: readonly PlausibleRange[];
  /** Furthest believed jump ahead, ms; null: by the interval of each sensor. */
  readonly time: TimeSettings;
  /** As in `Intake`. */
  readonly join: boolean;
  /** Takes what is found about the times of readings. */
  readonly onTimes: (notices: readonly TimeNotice[]) => void;
  /** Index into `Batch.labels`; null: no labels. */
  readonly label: number | null;
  /** Event times, ms; readings before `from` only warm the models. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Share of the reported readings to hold out, taken from the end; 0: none. */
  readonly holdout: number;
}

/**
 * Reads a recording into shared memory: 8 bytes per number, and 44 per reading. Splits the batch where
 * the held-out readings begin.
 *
 * @throws {IotmonError} `ERR_DATA` when a part has no readings.
 */
export async function readSweepRecording(
  batches: AsyncIterable<Batch>,
  keys: KeyTable,
  { outOfOrder, ranges, time, join, label, from, to, limit, holdout, onTimes }: SweepSpan,
): Promise<SweepRecording> {
  const intake = new Intake({ outOfOrder, ranges, join, ...time });
  const all: SequencedBatch[] = [];
  let isPast = false;
  for await (const batch of readMost(batches, limit)) {
    const accepted = acceptUpTo(intake, batch, to);
    onTimes(intake.takeNotices());
    for (const rows of accepted.pieces) all.push(shared(rows, label));
    isPast = accepted.isPast;
    if (isPast) break;
  }
  const waited = isPast ? null : intake.flush();
  if (waited !== null) {
    for (const rows of cutAfter(waited, to).pieces) all.push(shared(rows, label));
  }
  intake.end();
  onTimes(intake.takeNotices());
  const heldFrom = holdout === 0 ? Number.POSITIVE_INFINITY : heldOutFrom(all, from, holdout);
  const cut = all.flatMap((batch) => {
    const at = firstAtLeast(batch, heldFrom + batch.offset);
    return [sequencedView(batch, 0, at), sequencedView(batch, at, batch.length)].filter(
      ({ length }) => length > 0,
    );
  });
  const tuneBatches = cut.filter((batch) => watermarkAt(batch, 0) < heldFrom).length;
  if (tuneBatches === 0 || (holdout > 0 && tuneBatches === cut.length)) {
    throw new IotmonError("ERR_DATA", "the recording has too few readings for a sweep", {
      hint:
        holdout > 0 ? "Use a longer recording, or --holdout 0" : "Check --from, --to and --limit",
    });
  }
  return {
    keys: [...keys.names],
    batches: cut,
    labelled: label !== null,
    from,
    heldFrom,
    tuneBatches,
    outOfOrder: intake.outOfOrder,
  };
}

/** The watermark at which the last `share` of the reported readings begins. */
function heldOutFrom(batches: readonly SequencedBatch[], from: number, share: number): number {
  const starts = batches.map((batch) => firstAtLeast(batch, from + batch.offset));
  const reported = batches.map(({ length }, b) => length - (starts[b] as number));
  let before = Math.floor((1 - share) * reported.reduce((sum, rows) => sum + rows, 0));
  for (const [b, batch] of batches.entries()) {
    if (before < (reported[b] as number)) return watermarkAt(batch, (starts[b] as number) + before);
    before -= reported[b] as number;
  }
  return Number.POSITIVE_INFINITY;
}

function watermarkAt(batch: SequencedBatch, row: number): number {
  return (batch.watermarks[row] as number) - batch.offset;
}

/** A copy in shared memory of the parts that engines and collectors read. */
function shared(batch: SequencedBatch, label: number | null): SequencedBatch {
  const { length } = batch;
  const floats = (from: Float64Array): Float64Array => {
    const copy = new Float64Array(new SharedArrayBuffer(8 * length));
    copy.set(from.subarray(0, length));
    return copy;
  };
  const keys = new Uint32Array(new SharedArrayBuffer(4 * length));
  keys.set(batch.keys.subarray(0, length));
  const labels = label === null ? undefined : batch.labels[label];
  return {
    length,
    timestamps: floats(batch.timestamps),
    eventTimes: floats(batch.eventTimes),
    watermarks: floats(batch.watermarks),
    sequences: floats(batch.sequences),
    keys,
    columns: batch.columns.map(floats),
    labels: labels === undefined ? [] : [floats(labels)],
    texts: [],
    rows: new Uint32Array(0),
    source: batch.source,
    offset: batch.offset,
    breaks: [],
    restarts: batch.restarts,
    carried: batch.carried,
  };
}
