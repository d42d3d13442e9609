import { parse } from "csv-parse/sync";
import type { CsvDialect } from "../dialect.ts";
import type { RecordBlock } from "./record-block.ts";

const LF = 10;

/**
 * The cells of every clean record of a block, as text, by csv-parse.
 *
 * The framer has checked the cell counts before: csv-parse makes an error object for each deviating record, even with
 * `relax_column_count`.
 *
 * @throws {Error} If csv-parse finds other records than the framer, which is a bug.
 */
export function parseRecords(
  block: RecordBlock,
  dialect: Pick<CsvDialect, "delimiter" | "newline" | "encoding">,
): readonly string[][] {
  if (block.ends.length === 0) return [];
  const records = parse(block.bytes, {
    delimiter: String.fromCharCode(dialect.delimiter),
    record_delimiter: dialect.newline === LF ? ["\r\n", "\n"] : ["\r"],
    encoding: dialect.encoding,
    relax_quotes: true,
    relax_column_count: true,
  });
  if (records.length !== block.ends.length) {
    throw new Error(`${block.ends.length} CSV records were framed, but ${records.length} parsed`);
  }
  return records;
}
