import type { SourceConfig } from "../../config/schema/source.ts";
import { IotmonError } from "../../core/errors.ts";
import { detectLineFormat } from "../../io/decoders/detect-line-format.ts";
import { quoted } from "../../io/messages/printable.ts";
import type { SourceFormat } from "../../service/live-pipeline/source-marks.ts";
import type { SourceFeed } from "./source-feed.ts";

/** Lines after which it is decided how they are written. */
const ENOUGH_LINES = 20;
/** Lines that are enough when they are alike, and when they are and have been waited for. */
const ENOUGH_ALIKE = 5;
const FEW_ALIKE = 3;
/** Time after which few will do, and any number, ms. */
const HASTE_MS = 1000;
const PATIENCE_MS = 2000;
/** Lines that are looked at. */
const MOST_LINES = 200;
/** Characters that may be looked at once more for each line that has come. */
const AGAIN_PER_LINE = 16_384;
const MOST_SHOWN = 80;
/** What text has not. */
const UNREADABLE = /\0|\ufffd.*\ufffd/s;
const NUMBER = /[-+]?\d[\d.]*/g;

/** How lines of a source are to be read, as far as somebody said. */
export interface LineOptions extends Pick<SourceConfig, "rename" | "set"> {
  /** Column that names the sensor, as far as the pipeline says. */
  readonly key?: string | undefined;
  /** Name of a format, or `auto`. */
  readonly format: string;
}

/** What is known of a source so far: how its lines are written, or that it takes more of them. */
export class FirstLines {
  readonly #feed: SourceFeed;
  readonly #options: LineOptions;
  #since: number | null = null;
  #looked = 0;
  /** What the last look that found nothing was at. */
  #last = { lines: 0, characters: 0, final: false };

  constructor(feed: SourceFeed, options: LineOptions) {
    this.#feed = feed;
    this.#options = options;
  }

  /** Time until {@link look} may say more without a further line, ms; null: it never will. */
  patience(now: number): number | null {
    if (this.#feed.waiting === 0 || this.#feed.waiting === this.#looked) return null;
    this.#since ??= now;
    const passed = now - this.#since;
    const isSoon = passed < HASTE_MS && this.#feed.waiting >= FEW_ALIKE;
    return Math.max(0, (isSoon ? HASTE_MS : PATIENCE_MS) - passed);
  }

  /**
   * Looks at the lines that wait.
   *
   * @param now Ms of a steady clock.
   * @param stored What was found out before.
   * @returns Null: not known yet.
   * @throws {IotmonError} `ERR_DATA` when it never will be.
   */
  look(now: number, stored: SourceFormat | null): SourceFormat | null {
    const { waiting, isEnded, source } = this.#feed;
    if (waiting === 0) return null;
    const final = isEnded || this.patience(now) === 0;
    if (waiting < ENOUGH_LINES && !final && !this.#areAlike(now)) return null;
    if (final) this.#looked = waiting;
    if (!this.#isWorthwhile(final)) return null;
    const lines = this.#feed.peek(MOST_LINES);
    const { format: wanted, rename } = this.#options;
    const found = detectLineFormat(lines, source.label, { format: wanted, rename, final });
    if (found !== null) return { profile: found.profile, rename, wanted, path: source.path };
    if (stored !== null) return stored;
    if (isEnded || (waiting >= MOST_LINES && source.kind !== "serial")) throw this.#unknown();
    // a port may have begun with garbage
    if (waiting >= MOST_LINES) this.#leave(ENOUGH_LINES);
    this.#last = { lines: this.#feed.waiting, characters: this.#feed.waitingCharacters, final };
    return null;
  }

  /** Whether enough has come since the last look: lines of 64 KiB, looked at with each of them, would take minutes. */
  #isWorthwhile(final: boolean): boolean {
    const { waiting, isEnded } = this.#feed;
    if (isEnded || waiting >= MOST_LINES || (final && !this.#last.final)) return true;
    return (waiting - this.#last.lines) * AGAIN_PER_LINE >= this.#last.characters;
  }

  /** Drops the oldest lines, but for so many. */
  #leave(most: number): void {
    while (this.#feed.waiting > most) this.#feed.take(this.#feed.waiting - most);
  }

  /**
   * Whether the last lines of a port say the same with other numbers, so that more would not say more. What
   * others pipe in may come from many sensors.
   */
  #areAlike(now: number): boolean {
    if (this.#feed.source.kind !== "serial") return false;
    const lines = this.#feed.peek(ENOUGH_LINES);
    const isLate = this.#since !== null && now - this.#since >= HASTE_MS;
    const last = lines.slice(isLate ? -FEW_ALIKE : -ENOUGH_ALIKE);
    if (last.length < FEW_ALIKE || (last.length < ENOUGH_ALIKE && !isLate)) return false;
    return new Set(last.map((line) => line.replaceAll(NUMBER, "0"))).size === 1;
  }

  /** What can't be made sense of, for people. */
  #unknown(): IotmonError {
    const { format } = this.#options;
    const [line = ""] = this.#feed.peek(1);
    const shown = line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
    const how = format === "auto" ? "in no known way" : `not as ${format}`;
    return new IotmonError("ERR_DATA", `lines are written ${how}, such as ${quoted(shown)}`, {
      at: this.#feed.source.label,
      hint: UNREADABLE.test(shown)
        ? "It looks like no text: is it packed, or another file than you think?"
        : "Name the format with --input-format: jsonl, keyvalue, csv or influx",
    });
  }
}
