import { isoTime } from "../../core/timestamp/iso-time.ts";
import type { SessionRecordingListener } from "../../io/session-recording/session-recording-writer.ts";
import type { OpenEvents } from "../../state/open-events.ts";
import type { WatchEvents } from "../watch-events.ts";

const EVENT = "recording_stopped";
const SUBJECT = "recording";

/** Sends operational messages when the session recording stops, and when it continues. */
export class RecordingEvents implements SessionRecordingListener {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  readonly #open: OpenEvents;

  /** @param open The event of the last session; updated. */
  constructor(events: WatchEvents, pipeline: string, open: OpenEvents) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#open = open;
  }

  /**
   * Resolves the message of a recording that had stopped in the last session.
   *
   * @param label The file of this session; null: this session is not recorded.
   */
  begin(label: string | null, atMs: number): void {
    this.#resolve(label === null ? "this session is not recorded" : continuesIn(label), atMs);
  }

  stopped(label: string, why: string, atMs: number): void {
    const detail = `${label} ends here, watching continues: ${why}`;
    this.#note("warn", detail);
    this.#open.set(SUBJECT, { subject: SUBJECT, sinceMs: atMs });
    this.#open.save();
    const further = "recording continues in another file as soon as one can be written";
    this.#send("firing", `${detail}; ${further}`, atMs, atMs);
  }

  resumed(label: string, atMs: number): void {
    this.#note("info", continuesIn(label));
    this.#resolve(continuesIn(label), atMs);
  }

  #resolve(detail: string, atMs: number): void {
    const since = this.#open.all.get(SUBJECT)?.sinceMs;
    if (since === undefined) return;
    this.#open.delete(SUBJECT);
    this.#open.save();
    const lost = `readings since ${isoTime(since)} are not recorded`;
    this.#send("resolved", `${detail}; ${lost}`, atMs, since);
  }

  #send(status: "firing" | "resolved", detail: string, atMs: number, startedMs: number): void {
    const about = { pipeline: this.#pipeline, event: EVENT, subject: SUBJECT };
    this.#events.ops({ ...about, status, severity: "warning", detail, atMs, startedMs });
  }

  #note(level: "info" | "warn", text: string): void {
    this.#events.note(level, text);
  }
}

const continuesIn = (label: string): string => `recording continues in ${label}`;
