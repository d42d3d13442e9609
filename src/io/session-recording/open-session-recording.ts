import type { Batch } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import type { DecodeContext } from "../decoders/decode-context.ts";
import type { InputProfile } from "../decoders/input-profile.ts";
import type { LineReader } from "../decoders/lines/line-format.ts";
import { refuseAhead } from "../decoders/lines/refuse-ahead.ts";
import { lineFormats } from "../decoders/registry.ts";
import { BatchBuilder } from "../decoders/rows/batch-builder.ts";
import type { RowFault } from "../decoders/rows/row-reader.ts";
import { type Reshaper, reshaperOf, rowsProfile } from "../decoders/shape/reshaper.ts";
import type { Head, Input } from "../sources/inputs/input.ts";
import {
  RECORDING_START,
  type RecordedLine,
  type RecordedSource,
  readEntry,
  type SessionHeader,
} from "./entries.ts";
import { sourceLayout } from "./source-layout.ts";

/** Maximum number of characters that a reject keeps of its line. */
const MAX_TEXT = 4096;
/** Maximum number of lines of one batch. */
const MAX_LINES = 2048;

/**
 * A change of event time after the first `after` readings: it advanced to `now`, ms, or no session ran for the
 * time of `pause`, ms.
 */
export type RecordedTime = { readonly after: number } & (
  | { readonly now: number }
  | { readonly pause: { readonly from: number; readonly to: number } }
);

/** What a session recording has beside readings. */
export interface SessionTimeline {
  readonly header: SessionHeader;
  /** Changes of event time up to the next batch. The consumer removes those that it executes. */
  readonly times: RecordedTime[];
}

/** A session recording, open for reading. */
export interface SessionRecording {
  readonly input: Input;
  readonly session: SessionTimeline;
  readonly profile: InputProfile;
  /** Decodes the readings. Batches refer to the sources of the header. */
  decode(context: DecodeContext): AsyncGenerator<Batch>;
}

/** Whether an input is a session recording. */
export function isSessionRecording({ bytes }: Head): boolean {
  const start = Buffer.from(bytes.subarray(0, RECORDING_START.length));
  return start.toString("latin1") === RECORDING_START;
}

/** @throws {IotmonError} `ERR_DATA` when the first line is damaged, or of a later version. */
export function openSessionRecording(input: Input, { bytes }: Head): SessionRecording {
  const end = bytes.indexOf(10);
  const header = readEntry(Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString());
  if (header?.kind !== "header") {
    throw new IotmonError("ERR_DATA", "the first line of this session recording can't be read", {
      at: `${input.label}:1`,
      hint: "The file is damaged, or a later version of iotmon wrote it",
    });
  }
  const session: SessionTimeline = { header, times: [] };
  const note = "a session recording of watch";
  return {
    input,
    session,
    profile: { ...header.profile, format: "recording", remarks: [{ topic: "format", text: note }] },
    async *decode(context) {
      const decoder = new SessionDecoder(session, context);
      for await (const line of linesOf(input.read())) yield* decoder.take(line);
      yield* decoder.finish();
    },
  };
}

/** Leaves out a last line without a line end: the session ended while writing it. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

interface SourceState {
  readonly reader: LineReader;
  /** Null: its rows are readings. */
  readonly reshaper: Reshaper | null;
  /** Decodes its rows. */
  readonly rowContext: Pick<DecodeContext, "layout" | "dictionaries">;
  rows: number;
  lines: number;
}

/** Decodes the entries of a session recording into batches. */
class SessionDecoder {
  readonly #timeline: SessionTimeline;
  readonly #context: DecodeContext;
  readonly #sources = new Map<string, SourceState>();
  /** Consecutive lines of one source. */
  #run: { readonly source: string; readonly lines: RecordedLine[] } | null = null;
  #yielded = 0;
  #entries = 0;

  constructor(timeline: SessionTimeline, context: DecodeContext) {
    this.#timeline = timeline;
    this.#context = context;
  }

  *take(text: string): Generator<Batch> {
    this.#entries += 1;
    const entry = readEntry(text);
    if (entry?.kind === "line" && this.#sources.has(entry.source)) {
      const { source, at, line } = entry;
      if (this.#run?.source !== source || this.#run.lines.length >= MAX_LINES) {
        yield* this.finish();
        this.#run = { source, lines: [] };
      }
      this.#run.lines.push({ at, line });
      return;
    }
    yield* this.finish();
    if (entry?.kind === "source") this.#open(entry);
    else if (entry?.kind === "tick") {
      this.#timeline.times.push({ after: this.#yielded, now: entry.tick });
    } else if (entry?.kind === "pause") {
      this.#timeline.times.push({ after: this.#yielded, pause: entry.pause });
    } else if (entry?.kind !== "header") {
      const { input, reject } = this.#context;
      const detail = "this is not an entry of a session recording";
      const shown = text.slice(0, MAX_TEXT);
      reject({ input, line: this.#entries, reason: "bad entry", detail, text: shown });
    }
  }

  /** Decodes the lines of the current run. */
  *finish(): Generator<Batch> {
    const run = this.#run;
    const state = this.#sources.get(run?.source ?? "");
    this.#run = null;
    if (run === null || state === undefined) return;
    const { reshaper, rowContext } = state;
    const { layout, dictionaries } = rowContext;
    const index = Math.max(0, this.#timeline.header.sources.indexOf(run.source));
    let batch: BatchBuilder | null = null;
    for (const [i, line] of run.lines.entries()) {
      batch ??= new BatchBuilder(layout, run.lines.length - i);
      this.#read(run.source, state, line, batch);
      if (!batch.isFull && i < run.lines.length - 1) continue;
      const rows = batch.build(index, dictionaries);
      batch = null;
      const readings =
        reshaper?.reshape(rows, (row, fault) => this.#refuse(run, rows, row, fault)) ?? rows;
      this.#yielded += readings.length;
      if (readings.length > 0) yield readings;
    }
  }

  #open({ source, profile, sensor, rows }: RecordedSource): void {
    const { layout, keys, dictionaries } = this.#context;
    const format = lineFormats.find(({ name }) => name === profile.format);
    const own = sourceLayout(layout, profile, sensor);
    const readings = { layout: own, keys, dictionaries };
    const reshaper = reshaperOf(profile, readings);
    const rowContext = reshaper?.rows ?? readings;
    const reader = format?.reader(rowsProfile(profile), rowContext);
    if (reader === undefined) return;
    this.#sources.set(source, { reader, reshaper, rowContext, rows, lines: 0 });
  }

  #refuse(
    { source }: { readonly source: string },
    batch: Batch,
    row: number,
    fault: RowFault,
  ): void {
    const { reason, detail } = fault;
    this.#context.reject({
      input: source,
      line: batch.rows[row] as number,
      reason,
      detail,
      text: "",
    });
  }

  #read(source: string, state: SourceState, { at, line }: RecordedLine, batch: BatchBuilder): void {
    state.lines += 1;
    const read = state.reader.read(line, state.lines, at, batch);
    if (read === "none") return;
    state.rows += 1;
    const { maxAheadMs = Number.POSITIVE_INFINITY } = this.#context;
    const outcome = read === "row" ? (refuseAhead(batch, at, maxAheadMs) ?? read) : read;
    if (outcome === "row") {
      batch.rows[batch.length - 1] = state.rows;
      return;
    }
    const { reason, detail } = outcome;
    const text = line.slice(0, MAX_TEXT).trimEnd();
    this.#context.reject({ input: source, line: state.lines, reason, detail, text });
  }
}
