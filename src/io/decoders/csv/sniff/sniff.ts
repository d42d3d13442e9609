import { isUtf8 } from "node:buffer";
import { cleanCell } from "../../rows/cell.ts";
import { repeatsHeader } from "../../rows/row-reader.ts";
import { BlankRuns } from "../bytes/blank-runs.ts";
import type { CsvDialect } from "../dialect.ts";
import { withoutComments } from "../lines/side-lines.ts";
import { Framer, type Framing } from "../records/framer.ts";
import { firstRecords, type RecordBlock } from "../records/record-block.ts";
import { sampleRecords } from "../records/sample-records.ts";
import { BLANK, DELIMITERS, findDelimiter } from "./delimiter.ts";
import { isHeader, isValue } from "./header.ts";
import { findPreamble } from "./preamble.ts";

/** The start of an input, cut into cells. */
export interface Sample {
  readonly dialect: CsvDialect;
  /** Cells of the sampled readings, without headers. */
  readonly rows: readonly (readonly string[])[];
  /** Units below the header, one per cell; null or undefined: none. */
  readonly units?: readonly string[] | null | undefined;
}

const LF = 10;
const CR = 13;
const COMMA = 44;
const DOT = 46;

/** Most readings of a sample. */
export const MAX_SAMPLE_ROWS = 5000;
/** Lines, and bytes, in which readings must begin. */
const PREAMBLE_LINES = 200;
const PREAMBLE_BYTES = 65_536;
/** Share of the records of a table with the same number of cells: a few may be broken. */
const MIN_ALIKE = 0.5;

/** Of a table with blanks between its columns: examined rows, and shares of values and of records. */
const BLANK_ROWS = 50;
const MIN_VALUES = 0.5;
const MIN_RECORDS = 0.8;

/** Bytes per step, until there are enough records. */
const PIECE_BYTES = 65_536;

/**
 * Detects the dialect of a CSV input.
 *
 * @param head First bytes of the input.
 * @param complete Whether these are all bytes.
 * @param setMark The decimal mark that the settings give.
 * @returns Null without a record.
 */
export function sniff(
  head: Uint8Array,
  complete: boolean,
  setMark: "." | "," | undefined = undefined,
): Sample | null {
  const sample = sniffWith(head, complete, setMark, DELIMITERS);
  if (sample !== null && sample.dialect.cells > 1) return sample;
  return sniffBlanks(head, complete, setMark) ?? sample;
}

/** The sample of a table with blanks between its columns, under a header; null: it is none. */
function sniffBlanks(
  head: Uint8Array,
  complete: boolean,
  setMark: "." | "," | undefined,
): Sample | null {
  const sample = sniffWith(new BlankRuns().push(head), complete, setMark, [BLANK]);
  if (sample === null || sample.dialect.header === null || sample.dialect.cells < 2) return null;
  const { rows } = sample;
  const lines = head.reduce((sum, byte) => (byte === sample.dialect.newline ? sum + 1 : sum), 0);
  const cells = rows.slice(0, BLANK_ROWS).flat();
  const areValues = cells.filter(isValue).length >= cells.length * MIN_VALUES;
  const isTable = rows.length > 1 && rows.length >= Math.min(lines, MAX_SAMPLE_ROWS) * MIN_RECORDS;
  return areValues && isTable ? sample : null;
}

function sniffWith(
  head: Uint8Array,
  complete: boolean,
  setMark: "." | "," | undefined,
  delimiters: readonly number[],
): Sample | null {
  const newline = head.includes(LF) || !head.includes(CR) ? LF : CR;
  const found = findDelimiter(
    head,
    newline,
    (framing, records) => frame(head, complete, framing, records),
    delimiters,
  );
  if (found === null) return null;
  const below = belowPreamble(head, complete, newline, setMark, delimiters);
  if (below !== null) return below;
  const { delimiter } = found;
  const { firstCells, cells } = found.shape;
  const framing = { delimiter, newline, firstCells, cells };
  const sample = readSample(head, complete, framing, setMark);
  // without a header, a short first record is not a header by R, but incomplete
  return sample?.dialect.header === null && firstCells < cells
    ? readSample(head, complete, { ...framing, firstCells: cells }, setMark)
    : sample;
}

