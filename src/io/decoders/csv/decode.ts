import { isUtf8 } from "node:buffer";
import type { Batch } from "../../../core/batch.ts";
import type { DecodeContext } from "../decode-context.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";
import { BLANK_RECORD, type RowFault, RowReader } from "../rows/row-reader.ts";
import { LineCells } from "./bytes/line-cells.ts";
import { PlainRowReader } from "./bytes/plain-row-reader.ts";
import { tableBytes } from "./bytes/table-bytes.ts";
import type { CsvDialect } from "./dialect.ts";
import { SideLines } from "./lines/side-lines.ts";
import type { CsvProfile } from "./profile.ts";
import { Framer } from "./records/framer.ts";
import { parseRecords } from "./records/parse-records.ts";
import { type RecordBlock, type RecordFault, recordText } from "./records/record-block.ts";

/** Bytes per step: csv-parse needs about ten times as much memory for its objects. */
const BLOCK_BYTES = 262_144;

/** Minimum number of bytes for csv-parse after a line that is not plain; more if such lines continue. */
const MIN_PIECE_BYTES = 64;

/** With this many plain bytes between lines that are not plain, csv-parse gets single lines. */
const RARE_BYTES = 2048;

const CR = 13;
const SPACE = 32;
const HASH = 35;

/**
 * Reads a CSV input; see `Decoder.decode`. Memory does not depend on the length of the input.
 *
 * Reads plain lines directly from bytes. Cuts all other lines into records for csv-parse. Both ways give the same
 * readings and rejects.
 */
export async function* decodeCsv(
  chunks: AsyncIterable<Uint8Array>,
  profile: CsvProfile,
  context: DecodeContext,
): AsyncGenerator<Batch> {
  const reader = new CsvReader(profile, context);
  for await (const data of tableBytes(chunks, profile.dialect)) yield* reader.push(data);
  yield* reader.finish();
}

/** Turns bytes into batches and counts rows. */
class CsvReader {
  readonly #dialect: CsvDialect;
  readonly #context: DecodeContext;
  readonly #framer: Framer;
  readonly #rows: RowReader;
  readonly #cells: LineCells;
  readonly #plainRows: PlainRowReader;
  readonly #texts: string[];
  readonly #sideLines: SideLines;
  #batch: BatchBuilder | null = null;
  #headerAhead: boolean;
  #row = 0;
  #pieceBytes = MIN_PIECE_BYTES;
  #plainBytes = 0;

  constructor(profile: CsvProfile, context: DecodeContext) {
    const { columns, time, dialect } = profile;
    const { cells, delimiter, newline, header, decimalMark } = dialect;
    this.#dialect = dialect;
    this.#context = context;
    this.#framer = new Framer(dialect);
    for (let line = 0; line < dialect.preamble; line++) this.#framer.passLine();
    this.#rows = new RowReader({ columns, time, header, decimalMark }, context);
    this.#cells = new LineCells(cells, delimiter, newline);
    this.#plainRows = new PlainRowReader(this.#cells, profile, context, this.#rows.time);
    this.#sideLines = new SideLines(profile, (reject) => context.reject(reject));
    this.#texts = new Array<string>(cells).fill("");
    this.#headerAhead = header !== null && dialect.preamble === 0;
  }

  *push(data: Buffer): Generator<Batch> {
    let at = 0;
    let blockEnd = 0;
    let clean = false;
    let heldPiece = MIN_PIECE_BYTES;
    while (at < data.length) {
      if (at >= blockEnd) {
        blockEnd = this.#blockEnd(data, at);
        clean = this.#isClean(data, at, blockEnd);
      }
      let piece = heldPiece;
      if (clean && !this.#headerAhead && this.#framer.isBetweenRecords) {
        at = yield* this.#readPlainLines(data, at, blockEnd);
        if (at === blockEnd) continue;
        piece = this.#oddPiece();
      } else heldPiece *= 2;
      const end = clean ? this.#lineEnd(data, at + piece) : blockEnd;
      yield* this.#readRecords(this.#framer.push(data.subarray(at, end)), data.length - at);
      at = end;
    }
    yield* this.#flush();
  }

  *finish(): Generator<Batch> {
    yield* this.#readRecords(this.#framer.finish(), 0);
    this.#sideLines.end();
    yield* this.#flush();
  }

  /** Reads lines up to `end` or the first line that is not plain. @returns Where it stopped. */
  *#readPlainLines(data: Buffer, start: number, end: number): Generator<Batch, number> {
    let at = start;
    for (;;) {
      at = this.#fillBatch(data, at, end);
      if (this.#batch?.isFull !== true) break;
      yield* this.#flush();
    }
    this.#plainBytes += at - start;
    return at;
  }

