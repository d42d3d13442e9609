import { declaredProfile } from "../config/check/declared-profile.ts";
import type { PipelineConfig } from "../config/schema/pipeline.ts";
import {
  type RecordedLine,
  type RecordedSource,
  type SessionEntry,
  writeEntry,
} from "../io/session-recording/entries.ts";
import type { SessionRecordingWriter } from "../io/session-recording/session-recording-writer.ts";
import type { Command } from "../service/commands.ts";
import type { HostedBuffer } from "../service/registry.ts";
import type { WatchListener } from "./watch-listener.ts";

/** Writes the session recording: everything that is scored, in order, so that a replay gives the same output. */
export class SessionRecorder implements WatchListener {
  readonly #files: SessionRecordingWriter;
  readonly #sources: readonly string[];
  #hasBegun = false;
  /** Sources by name, with their rows so far. */
  readonly #opened = new Map<string, RecordedSource>();
  /** Lines of the next `append_batch`, by name of their source in the pipeline. */
  readonly #pending = new Map<
    string,
    { readonly source: string; readonly lines: readonly RecordedLine[] }
  >();

  /** @param sources Names of the sources. */
  constructor(files: SessionRecordingWriter, sources: readonly string[]) {
    this.#files = files;
    this.#sources = sources;
  }

  began({ pipeline, config, document }: HostedBuffer): void {
    const { name } = pipeline.frame;
    const profile = config === null ? null : declaredProfile(config);
    if (config === null || profile === null) throw new RangeError("The pipeline has no columns");
    const warm = pipeline.buffer.appended > 0;
    const own = documentOf(document, config);
    this.#hasBegun = true;
    const header = { name, warm, sources: this.#sources, profile, document: own };
    this.#write({ kind: "header", ...header });
    this.#files.continueWith({
      head: (gap) => writeEntry({ kind: "header", ...header, warm: true, gap }),
      state: () =>
        [...this.#opened.values()]
          .map((source) => writeEntry({ kind: "source", ...source }))
          .join(""),
    });
  }

  opened(source: RecordedSource): void {
    this.#opened.set(source.source, source);
    this.#write({ kind: "source", ...source });
  }

  lines(
    { label, name }: { readonly label: string; readonly name: string },
    lines: readonly RecordedLine[],
  ): void {
    this.#pending.set(name, { source: label, lines });
  }

  executed(command: Command): void {
    if (!this.#hasBegun) return;
    if (command.kind === "tick") this.#write({ kind: "tick", tick: command.now });
    if (command.kind === "pause") {
      const { from, to } = command;
      this.#write({ kind: "pause", pause: { from, to } });
    }
    if (command.kind !== "append_batch") return;
    const pending = this.#pending.get(command.source);
    this.#pending.delete(command.source);
    if (pending === undefined) return;
    const { source, lines } = pending;
    for (const line of lines) this.#write({ kind: "line", source, ...line });
    const opened = this.#opened.get(source);
    if (opened !== undefined) {
      this.#opened.set(source, { ...opened, rows: command.progress.rows });
    }
  }

  settled(): Promise<void> {
    return this.#files.room();
  }

  #write(entry: SessionEntry): void {
    this.#files.write(writeEntry(entry));
  }
}

/** The document with the detected columns, without sinks and heartbeat. */
function documentOf(
  document: unknown,
  { buffer: { schema, key } }: PipelineConfig,
): Readonly<Record<string, unknown>> {
  const { sinks: _, heartbeat: __, buffer, ...rest } = { ...fieldsOf(document) };
  return { ...rest, buffer: { ...fieldsOf(buffer), schema, key: key ?? undefined } };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
