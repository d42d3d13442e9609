import { createReadStream } from "node:fs";
import type { Batch } from "../core/batch.ts";
import { KeyTable } from "../core/key-table.ts";
import type { Layout } from "../core/layout.ts";
import type { DecodeContext, DecodeOptions } from "./decoders/decode-context.ts";
import { decoderOf } from "./decoders/registry.ts";
import { TextDictionary } from "./decoders/rows/text-dictionary.ts";
import { openRecording } from "./recording.ts";
import { Input } from "./sources/inputs/input.ts";

/** The first and last time of the readings of an input, ms since the epoch. */
export interface InputSpan {
  readonly from: number;
  readonly to: number;
}

/** Bytes at the start and at the end of a file that are read. */
const END_BYTES = 1_048_576;

/**
 * The span of time of a file, from its first and its last megabyte. Leaves `input` as it is.
 *
 * @param format As for `openRecording`.
 * @returns Null if it is not known: a pipe, a large file that is compressed, or no readings.
 * @throws {IotmonError} As `openRecording`.
 */
export async function spanOf(
  { path, label, stem, size }: Input,
  format: string,
  options: DecodeOptions,
  layout: Layout,
): Promise<InputSpan | null> {
  if (path === null || size === null) return null;
  const open = (start: number): Input =>
    new Input({ label, stem, size, path, open: () => createReadStream(path, { start }) });
  const context = quietContext(layout, label);
  const { profile, decode } = await openRecording(open(0), format, options);
  const isWhole = size <= END_BYTES;
  const start = await spanOfBatches(decode(context), isWhole ? Number.POSITIVE_INFINITY : 1);
  if (isWhole || start === null) return start;
  const decoder = decoderOf(profile.format);
  if ("open" in decoder) return null;
  const tail = open(size - END_BYTES).read();
  const end = await spanOfBatches(
    decoder.decode(tail, profile as never, context),
    Number.POSITIVE_INFINITY,
  );
  return end === null
    ? null
    : { from: Math.min(start.from, end.from), to: Math.max(start.to, end.to) };
}

/** @param most Batches that are read. */
async function spanOfBatches(
  batches: AsyncGenerator<Batch>,
  most: number,
): Promise<InputSpan | null> {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let count = 0;
  for await (const { timestamps, length } of batches) {
    for (let row = 0; row < length; row++) {
      from = Math.min(from, timestamps[row] as number);
      to = Math.max(to, timestamps[row] as number);
    }
    count += 1;
    if (count === most) break;
  }
  return from <= to ? { from, to } : null;
}

/** Rows go nowhere, and so do rejects. */
function quietContext(layout: Layout, input: string): DecodeContext {
  return {
    ...{ layout, input, startMs: 0, source: 0, reject: () => {} },
    keys: new KeyTable(1),
    dictionaries: layout.text.map(() => new TextDictionary()),
  };
}