  /** Reads plain lines up to `end` or a full batch. */
  #fillBatch(data: Buffer, start: number, end: number): number {
    const batch = this.#openBatch(data.length - start);
    let at = start;
    while (at < end && !batch.isFull) {
      let next = this.#blankEnd(data, at);
      if (next < 0) {
        next = this.#mayBeBlank(data[at] as number) ? -1 : this.#cells.find(data, at);
        if (next < 0) break;
        this.#readLine(data, at, next, batch);
      }
      this.#framer.passLine();
      at = next;
    }
    return at;
  }

  /** The position after an empty line; -1 if it is not empty. */
  #blankEnd(data: Buffer, at: number): number {
    const { newline } = this.#dialect;
    if (data[at] === newline) return at + 1;
    return data[at] === CR && data[at + 1] === newline ? at + 2 : -1;
  }

  /** Whether a line that begins with this byte may be blank. With several cells, a delimiter excludes that. */
  #mayBeBlank(first: number): boolean {
    return this.#dialect.cells === 1 && first <= SPACE;
  }

  /** Reads the line whose cells are known. */
  #readLine(data: Buffer, start: number, end: number, batch: BatchBuilder): void {
    if (data[start] === HASH && this.#sideLines.comments.hash) return;
    this.#row += 1;
    const fault = this.#plainRows.read(data, this.#row, batch)
      ? null
      : this.#readAsText(data, batch);
    this.#take(fault, batch, data.subarray(start, end), this.#framer.line);
  }

  #readAsText(data: Buffer, batch: BatchBuilder): RowFault | null {
    for (let cell = 0; cell < this.#texts.length; cell++) {
      this.#texts[cell] = this.#plainRows.text(data, cell);
    }
    return this.#rows.read(this.#texts, this.#row, batch);
  }

  /** @param ahead Number of available bytes, including the block. */
  *#readRecords(block: RecordBlock, ahead: number): Generator<Batch> {
    const { bytes, ends, lines, faults } = block;
    const records = parseRecords(block, this.#dialect);
    let fault = 0;
    for (let i = 0; i < records.length; i++) {
      fault = this.#rejectFaults(faults, fault, i);
      if (this.#headerAhead) {
        this.#headerAhead = false;
        continue;
      }
      if (bytes[ends[i - 1] ?? 0] === HASH && this.#sideLines.comments.hash) continue;
      this.#row += 1;
      const batch = this.#openBatch(Math.max(ahead, bytes.length));
      const wrong = this.#rows.read(records[i] as string[], this.#row, batch);
      this.#take(wrong, batch, bytes.subarray(ends[i - 1] ?? 0, ends[i]), lines[i] as number);
      if (batch.isFull) yield* this.#flush();
    }
    this.#rejectFaults(faults, fault, records.length);
  }

  /** Rejects the faults before clean record `record`, starting with fault `from`. @returns The next fault. */
  #rejectFaults(faults: readonly RecordFault[], from: number, record: number): number {
    let at = from;
    for (; at < faults.length; at++) {
      const { before, line, reason, detail, text } = faults[at] as RecordFault;
      if (before > record) break;
      const { input } = this.#context;
      const isRow = this.#sideLines.add({ input, line, reason, detail, text });
      if (isRow && !this.#headerAhead) this.#row += 1;
    }
    return at;
  }

  /** Counts the record that was written into the batch, or rejects it. */
  #take(fault: RowFault | null, batch: BatchBuilder, record: Buffer, line: number): void {
    if (fault === null) {
      batch.length += 1;
      this.#sideLines.release();
    } else if (fault === BLANK_RECORD || !this.#reject(record, line, fault)) this.#row -= 1;
  }

  /** @returns Whether it counts as a row. */
  #reject(record: Buffer, line: number, { reason, detail }: RowFault): boolean {
    const text = recordText(record, this.#dialect.encoding);
    return this.#sideLines.add({ input: this.#context.input, line, reason, detail, text });
  }

  /** @param bytes Bytes for the batch, which limit its rows: a cell has at least two bytes. */
  #openBatch(bytes: number): BatchBuilder {
    const rows = Math.ceil(bytes / (2 * this.#dialect.cells)) + 1;
    this.#batch ??= new BatchBuilder(this.#context.layout, rows);
    return this.#batch;
  }

  *#flush(): Generator<Batch> {
    const batch = this.#batch;
    this.#batch = null;
    if (batch === null || batch.length === 0) return;
    yield batch.build(this.#context.source, this.#context.dictionaries);
  }

  /** End of the lines that fit into a block from `at`; if none fits, the end of the block. */
  #blockEnd(data: Buffer, at: number): number {
    const most = Math.min(data.length, at + BLOCK_BYTES);
    const newline = data.lastIndexOf(this.#dialect.newline, most - 1);
    return newline < at ? most : newline + 1;
  }

  /** Whether the bytes are whole lines of valid text. */
  #isClean(data: Buffer, at: number, end: number): boolean {
    const block = data.subarray(at, end);
    if (block.at(-1) !== this.#dialect.newline || block.includes(0)) return false;
    return this.#dialect.encoding === "latin1" || isUtf8(block);
  }

  /** Bytes for csv-parse after a line that is not plain: more if such lines are close together. */
  #oddPiece(): number {
    const rare = this.#plainBytes >= Math.max(this.#pieceBytes, RARE_BYTES);
    this.#pieceBytes = rare ? MIN_PIECE_BYTES : Math.min(this.#pieceBytes * 2, BLOCK_BYTES);
    this.#plainBytes = 0;
    return this.#pieceBytes;
  }

  /** End of the line that contains the byte before `at`. */
  #lineEnd(data: Buffer, at: number): number {
    const newline = data.indexOf(this.#dialect.newline, at - 1);
    return newline < 0 ? data.length : newline + 1;
  }
}
