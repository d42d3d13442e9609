import { declaredProfile } from "../config/declared-profile.ts";
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

/** Records what is scored, in the order in which it is, so that a replay gives the same. */
export class SessionRecorder implements WatchListener {
  readonly #files: SessionRecordingWriter;
  readonly #sources: readonly string[];
  #hasBegun = false;
  /** By their names, with the rows that they have by now. */
  readonly #opened = new Map<string, RecordedSource>();
  /** Lines that are on their way into the pipeline, by the name that it has for their source. */
  readonly #coming = new Map<
    string,
    { readonly source: string; readonly lines: readonly RecordedLine[] }
  >();

  /** @param sources Their names. */
  constructor(files: SessionRecordingWriter, sources: readonly string[]) {
    this.#files = files;
    this.#sources = sources;
  }

  began({ pipeline, config, document }: HostedBuffer): void {
    const { name } = pipeline.frame;
    const profile = config === null ? null : declaredProfile(config);
    if (config === null || profile === null) throw new RangeError("The pipeline has no columns");
    const warm = pipeline.buffer.appended > 0;
    const ran = documentOf(document, config);
    this.#hasBegun = true;
    const header = { name, warm, sources: this.#sources, profile, document: ran };
    this.#write({ kind: "header", ...header });
    this.#files.beginFurther({
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
    this.#coming.set(name, { source: label, lines });
  }

  executed(command: Command): void {
    if (!this.#hasBegun) return;
    if (command.kind === "tick") this.#write({ kind: "tick", tick: command.now });
    if (command.kind === "pause") {
      const { from, to } = command;
      this.#write({ kind: "pause", pause: { from, to } });
    }
    if (command.kind !== "append_batch") return;
    const coming = this.#coming.get(command.source);
    this.#coming.delete(command.source);
    if (coming === undefined) return;
    const { source, lines } = coming;
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

/** As it ran: messages went somewhere else, and its columns are those that were found. */
function documentOf(
  document: unknown,
  { buffer: { schema, key } }: PipelineConfig,
): Readonly<Record<string, unknown>> {
  const { sinks: _, buffer, ...rest } = { ...fieldsOf(document) };
  return { ...rest, buffer: { ...fieldsOf(buffer), schema, key: key ?? undefined } };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
