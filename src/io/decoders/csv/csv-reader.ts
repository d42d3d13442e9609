import type { Batch } from "../../../core/batch.ts";
import { type RevisableContext, type RevisedFormat, Revision } from "../lines/revision.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";
import { BLANK_RECORD, type RowFault, RowReader } from "../rows/row-reader.ts";
import { BLOCK_BYTES, endOfBlock, endOfLine, isClean } from "./bytes/blocks.ts";
import { LineCells } from "./bytes/line-cells.ts";
import { PlainRowReader } from "./bytes/plain-row-reader.ts";
import type { CsvDialect } from "./dialect.ts";
import { SideLines } from "./lines/side-lines.ts";
import type { CsvProfile } from "./profile.ts";
import { Framer } from "./records/framer.ts";
import { parseRecords } from "./records/parse-records.ts";
import { type RecordBlock, type RecordFault, recordText } from "./records/record-block.ts";

/** Minimum number of bytes for csv-parse after a line that is not plain; more if such lines continue. */
const MIN_PIECE_BYTES = 64;

/** With this many plain bytes between lines that are not plain, csv-parse gets single lines. */
const RARE_BYTES = 2048;

const LF = 10;
const CR = 13;
const SPACE = 32;
const HASH = 35;

/** What follows the line on which the format has changed. */
export interface RestOfInput {
  readonly format: RevisedFormat;
  /** The rest of the pushed bytes. */
  readonly bytes: Buffer;
  readonly before: { readonly lines: number; readonly rows: number };
}

/** Whether what follows can be read line by line. */
function isByLine({ newline, encoding }: CsvDialect): boolean {
  return newline === LF && encoding === "utf8";
}

/** Turns bytes into batches and counts rows. */
export class CsvReader {
  readonly #dialect: CsvDialect;
  readonly #context: RevisableContext;
  readonly #framer: Framer;
  readonly #rows: RowReader;
  readonly #cells: LineCells;
  readonly #plainRows: PlainRowReader;
  readonly #texts: string[];
  readonly #sideLines: SideLines;
  /** Whether lines may be held that a reading releases. */
  #isHolding = false;
  readonly #revision: Revision;
  /** How to read what follows a line; null: as before. */
  #revised: { readonly format: RevisedFormat; readonly line: number } | null = null;
  #batch: BatchBuilder | null = null;
  #headerAhead: boolean;
  #row = 0;
  #pieceBytes = MIN_PIECE_BYTES;
  #plainBytes = 0;

  constructor(profile: CsvProfile, context: RevisableContext) {
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
    this.#revision = new Revision(isByLine(dialect) ? context.revise : undefined);
    this.#texts = new Array<string>(cells).fill("");
    this.#headerAhead = header !== null && dialect.preamble === 0;
  }

  /** @returns Null: it has read all bytes. */
  *push(data: Buffer): Generator<Batch, RestOfInput | null> {
    const { newline } = this.#dialect;
    let at = 0;
    let blockEnd = 0;
    let clean = false;
    let heldPiece = MIN_PIECE_BYTES;
    while (at < data.length) {
      if (at >= blockEnd) {
        blockEnd = endOfBlock(data, at, newline);
        clean = isClean(data.subarray(at, blockEnd), this.#dialect);
      }
      let piece = heldPiece;
      if (clean && !this.#headerAhead && this.#framer.isBetweenRecords) {
        at = yield* this.#readPlainLines(data, at, blockEnd);
        if (this.#revised !== null) return yield* this.#restOf(data, at, this.#framer.line);
        if (at === blockEnd) continue;
        piece = this.#oddPiece();
      } else heldPiece *= 2;
      const end = clean ? endOfLine(data, at + piece, newline) : blockEnd;
      const { line } = this.#framer;
      yield* this.#readRecords(this.#framer.push(data.subarray(at, end)), data.length - at);
      if (this.#revised !== null) return yield* this.#restOf(data, at, line);
      at = end;
    }
    yield* this.#flush();
    return null;
  }

  /** What follows the line that was rejected last. @param line 1-based line at position `at`. */
  *#restOf(data: Buffer, at: number, line: number): Generator<Batch, RestOfInput | null> {
    yield* this.#flush();
    if (this.#revised === null) return null;
    const { format, line: last } = this.#revised;
    let start = at;
    for (let next = line; next <= last; next++) {
      start = data.indexOf(this.#dialect.newline, start) + 1;
      if (start === 0) return null;
    }
    const before = { lines: last, rows: this.#row };
    return { format, bytes: data.subarray(start), before };
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
        if (next < 0 || !this.#readLine(data, at, next, batch)) break;
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

  /** Reads the line whose cells are known. @returns False: the lines after it have another format. */
  #readLine(data: Buffer, start: number, end: number, batch: BatchBuilder): boolean {
    if (data[start] === HASH && this.#sideLines.comments.hash) return true;
    this.#row += 1;
    if (!this.#plainRows.read(data, this.#row, batch)) {
      const fault = this.#readAsText(data, batch);
      this.#take(fault, batch, data.subarray(start, end), this.#framer.line);
      return this.#revised === null;
    }
    batch.length += 1;
    if (this.#isHolding) this.#release();
    return true;
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
      if (this.#revised !== null) return;
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
      if (this.#revised !== null) return;
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
      this.#isHolding = true;
      const isRow = this.#sideLines.add({ input, line, reason, detail, text });
      if (!isRow || this.#headerAhead) continue;
      this.#row += 1;
      if (this.#revise(line, text)) break;
    }
    return at;
  }

  /** Counts the record that was written into the batch, or rejects it. */
  #take(fault: RowFault | null, batch: BatchBuilder, record: Buffer, line: number): void {
    if (fault === null) {
      batch.length += 1;
      this.#release();
    } else if (fault === BLANK_RECORD || !this.#reject(record, line, fault)) this.#row -= 1;
  }

  #release(): void {
    this.#isHolding = false;
    this.#sideLines.release();
  }

  /** @returns Whether it counts as a row. */
  #reject(record: Buffer, line: number, { reason, detail }: RowFault): boolean {
    const text = recordText(record, this.#dialect.encoding);
    this.#isHolding = true;
    const isRow = this.#sideLines.add({ input: this.#context.input, line, reason, detail, text });
    if (isRow) this.#revise(line, text);
    return isRow;
  }

  /** A row was rejected. @returns Whether the following lines have another format. */
  #revise(line: number, text: string): boolean {
    const format = this.#revision.rejected(this.#row, line, text);
    if (format !== null) this.#revised = { format, line };
    return format !== null;
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

  /** Bytes for csv-parse after a line that is not plain: more if such lines are close together. */
  #oddPiece(): number {
    const rare = this.#plainBytes >= Math.max(this.#pieceBytes, RARE_BYTES);
    this.#pieceBytes = rare ? MIN_PIECE_BYTES : Math.min(this.#pieceBytes * 2, BLOCK_BYTES);
    this.#plainBytes = 0;
    return this.#pieceBytes;
  }
}
