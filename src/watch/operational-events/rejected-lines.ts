import type { Reject } from "../../io/decoders/decode-context.ts";
import { quoted } from "../../io/messages/printable.ts";
import { RejectShare } from "../../io/reject-share.ts";
import type { LiveSource } from "../../io/sources/live/live-source.ts";
import type { NewFormat } from "../sources/new-format.ts";
import type { WatchEvents } from "../watch-events.ts";
import type { OpenEvents } from "./open-events.ts";

const EVENT = "lines_rejected";
/** Rejected lines that are kept to detect their format. */
const MAX_SAMPLES = 50;
const MAX_SHOWN = 80;

/** What a message says of its source. */
type NamedSource = Pick<LiveSource, "label" | "stem" | "path">;

/** Sends an operational message when most lines of a source are rejected, and when readings come again. */
export class RejectedLines {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  readonly #open: OpenEvents;
  readonly #source: NamedSource;
  readonly #share = new RejectShare();
  #samples: string[] = [];
  #last: Reject | null = null;
  /** Rejected lines since readings last came. */
  #count = 0;
  /** Number of rejected lines at the last attempt to detect their format. */
  #tried = 0;

  /** @param open The message of the last session; updated. */
  constructor(events: WatchEvents, pipeline: string, open: OpenEvents, source: NamedSource) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#open = open;
    this.#source = source;
  }

  /** A line was decoded. @param reject Null: to a reading. @param timeMs Time of its arrival. */
  line(reject: Reject | null, timeMs: number): void {
    this.#share.line(reject === null, timeMs);
    if (reject === null) return;
    this.#last = reject;
    this.#count += 1;
    if (this.#samples.length === MAX_SAMPLES) this.#samples.shift();
    this.#samples.push(reject.text);
  }

  /** Whether to {@link settle} now, before further lines are decoded: they may be in a new format. */
  get isUrgent(): boolean {
    if (this.#isOpen) return this.#count >= 2 * this.#tried && this.#count > 0;
    return this.#last !== null && this.#share.isMost !== null;
  }

  /**
   * Sends the message that is due, if any.
   *
   * @param detect Detects the format of rejected lines; null: it is unknown.
   * @param atMs Time of the message, ms since epoch.
   */
  settle(detect: (samples: readonly string[]) => NewFormat | null, atMs: number): void {
    if (this.#share.isReadingAgain) {
      this.#resolve(atMs);
      return;
    }
    if (!this.isUrgent) return;
    this.#tried = this.#count;
    const found = detect(this.#samples);
    const share = this.#share.isMost;
    if (!this.#isOpen && share !== null) this.#fire(share, found, atMs);
    if (found?.isAdopted !== true) return;
    this.#share.clear();
    this.#samples = [];
  }

  /** Resolves the message of a source that is no longer watched. */
  end(atMs: number): void {
    this.#resolve(atMs, "it is no longer watched");
  }

  get #comeAgain(): string {
    // a message of the last session counts no lines
    const lines = this.#count === 0 ? "" : `; rejected lines in between: ${this.#count}`;
    return `readings come again${lines}`;
  }

  get #isOpen(): boolean {
    return this.#open.all.has(this.#name);
  }

  get #name(): string {
    return this.#source.path ?? this.#source.label;
  }

  #fire(share: string, found: NewFormat | null, atMs: number): void {
    this.#open.set(this.#name, { subject: this.#source.stem, sinceMs: atMs });
    this.#open.save();
    const { detail = "", text = "", line = 0 } = this.#last ?? {};
    const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    const known = found === null ? "" : `; ${found.text}`;
    this.#send(
      "firing",
      `${share} are rejected, such as line ${line}, ${quoted(shown)}: ${detail}${known}`,
      atMs,
      atMs,
    );
  }

  #resolve(atMs: number, detail = this.#comeAgain): void {
    const since = this.#open.all.get(this.#name)?.sinceMs;
    if (since !== undefined) {
      this.#open.delete(this.#name);
      this.#open.save();
      this.#send("resolved", detail, atMs, since);
    }
    this.#samples = [];
    this.#count = 0;
    this.#tried = 0;
  }

  #send(status: "firing" | "resolved", detail: string, atMs: number, startedMs: number): void {
    const about = { pipeline: this.#pipeline, event: EVENT, subject: this.#source.stem };
    this.#events.ops({ ...about, status, severity: "warning", detail, atMs, startedMs });
  }
}
