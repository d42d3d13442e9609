import type { Batch } from "../../../core/batch.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { DecodeContext } from "../decode-context.ts";
import type { Decoder } from "../decoder.ts";
import type { InputProfile } from "../input-profile.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";
import type { LineFormat, LineReader } from "./line-format.ts";
import { type Line, LineSplitter } from "./line-splitter.ts";
import { INVALID_UTF8 } from "./replaced-text.ts";

const BLOCK_BYTES = 262_144;
const MS_PER_ROW = 1000;
const MAX_SAMPLE_LINES = 5000;
const MAX_TEXT = 4096;

/** A line format, and its descriptions for docs and errors. */
interface LineFacts<Profile extends InputProfile, Name extends string> extends LineFormat<Profile> {
  readonly name: Name;
  readonly summary: string;
  /** Example of an input, for errors. */
  readonly expected: string;
}

/** Makes a decoder of recordings from a line format. Memory does not depend on the length of an input. */
export function lineDecoder<Profile extends InputProfile, const Name extends string>(
  format: LineFacts<Profile, Name>,
): Decoder<Profile, Name> {
  const { name, summary, expected } = format;
  return {
    name,
    summary,
    inputs: "files, pipes",
    lines: format,
    profile(head, complete, input, options) {
      const splitter = new LineSplitter();
      const lines = splitter.push(head);
      if (complete) lines.push(...splitter.finish());
      const texts = lines.filter(isReadable).map(({ text }) => text);
      const profile = format.profile(texts.slice(0, MAX_SAMPLE_LINES), input, options);
      if (profile !== null) return profile;
      const what = head.length === 0 ? "the input is empty" : "no line has a number under a name";
      throw new IotmonError("ERR_DATA", what, { at: input, hint: expected });
    },
    async *decode(chunks, profile, context) {
      const splitter = new LineSplitter();
      const reader = new LineRows(format.reader(profile, context), context);
      for await (const chunk of chunks) {
        for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
          yield* reader.read(splitter.push(chunk.subarray(at, at + BLOCK_BYTES)));
        }
      }
      yield* reader.read(splitter.finish());
    },
  };
}

/** Turns lines into batches and counts rows across them. */
class LineRows {
  readonly #reader: LineReader;
  readonly #context: DecodeContext;
  #row = 0;

  constructor(reader: LineReader, context: DecodeContext) {
    this.#reader = reader;
    this.#context = context;
  }

  *read(lines: readonly Line[]): Generator<Batch> {
    const { layout, source, dictionaries } = this.#context;
    let batch: BatchBuilder | null = null;
    for (const [i, line] of lines.entries()) {
      batch ??= new BatchBuilder(layout, lines.length - i);
      this.#readLine(line, batch);
      if (batch.isFull) {
        yield batch.build(source, dictionaries);
        batch = null;
      }
    }
    if (batch !== null && batch.length > 0) yield batch.build(source, dictionaries);
  }

  #readLine(line: Line, batch: BatchBuilder): void {
    const { startMs } = this.#context;
    const arrivalMs = startMs + this.#row * MS_PER_ROW;
    const outcome = isReadable(line)
      ? this.#reader.read(line.text, this.#row + 1, arrivalMs, batch)
      : (line.fault as RowFault);
    if (outcome === "none") return;
    this.#row += 1;
    if (outcome === "row") return;
    const { input, reject } = this.#context;
    const text = line.text.slice(0, MAX_TEXT).trimEnd();
    reject({ input, line: line.number, reason: outcome.reason, detail: outcome.detail, text });
  }
}

/** Whether the reader gets a line. It also gets invalid UTF-8, and decides about it. */
function isReadable({ fault }: Line): boolean {
  return fault === null || fault.reason === INVALID_UTF8.reason;
}
