import { type Batch, copyRow } from "../../../core/batch.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { DecodeContext } from "../decode-context.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";

/** Most bytes of rows that are held to sort them. */
const MAX_BYTES = 1_073_741_824;
const BYTES_PER_ROW = 24;
const BYTES_PER_CELL = 8;

/**
 * Sorts all readings of an input by time; those of the same time keep their order. Holds the whole input. O(n log n).
 *
 * @throws {IotmonError} `ERR_DATA` if it is larger than 1 GiB in memory.
 */
export async function* sortedByTime(
  batches: AsyncIterable<Batch>,
  { layout, source, dictionaries, input }: DecodeContext,
): AsyncGenerator<Batch> {
  const all: Batch[] = [];
  const width = layout.numeric.length + layout.labels.length + layout.text.length;
  let rows = 0;
  for await (const batch of batches) {
    all.push(batch);
    rows += batch.length;
    if (rows * (BYTES_PER_ROW + BYTES_PER_CELL * width) > MAX_BYTES) throw tooLarge(input);
  }
  const places = new Float64Array(rows);
  const times = new Float64Array(rows);
  const starts: number[] = [];
  let at = 0;
  for (const batch of all) {
    starts.push(at);
    times.set(batch.timestamps.subarray(0, batch.length), at);
    at += batch.length;
  }
  for (let i = 0; i < rows; i++) places[i] = i;
  places.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  for (let from = 0; from < rows; ) {
    const builder = new BatchBuilder(layout, rows - from);
    for (; from < rows && !builder.isFull; from++) {
      const place = places[from] as number;
      const index = lastUpTo(starts, place);
      const batch = all[index] as Batch;
      copyRow(batch, place - (starts[index] as number), builderBatch(builder), builder.length);
      builder.length += 1;
    }
    yield builder.build(source, dictionaries);
  }
}

/** The arrays of a builder as a batch. */
function builderBatch({ timestamps, keys, columns, labels, texts, rows }: BatchBuilder): Batch {
  return {
    ...{ length: 0, timestamps, keys, columns, labels, rows, source: 0 },
    texts: texts.map((codes) => ({ codes, values: [] })),
  };
}

/** Index of the last start that is not after a place. */
function lastUpTo(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function tooLarge(input: string): IotmonError {
  return new IotmonError(
    "ERR_DATA",
    "the input has one series after the other, and is too large to sort",
    {
      at: input,
      hint: "Sort its rows by time, or write a column for each quantity: pivot() in Flux",
    },
  );
}
