import type { Batch } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import { BatchBuilder } from "../decoders/batch-builder.ts";
import type { DecodeContext, InputProfile } from "../decoders/decoder.ts";
import type { LineFormat, LineReader } from "../decoders/line-format.ts";
import { lineFormats } from "../decoders/line-formats.ts";
import type { Head, Input } from "../sources/input.ts";
import {
  RECORDING_START,
  type RecordedLine,
  type RecordedSource,
  readEntry,
  type SessionHeader,
} from "./entries.ts";
import { sourceLayout } from "./source-layout.ts";

/** Characters of a line that are kept of one that can't be used. */
const MAX_TEXT = 4096;
/** Lines that become one batch at the most. */
const MOST_LINES = 2048;

/**
 * What time did after so many readings of the recording: event time came to `now`, ms, or nobody watched for
 * that of `pause`, ms.
 */
export type RecordedTime = { readonly after: number } & (
  | { readonly now: number }
  | { readonly pause: { readonly from: number; readonly to: number } }
);

/** What a recording of `watch` has beside readings. */
export interface SessionTimeline {
  readonly header: SessionHeader;
  /** What time did up to the batch that was yielded last and before the next one; whoever executes it takes it. */
  readonly times: RecordedTime[];
}

/** A recording of `watch` that was looked at. */
export interface SessionRecording {
  readonly input: Input;
  readonly watched: SessionTimeline;
  readonly profile: InputProfile;
  /** As for any recording; what it yields has the sources of its header. */
  decode(context: DecodeContext): AsyncGenerator<Batch>;
}

/** Whether an input is a recording of `watch`. */
export function isSessionRecording({ bytes }: Head): boolean {
  const start = Buffer.from(bytes.subarray(0, RECORDING_START.length));
  return start.toString("latin1") === RECORDING_START;
}

/** @throws {IotmonError} `ERR_DATA` when its first line is damaged, or of a later version. */
export function openSessionRecording(input: Input, { bytes }: Head): SessionRecording {
  const end = bytes.indexOf(10);
  const header = readEntry(Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString());
  if (header?.kind !== "header") {
    throw new IotmonError("ERR_DATA", "the first line of this recording can't be used", {
      at: `${input.label}:1`,
      hint: "It is damaged, or was written by a later version of iotmon",
    });
  }
  const watched: SessionTimeline = { header, times: [] };
  const lines = "what was watched, line by line";
  return {
    input,
    watched,
    profile: { ...header.profile, format: "recording", notes: [lines] },
    async *decode(context) {
      const sources = new WatchedSources(watched, context);
      for await (const line of linesOf(input.read())) yield* sources.take(line);
      yield* sources.finish();
    },
  };
}

/** A last line without its end was being written when the recording ended. */
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
  rows: number;
  lines: number;
}

/** Turns the entries of a recording into batches. */
class WatchedSources {
  readonly #watched: SessionTimeline;
  readonly #context: DecodeContext;
  readonly #sources = new Map<string, SourceState>();
  /** Lines of one source that follow each other. */
  #run: { readonly source: string; readonly lines: RecordedLine[] } | null = null;
  #yielded = 0;
  #entries = 0;

  constructor(watched: SessionTimeline, context: DecodeContext) {
    this.#watched = watched;
    this.#context = context;
  }

  *take(text: string): Generator<Batch> {
    this.#entries += 1;
    const entry = readEntry(text);
    if (entry?.kind === "line" && this.#sources.has(entry.source)) {
      const { source, at, line } = entry;
      if (this.#run?.source !== source || this.#run.lines.length >= MOST_LINES) {
        yield* this.finish();
        this.#run = { source, lines: [] };
      }
      this.#run.lines.push({ at, line });
      return;
    }
    yield* this.finish();
    if (entry?.kind === "source") this.#open(entry);
    else if (entry?.kind === "tick") {
      this.#watched.times.push({ after: this.#yielded, now: entry.tick });
    } else if (entry?.kind === "pause") {
      this.#watched.times.push({ after: this.#yielded, pause: entry.pause });
    } else if (entry?.kind !== "header") {
      const { input, reject } = this.#context;
      const detail = "it is no entry of a recording";
      const shown = text.slice(0, MAX_TEXT);
      reject({ input, line: this.#entries, reason: "bad entry", detail, text: shown });
    }
  }

  /** The rows of the lines that wait. */
  *finish(): Generator<Batch> {
    const run = this.#run;
    const state = this.#sources.get(run?.source ?? "");
    this.#run = null;
    if (run === null || state === undefined) return;
    const { layout, dictionaries } = this.#context;
    const index = Math.max(0, this.#watched.header.sources.indexOf(run.source));
    let batch: BatchBuilder | null = null;
    for (const [i, line] of run.lines.entries()) {
      batch ??= new BatchBuilder(layout, run.lines.length - i);
      this.#read(run.source, state, line, batch);
      if (!batch.isFull && i < run.lines.length - 1) continue;
      this.#yielded += batch.length;
      if (batch.length > 0) yield batch.build(index, dictionaries);
      batch = null;
    }
  }

  #open({ source, profile, sensor, rows }: RecordedSource): void {
    const { layout, keys, dictionaries } = this.#context;
    const known: Readonly<Record<string, LineFormat>> = lineFormats;
    const own = sourceLayout(layout, profile, sensor);
    const reader = known[profile.format]?.reader(profile, { layout: own, keys, dictionaries });
    if (reader !== undefined) this.#sources.set(source, { reader, rows, lines: 0 });
  }

  #read(source: string, state: SourceState, { at, line }: RecordedLine, batch: BatchBuilder): void {
    state.lines += 1;
    const outcome = state.reader.read(line, state.lines, at, batch);
    if (outcome === "none") return;
    state.rows += 1;
    if (outcome === "row") {
      batch.rows[batch.length - 1] = state.rows;
      return;
    }
    const { reason, detail } = outcome;
    const text = line.slice(0, MAX_TEXT).trimEnd();
    this.#context.reject({ input: source, line: state.lines, reason, detail, text });
  }
}
