import { isUtf8 } from "node:buffer";
import { cleanCell } from "../../rows/cell.ts";
import { repeatsHeader } from "../../rows/row-reader.ts";
import type { CsvDialect } from "../dialect.ts";
import { Framer, type Framing } from "../records/framer.ts";
import { firstRecords, type RecordBlock } from "../records/record-block.ts";
import { sampleRecords } from "../records/sample-records.ts";
import { findDelimiter } from "./delimiter.ts";
import { isHeader } from "./header.ts";

/** The start of an input, cut into cells. */
export interface Sample {
  readonly dialect: CsvDialect;
  /** Cells of the sampled readings, without headers. */
  readonly rows: readonly (readonly string[])[];
}

const LF = 10;
const CR = 13;
const COMMA = 44;
const DOT = 46;

const MAX_SAMPLE_ROWS = 5000;

/** Bytes per step, until there are enough records. */
const PIECE_BYTES = 65_536;

/**
 * Detects the dialect of a CSV input.
 *
 * @param head First bytes of the input.
 * @param complete Whether these are all bytes.
 * @returns Null without a record.
 */
export function sniff(head: Uint8Array, complete: boolean): Sample | null {
  const newline = head.includes(LF) || !head.includes(CR) ? LF : CR;
  const found = findDelimiter(head, newline, (framing, records) =>
    frame(head, complete, framing, records),
  );
  if (found === null) return null;
  const { delimiter } = found;
  const { firstCells, cells } = found.shape;
  const framing = { delimiter, newline, firstCells, cells };
  const sample = readSample(head, complete, framing);
  // without a header, a short first record is not a header by R, but incomplete
  return sample?.dialect.header === null && firstCells < cells
    ? readSample(head, complete, { ...framing, firstCells: cells })
    : sample;
}

function readSample(
  head: Uint8Array,
  complete: boolean,
  framing: Omit<CsvDialect, "encoding" | "decimalMark" | "header">,
): Sample | null {
  const encoding = sniffEncoding(frame(head, complete, { ...framing, encoding: "latin1" }, 1));
  const sampled = frame(head, complete, { ...framing, encoding }, MAX_SAMPLE_ROWS);
  const records = sampleRecords(sampled, { ...framing, encoding });
  const [first, ...rest] = records;
  if (first === undefined) return null;
  const names = first.length < framing.cells ? ["", ...first] : first;
  const header = isHeader(names, rest) ? names : null;
  const rows = header === null ? records : withoutHeaders(rest, header);
  const decimalMark = framing.delimiter === COMMA ? DOT : sniffDecimalMark(rows);
  return { dialect: { ...framing, encoding, decimalMark, header }, rows };
}

/** Removes repeated headers: joined short files may have as many headers as readings. */
function withoutHeaders(
  records: readonly (readonly string[])[],
  header: readonly string[],
): readonly (readonly string[])[] {
  const names = header.map(cleanCell);
  return records.filter((record) => !repeatsHeader(record, names));
}

/** The first records, at most `most`. Reads only the bytes that it needs. */
function frame(head: Uint8Array, complete: boolean, framing: Framing, most: number): RecordBlock {
  const framer = new Framer(framing);
  let block = framer.push(head.subarray(0, PIECE_BYTES));
  for (let at = PIECE_BYTES; at < head.length && block.ends.length < most; at += PIECE_BYTES) {
    block = join(block, framer.push(head.subarray(at, at + PIECE_BYTES)));
  }
  if (complete && block.ends.length < most) block = join(block, framer.finish());
  return firstRecords(block, most);
}

function join(first: RecordBlock, second: RecordBlock): RecordBlock {
  const offset = first.bytes.length;
  return {
    bytes: Buffer.concat([first.bytes, second.bytes]),
    ends: [...first.ends, ...second.ends.map((end) => end + offset)],
    lines: [...first.lines, ...second.lines],
    faults: [...first.faults, ...second.faults],
  };
}

/** Latin-1 if the first record is text but not UTF-8, such as the degree sign of an old logger. */
function sniffEncoding(block: RecordBlock): CsvDialect["encoding"] {
  const first = block.bytes.subarray(0, block.ends[0] ?? 0);
  const binary = first.some((byte) => byte < 32 && !(byte >= 9 && byte <= CR));
  return binary || isUtf8(first) ? "utf8" : "latin1";
}

function sniffDecimalMark(rows: readonly (readonly string[])[]): number {
  let commas = 0;
  let dots = 0;
  for (const row of rows) {
    for (const cell of row) {
      const text = cleanCell(cell);
      if (/^[-+]?\d*,\d+(e[-+]?\d+)?$/i.test(text)) commas += 1;
      else if (/^[-+]?\d*\.\d+(e[-+]?\d+)?$/i.test(text)) dots += 1;
    }
  }
  return commas > dots ? COMMA : DOT;
}
