import type { Batch } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { Reject } from "../../io/decoders/decode-context.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import type { LineReader } from "../../io/decoders/lines/line-format.ts";
import { refuseAhead } from "../../io/decoders/lines/refuse-ahead.ts";
import { lineFormatOf } from "../../io/decoders/registry.ts";
import { BatchBuilder } from "../../io/decoders/rows/batch-builder.ts";
import type { RowFault } from "../../io/decoders/rows/row-reader.ts";
import { TextDictionary } from "../../io/decoders/rows/text-dictionary.ts";
import { type Reshaper, reshaperOf, rowsProfile } from "../../io/decoders/shape/reshaper.ts";
import type { RecordedLine } from "../../io/session-recording/entries.ts";
import type { SourceFormat, SourceProgress } from "../../service/live-pipeline/source-states.ts";
import type { LineQueue, TakenLines } from "./line-queue.ts";

/** Lines after which the caller may stop a call, unless the last ones were rejected: then after each line. */
const STEP_LINES = 16;
/** Maximum number of characters that a reject keeps of its line. */
const MAX_TEXT = 4096;

/** Where the rows of a source go. */
export interface DecodeTarget {
  /** With the constant key of the source. */
  readonly layout: Layout;
  readonly keys: KeyTable;
  /** A line was decoded. @param reject Null: to a row. @param timeMs Time of its arrival. */
  line(reject: Reject | null, timeMs: number): void;
  /** Whether to decode no further lines in this call. */
  isEnough(): boolean;
  /** How far ahead of its arrival the time of a line may be, ms. */
  readonly maxAheadMs: number;
  /** A line of a sensor was rejected because its time is further ahead. */
  ahead(sensor: string, detail: string): void;
}

/** Decoded rows of a source, and its progress after them. */
export interface DecodedRows {
  readonly batch: Batch;
  readonly progress: SourceProgress;
  /** The lines of these rows, without lines of an earlier session. */
  readonly lines: readonly RecordedLine[];
  /** To call when the journal has them. */
  readonly kept: readonly (() => void)[];
}

/** Decodes the lines of one source. */
export class SourceDecoder {
  readonly #queue: LineQueue;
  #target: DecodeTarget;
  #reader: LineReader;
  /** Null: its rows are readings. */
  #reshaper: Reshaper | null;
  #format: SourceFormat;
  readonly #dictionaries: readonly TextDictionary[];
  #progress: SourceProgress;
  /** Lines still to skip: the source sends them again, and they were taken before. */
  #repeats: number;

  /** @param progress Progress of the source in the last session; its lines start there. */
  constructor(
    queue: LineQueue,
    format: SourceFormat,
    target: DecodeTarget,
    progress: SourceProgress,
  ) {
    this.#queue = queue;
    this.#target = target;
    this.#dictionaries = target.layout.text.map(() => new TextDictionary());
    this.#format = format;
    this.#reshaper = this.#reshaperOf(format);
    this.#reader = this.#readerOf(format);
    const { position, rows, skip } = progress;
    this.#progress = { position, rows, skip: 0 };
    this.#repeats = skip;
  }

