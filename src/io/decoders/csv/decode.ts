import type { Batch } from "../../../core/batch.ts";
import { BatchBuilder } from "../batch-builder.ts";
import type { DecodeContext } from "../decoder.ts";
import { Framer } from "./framer.ts";
import { parseRecords } from "./parse-records.ts";
import type { CsvProfile } from "./profile.ts";
import { type RecordBlock, type RecordFault, recordText } from "./record-block.ts";
import { type RowFault, RowReader } from "./row-reader.ts";

/** Bytes that are parsed at a time: csv-parse turns them into some ten times that in objects. */
const BLOCK_BYTES = 262_144;

/** Reads a CSV input; see `Decoder.decode`. Memory does not depend on the length of the input. */
export async function* decodeCsv(
  chunks: AsyncIterable<Uint8Array>,
  profile: CsvProfile,
  context: DecodeContext,
): AsyncGenerator<Batch> {
  const framer = new Framer(profile.dialect);
  const reader = new BlockReader(profile, context);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      yield* reader.read(framer.push(chunk.subarray(at, at + BLOCK_BYTES)));
    }
  }
  yield* reader.read(framer.finish());
}

/** Turns blocks into batches and counts rows across them. */
class BlockReader {
  readonly #profile: CsvProfile;
  readonly #context: DecodeContext;
  readonly #rows: RowReader;
  #headerAhead: boolean;
  #row = 0;

  constructor(profile: CsvProfile, context: DecodeContext) {
    this.#profile = profile;
    this.#context = context;
    this.#rows = new RowReader(profile, context);
    this.#headerAhead = profile.dialect.header !== null;
  }

  *read(block: RecordBlock): Generator<Batch> {
    const records = parseRecords(block, this.#profile.dialect);
    let batch: BatchBuilder | null = null;
    let fault = 0;
    for (let i = 0; i < records.length; i++) {
      fault = this.#rejectFaults(block.faults, fault, i);
      if (this.#headerAhead) {
        this.#headerAhead = false;
        continue;
      }
      this.#row += 1;
      batch ??= new BatchBuilder(this.#context.layout, records.length - i);
      const wrong = this.#rows.read(records[i] as string[], this.#row, batch);
      if (wrong === null) batch.length += 1;
      else this.#rejectRow(block, i, wrong);
      if (batch.isFull) {
        yield this.#build(batch);
        batch = null;
      }
    }
    this.#rejectFaults(block.faults, fault, records.length);
    if (batch !== null && batch.length > 0) yield this.#build(batch);
  }

  #build(batch: BatchBuilder): Batch {
    return batch.build(this.#context.source, this.#context.dictionaries);
  }

  /** Rejects the faults from number `from` on that come before clean record `record`. */
  #rejectFaults(faults: readonly RecordFault[], from: number, record: number): number {
    let at = from;
    for (; at < faults.length; at++) {
      const { before, line, reason, detail, text } = faults[at] as RecordFault;
      if (before > record) break;
      if (!this.#headerAhead) this.#row += 1;
      this.#context.reject({ input: this.#context.input, line, reason, detail, text });
    }
    return at;
  }

  #rejectRow({ bytes, ends, lines }: RecordBlock, i: number, { reason, detail }: RowFault): void {
    const record = bytes.subarray(ends[i - 1] ?? 0, ends[i]);
    this.#context.reject({
      input: this.#context.input,
      line: lines[i] ?? 0,
      reason,
      detail,
      text: recordText(record, this.#profile.dialect.encoding),
    });
  }
}