function readSample(
  head: Uint8Array,
  complete: boolean,
  framing: Omit<CsvDialect, "encoding" | "decimalMark" | "header" | "preamble">,
  setMark: "." | "," | undefined,
): Sample | null {
  const encoding = sniffEncoding(frame(head, complete, { ...framing, encoding: "latin1" }, 1));
  const sampled = frame(head, complete, { ...framing, encoding }, MAX_SAMPLE_ROWS);
  const records = sampleRecords(sampled, { ...framing, encoding });
  const [first, ...rest] = records;
  if (first === undefined) return null;
  const names = first.length < framing.cells ? ["", ...first] : first;
  const header = isHeader(names, rest) ? names : null;
  const rows = withoutComments(header === null ? records : withoutHeaders(rest, header));
  const decimalMark = setMark?.charCodeAt(0) ?? sniffDecimalMark(rows, framing.delimiter);
  return { dialect: { ...framing, encoding, decimalMark, header, preamble: 0 }, rows };
}

/** The sample below title lines, settings, `sep=,`, units and the like; null: nothing of that is there. */
function belowPreamble(
  head: Uint8Array,
  complete: boolean,
  newline: number,
  setMark: "." | "," | undefined,
  delimiters: readonly number[],
): Sample | null {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, PREAMBLE_BYTES));
  const lines = start.toString("latin1").split(newline === LF ? /\r?\n/ : "\r", PREAMBLE_LINES + 1);
  if (!complete || lines.length > PREAMBLE_LINES) lines.pop();
  const [, set] = /^(?:\u00ef\u00bb\u00bf)?"?sep=(.)"?$/i.exec(lines[0]?.trim() ?? "") ?? [];
  // the lower half has no preamble
  const lower = Buffer.from(`${lines.slice(Math.floor(lines.length / 2)).join("\n")}\n`, "latin1");
  const found = findDelimiter(
    lower,
    LF,
    (framing, records) => frame(lower, true, framing, records),
    delimiters,
  );
  if (found === null || found.shape.share < MIN_ALIKE) return null;
  const delimiter = set?.charCodeAt(0) ?? found.delimiter;
  const { cells } = found.shape;
  const preamble = findPreamble(lines, delimiter, cells);
  if (preamble === null) return null;
  const rest = head.subarray(positionAfter(head, newline, preamble.lines));
  const sample = readSample(
    rest,
    complete,
    { delimiter, newline, firstCells: cells, cells },
    setMark,
  );
  if (sample === null) return null;
  const { encoding } = sample.dialect;
  const decoded = (names: readonly string[]) =>
    names.map((name) => Buffer.from(name, "latin1").toString(encoding));
  const header = preamble.header === null ? null : decoded(preamble.header);
  const dialect = { ...sample.dialect, header, preamble: preamble.lines };
  return {
    dialect,
    rows: sample.rows,
    units: preamble.units === null ? null : decoded(preamble.units),
  };
}

/** Position after a number of lines. */
function positionAfter(bytes: Uint8Array, newline: number, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = bytes.indexOf(newline, at);
    if (end < 0) return bytes.length;
    at = end + 1;
  }
  return at;
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

/** Among commas, only quoted cells have one: `"21,5"` shows a decimal mark, `"1,480"` does not. */
function sniffDecimalMark(rows: readonly (readonly string[])[], delimiter: number): number {
  const comma =
    delimiter === COMMA ? /^[-+]?\d*,(?:\d{1,2}|\d{4,})$/ : /^[-+]?\d*,\d+(e[-+]?\d+)?$/i;
  let commas = 0;
  let dots = 0;
  for (const row of rows) {
    for (const cell of row) {
      const text = cleanCell(cell);
      if (comma.test(text)) commas += 1;
      else if (/^[-+]?\d*\.\d+(e[-+]?\d+)?$/i.test(text)) dots += 1;
    }
  }
  return commas > dots ? COMMA : DOT;
}