  /** The format from the next line on, if that line is a header of other columns; null: the same format. */
  get nextFormat(): SourceFormat | null {
    if (this.#repeats > 0) return null;
    const [line] = this.#queue.peek(1);
    const profile = line === undefined ? null : this.#profileAfter(line);
    return profile === null ? null : { ...this.#format, profile };
  }

  /** Rows so far, including rejected ones. */
  get rows(): number {
    return this.#progress.rows;
  }

  /** Reads the following lines in another format. @param layout The layout for it. */
  change(format: SourceFormat, layout: Layout): void {
    this.#format = format;
    this.#target = { ...this.#target, layout };
    this.#reshaper = this.#reshaperOf(format);
    this.#reader = this.#readerOf(format);
  }

  /**
   * Decodes waiting lines, up to a header of other columns; null: no line waits. Takes at most twice as many
   * lines as rows.
   */
  next(mostRows: number): DecodedRows | null {
    const { layout, dictionaries } = this.#rows;
    const mostLines = this.#untilHeader(Math.min(this.#queue.waiting, 2 * mostRows));
    if (mostLines === 0) return null;
    const batch = new BatchBuilder(layout, Math.min(mostRows, mostLines));
    let read = 0;
    let step = STEP_LINES;
    const lines: RecordedLine[] = [];
    const kept: (() => void)[] = [];
    while (read < mostLines && !batch.isFull) {
      if (read > 0 && this.#target.isEnough()) break;
      const room = Math.min(mostLines - read, batch.capacity - batch.length, step);
      const taken = this.#queue.take(room);
      if (taken === null) break;
      read += taken.lines.length;
      step = this.#readLines(taken, batch, lines) ? 1 : STEP_LINES;
      const { position } = taken;
      if (taken.kept !== undefined) kept.push(taken.kept);
      this.#progress =
        position === undefined
          ? { ...this.#progress, skip: this.#progress.skip + taken.lines.length }
          : { ...this.#progress, position, skip: 0 };
    }
    const rows = batch.build(0, dictionaries);
    return { batch: this.#readingsOf(rows), progress: this.#progress, lines, kept };
  }

  /** @returns Whether one of the lines is rejected. */
  #readLines(taken: TakenLines, batch: BatchBuilder, lines: RecordedLine[]): boolean {
    let isRejected = false;
    for (const [i, text] of taken.lines.entries()) {
      if (this.#repeats > 0) {
        this.#repeats -= 1;
        continue;
      }
      lines.push({ at: taken.timeMs, line: text });
      if (this.#read(text, taken.firstLine + i, taken.timeMs, batch)) isRejected = true;
    }
    return isRejected;
  }

  #readingsOf(rows: Batch): Batch {
    if (this.#reshaper === null) return rows;
    return this.#reshaper.reshape(rows, (row, fault) => this.#reject(rows, row, fault));
  }

  /** Rejects a row that is no reading. */
  #reject(batch: Batch, row: number, { reason, detail }: RowFault): void {
    const { lastArrivalMs, source } = this.#queue;
    const line = batch.rows[row] as number;
    this.#target.line({ input: source.label, line, reason, detail, text: "" }, lastArrivalMs);
  }

  /** Where the rows go. */
  get #rows(): Reshaper["rows"] {
    const { layout, keys } = this.#target;
    return this.#reshaper?.rows ?? { layout, keys, dictionaries: this.#dictionaries };
  }

  #reshaperOf({ profile }: SourceFormat): Reshaper | null {
    const { layout, keys } = this.#target;
    return reshaperOf(profile, { layout, keys, dictionaries: this.#dictionaries });
  }

  #refuse(timeMs: number, batch: BatchBuilder): RowFault | null {
    const { maxAheadMs } = this.#target;
    const { keys } = this.#rows;
    const fault = refuseAhead(batch, timeMs, maxAheadMs);
    if (fault === null) return null;
    // the row is taken back, its cells are still there
    const sensor = keys.name(batch.keys[batch.length] as number);
    this.#target.ahead(sensor, fault.detail);
    return fault;
  }

  #readerOf({ profile }: SourceFormat): LineReader {
    return lineFormatOf(profile.format).reader(rowsProfile(profile), this.#rows);
  }

  #profileAfter(line: string): InputProfile | null {
    const { profile, options } = this.#format;
    if (profile.shape !== undefined) return null;
    return lineFormatOf(profile.format).rehead?.(profile, line, options) ?? null;
  }

  /** Number of lines before a header of other columns. A repeated line is not a header. */
  #untilHeader(most: number): number {
    if (lineFormatOf(this.#format.profile.format).rehead === undefined) return most;
    const lines = this.#queue.peek(most);
    const at = lines.findIndex(
      (line, i) => i >= this.#repeats && this.#profileAfter(line) !== null,
    );
    return at < 0 ? most : at;
  }

  /** @returns Whether the line is rejected. */
  #read(text: string, line: number, timeMs: number, batch: BatchBuilder): boolean {
    const read = this.#reader.read(text, line, timeMs, batch);
    if (read === "none") return false;
    const rows = this.#progress.rows + 1;
    this.#progress = { ...this.#progress, rows };
    const outcome = read === "row" ? (this.#refuse(timeMs, batch) ?? read) : read;
    if (outcome === "row") {
      batch.rows[batch.length - 1] = rows;
      this.#target.line(null, timeMs);
      return false;
    }
    const { reason, detail } = outcome;
    const input = this.#queue.source.label;
    const shown = text.slice(0, MAX_TEXT).trimEnd();
    this.#target.line({ input, line, reason, detail, text: shown }, timeMs);
    return true;
  }
}
