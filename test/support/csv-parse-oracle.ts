import type { Batch } from "../../src/core/batch.ts";
import type { CsvProfile } from "../../src/io/decoders/csv/profile.ts";
import { Framer } from "../../src/io/decoders/csv/records/framer.ts";
import { parseRecords } from "../../src/io/decoders/csv/records/parse-records.ts";
import { type RecordBlock, recordText } from "../../src/io/decoders/csv/records/record-block.ts";
import type { DecodeContext } from "../../src/io/decoders/decode-context.ts";
import { BatchBuilder } from "../../src/io/decoders/rows/batch-builder.ts";
import { BLANK_RECORD, type RowFault, RowReader } from "../../src/io/decoders/rows/row-reader.ts";

/** Reads a whole CSV input with csv-parse for every line: the slow and obvious way. */
export function readAllByCsvParse(
  bytes: Buffer,
  { columns, dialect }: CsvProfile,
  context: DecodeContext,
): Batch[] {
  const rows = new RowReader({ columns, ...dialect }, context);
  const framer = new Framer(dialect);
  const batches: Batch[] = [];
  let headerAhead = dialect.header !== null;
  let row = 0;
  const take = (
    fault: RowFault | null,
    batch: BatchBuilder,
    { bytes, ends, lines }: RecordBlock,
    i: number,
  ): void => {
    if (fault === null) batch.length += 1;
    else if (fault === BLANK_RECORD) row -= 1;
    else {
      const text = recordText(bytes.subarray(ends[i - 1] ?? 0, ends[i]), dialect.encoding);
      context.reject({ input: context.input, line: lines[i] ?? 0, ...fault, text });
    }
  };
  const readBlock = (block: RecordBlock): void => {
    const records = parseRecords(block, dialect);
    let batch = new BatchBuilder(context.layout, records.length);
    const faults = [...block.faults];
    const rejectFaults = (before: number): void => {
      while (faults[0] !== undefined && faults[0].before <= before) {
        const { line, reason, detail, text } = faults[0];
        faults.shift();
        if (!headerAhead) row += 1;
        context.reject({ input: context.input, line, reason, detail, text });
      }
    };
    for (const [i, cells] of records.entries()) {
      rejectFaults(i);
      if (batch.isFull) {
        batches.push(batch.build(context.source, context.dictionaries));
        batch = new BatchBuilder(context.layout, records.length);
      }
      if (headerAhead) {
        headerAhead = false;
        continue;
      }
      row += 1;
      take(rows.read(cells, row, batch), batch, block, i);
    }
    rejectFaults(records.length);
    if (batch.length > 0) batches.push(batch.build(context.source, context.dictionaries));
  };
  readBlock(framer.push(bytes));
  readBlock(framer.finish());
  return batches;
}
