import type { Batch } from "../../../core/batch.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";
import type { LineOutcome } from "./line-format.ts";
import { type Line, LineSplitter } from "./line-splitter.ts";
import { INVALID_UTF8 } from "./replaced-text.ts";
import { type RevisableContext, type RevisedFormat, Revision } from "./revision.ts";

/** Bytes per step. */
const BLOCK_BYTES = 262_144;
const MS_PER_ROW = 1000;
const MAX_TEXT = 4096;

/**
 * Reads a line of a recording, like `LineReader.read`.
 *
 * @param row 1-based row of the input, if it is one.
 */
export type ReadLine = (line: Line, row: number, batch: BatchBuilder) => LineOutcome;

/** Where the first line stands in its input. */
interface LinesBefore {
  readonly lines: number;
  readonly rows: number;
}

const START: LinesBefore = { lines: 0, rows: 0 };

/**
 * Decodes a recording line by line. When most lines are rejected, `context.revise` may change the format of those that
 * follow. Memory does not depend on the length of the input.
 */
export async function* decodeLines(
  chunks: AsyncIterable<Uint8Array>,
  read: ReadLine,
  context: RevisableContext,
  before = START,
): AsyncGenerator<Batch> {
  const splitter = new LineSplitter(before.lines);
  const rows = new LineRows(read, context, before.rows);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      yield* rows.read(splitter.push(chunk.subarray(at, at + BLOCK_BYTES)));
    }
  }
  yield* rows.read(splitter.finish());
}

/** Reads the lines of a recording with a line format. A row without a time is 1 s after the one before. */
export function readerOf({ format, profile }: RevisedFormat, context: RevisableContext): ReadLine {
  const reader = format.reader(profile, context);
  return (line, row, batch) =>
    isReadable(line)
      ? reader.read(line.text, row, context.startMs + (row - 1) * MS_PER_ROW, batch)
      : (line.fault as RowFault);
}

/** Whether the reader gets a line. It also gets invalid UTF-8, and decides about it. */
export function isReadable({ fault }: Line): boolean {
  return fault === null || fault.reason === INVALID_UTF8.reason;
}

/** Turns lines into batches and counts rows across them. */
class LineRows {
  #readLine: ReadLine;
  readonly #context: RevisableContext;
  readonly #revision: Revision;
  #row: number;

  constructor(read: ReadLine, context: RevisableContext, row: number) {
    this.#readLine = read;
    this.#context = context;
    this.#revision = new Revision(context.revise);
    this.#row = row;
  }

  *read(lines: readonly Line[]): Generator<Batch> {
    const { layout, source, dictionaries } = this.#context;
    let batch: BatchBuilder | null = null;
    for (const [i, line] of lines.entries()) {
      batch ??= new BatchBuilder(layout, lines.length - i);
      this.#read(line, batch);
      if (batch.isFull) {
        yield batch.build(source, dictionaries);
        batch = null;
      }
    }
    if (batch !== null && batch.length > 0) yield batch.build(source, dictionaries);
  }

  #read(line: Line, batch: BatchBuilder): void {
    const outcome = this.#readLine(line, this.#row + 1, batch);
    if (outcome === "none") return;
    this.#row += 1;
    if (outcome === "row") return;
    const { reason, detail } = outcome;
    const { input, reject } = this.#context;
    const text = line.text.slice(0, MAX_TEXT).trimEnd();
    reject({ input, line: line.number, reason, detail, text });
    const revised = this.#revision.rejected(this.#row, line.number, text);
    if (revised !== null) this.#readLine = readerOf(revised, this.#context);
  }
}
