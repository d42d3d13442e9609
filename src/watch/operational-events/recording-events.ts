import type { SessionRecordingListener } from "../../io/session-recording/session-recording-writer.ts";
import type { WatchEvents } from "../watch-events.ts";
import type { OpenEvents } from "./open-events.ts";

const EVENT = "recording_stopped";
const SUBJECT = "recording";

/** Turns what happens to a recording into messages of the pipeline. */
export class RecordingEvents implements SessionRecordingListener {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  readonly #open: OpenEvents;

  /** @param open That of the last run; it is kept up to date. */
  constructor(events: WatchEvents, pipeline: string, open: OpenEvents) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#open = open;
  }

  /**
   * Tells what has become of a recording that had stopped when the last run ended.
   *
   * @param label The file that is written now; null: nothing is recorded.
   */
  begin(label: string | null, atMs: number): void {
    this.#resolve(label === null ? "nothing is to be recorded" : goesOn(label), atMs);
  }

  stopped(label: string, why: string, atMs: number): void {
    const detail = `${label} ends here, watching goes on: ${why}`;
    this.#note("warn", detail);
    this.#open.set(SUBJECT, { subject: SUBJECT, sinceMs: atMs });
    this.#open.save();
    const further = "it goes on in a further file when that can be written";
    this.#tell("firing", `${detail}; ${further}`, atMs, atMs);
  }

  resumed(label: string, atMs: number): void {
    this.#note("info", goesOn(label));
    this.#resolve(goesOn(label), atMs);
  }

  #resolve(detail: string, atMs: number): void {
    const since = this.#open.all.get(SUBJECT)?.sinceMs;
    if (since === undefined) return;
    this.#open.delete(SUBJECT);
    this.#open.save();
    const lost = `what was read since ${new Date(since).toISOString()} is not recorded`;
    this.#tell("resolved", `${detail}; ${lost}`, atMs, since);
  }

  #tell(status: "firing" | "resolved", detail: string, atMs: number, startedMs: number): void {
    const about = { pipeline: this.#pipeline, event: EVENT, subject: SUBJECT };
    this.#events.ops({ ...about, status, severity: "warning", detail, atMs, startedMs });
  }

  #note(level: "info" | "warn", text: string): void {
    this.#events.notify((listener) => listener.note?.(level, text));
  }
}

const goesOn = (label: string): string => `recording goes on in ${label}`;
