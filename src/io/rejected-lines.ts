import type { OpenEvents } from "../state/open-events.ts";
import type { Reject } from "./decoders/decode-context.ts";
import type { OpsEvent } from "./messages/message-fields.ts";
import { quoted } from "./messages/printable.ts";
import { RejectShare } from "./reject-share.ts";

const EVENT = "lines_rejected";
/** Rejected lines that are kept to detect their format. */
const MAX_SAMPLES = 50;
const MAX_SHOWN = 80;

/** Where lines come from, and where messages about them go. */
export interface RejectedLinesSetup {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Short name of the source: the `sensor_id` of its messages. */
  readonly stem: string;
  /** Name of the source among the open events. */
  readonly name: string;
  /** The messages of the last session; updated. */
  readonly open: OpenEvents;
  send(event: OpsEvent): void;
}

/** What is known about the format of rejected lines. */
export interface FoundFormat {
  /** Whether the following lines are read in it. */
  readonly isAdopted: boolean;
  /** A clause about it for people. */
  readonly text: string;
}

/** Sends an operational message when most lines of a source are rejected, and when readings come again. */
export class RejectedLines {
  readonly #setup: RejectedLinesSetup;
  readonly #share = new RejectShare();
  #samples: string[] = [];
  #last: Reject | null = null;
  /** Rejected lines since readings last came. */
  #count = 0;
  /** Number of rejected lines at the last attempt to detect their format. */
  #tried = 0;

  constructor(setup: RejectedLinesSetup) {
    this.#setup = setup;
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

  /**
   * Whether to {@link settle} now, before further lines are decoded: they may be in a new format, or the next rejected
   * ones a case of their own.
   */
  get isUrgent(): boolean {
    if (this.#isOpen && this.#share.isReadingAgain) return true;
    if (this.#isOpen) return this.#count >= 2 * this.#tried && this.#count > 0;
    return this.#last !== null && this.#share.isMost !== null;
  }

  /**
   * Sends the message that is due, if any.
   *
   * @param detect Detects the format of rejected lines; null: it is unknown.
   * @param atMs Time of the message, ms since epoch.
   */
  settle(detect: (samples: readonly string[]) => FoundFormat | null, atMs: number): void {
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
    return this.#setup.open.all.has(this.#setup.name);
  }

  #fire(share: string, found: FoundFormat | null, atMs: number): void {
    const { open, name, stem } = this.#setup;
    open.set(name, { subject: stem, sinceMs: atMs });
    open.save();
    const { detail = "", text = "", line = 0 } = this.#last ?? {};
    const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    const example = text === "" ? `line ${line}` : `line ${line}, ${quoted(shown)}`;
    const known = found === null ? "" : `; ${found.text}`;
    const what = `${share} are rejected, such as ${example}: ${detail}${known}`;
    this.#send("firing", what, atMs, atMs);
  }

  #resolve(atMs: number, detail = this.#comeAgain): void {
    const { open, name } = this.#setup;
    const since = open.all.get(name)?.sinceMs;
    if (since !== undefined) {
      open.delete(name);
      open.save();
      this.#send("resolved", detail, atMs, since);
    }
    this.#samples = [];
    this.#count = 0;
    this.#tried = 0;
  }

  #send(status: "firing" | "resolved", detail: string, atMs: number, startedMs: number): void {
    const { pipeline, stem: subject, send } = this.#setup;
    const about = { pipeline, event: EVENT, subject, severity: "warning" } as const;
    send({ ...about, status, detail, atMs, startedMs });
  }
}
