import type { SourceConfig } from "../../config/schema/source.ts";
import { IotmonError } from "../../core/errors.ts";
import type { DecodeOptions } from "../../io/decoders/decode-context.ts";
import { detectFirstFormat, detectLineFormat } from "../../io/decoders/lines/detect-line-format.ts";
import { lineFormats } from "../../io/decoders/registry.ts";
import { quoted } from "../../io/messages/printable.ts";
import type { SourceFormat } from "../../service/live-pipeline/source-states.ts";
import type { LineQueue } from "./line-queue.ts";

/** Lines that are enough to detect their format. */
const ENOUGH_LINES = 20;
/** Lines of a port that are enough if they differ only in their numbers: at once, and after {@link SHORT_WAIT_MS}. */
const ENOUGH_ALIKE = 5;
const FEW_ALIKE = 3;
/** Time after which few similar lines are enough, and after which any lines are enough, ms. */
const SHORT_WAIT_MS = 1000;
const LONG_WAIT_MS = 2000;
/** Maximum number of lines that detection reads. */
const MAX_LINES = 200;
/** Characters that detection may read again for each new line. */
const AGAIN_PER_LINE = 16_384;
const MAX_SHOWN = 80;
/** Characters that hint at binary data. */
const UNREADABLE = /\0|\ufffd.*\ufffd/s;
const NUMBER = /[-+]?\d[\d.]*/g;

/** How to read the lines of a source, as far as the user says. */
export interface LineOptions extends Pick<SourceConfig, "set"> {
  readonly decode: DecodeOptions;
  /** The key column of the pipeline; undefined: it names none. */
  readonly key?: string | undefined;
  /** Name of a line format, or `auto`. */
  readonly format: string;
}

/** Detects the format of a source from its first lines. */
export class FirstLines {
  readonly #queue: LineQueue;
  readonly #options: LineOptions;
  #since: number | null = null;
  /** Waiting lines at the last final attempt. */
  #tried = 0;
  /** The last attempt that found nothing. */
  #last = { lines: 0, characters: 0, final: false };

  constructor(queue: LineQueue, options: LineOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  /** Time until {@link detect} may decide without a further line, ms; null: it needs one. */
  detectsIn(now: number): number | null {
    if (this.#queue.waiting === 0 || this.#queue.waiting === this.#tried) return null;
    this.#since ??= now;
    const passed = now - this.#since;
    const isSoon = passed < SHORT_WAIT_MS && this.#queue.waiting >= FEW_ALIKE;
    const { firstLinesMs = LONG_WAIT_MS } = this.#queue.source;
    return Math.max(0, (isSoon ? SHORT_WAIT_MS : firstLinesMs) - passed);
  }

  /**
   * Reads the waiting lines without taking them.
   *
   * @param now Ms of a steady clock.
   * @param stored The format of an earlier session.
   * @returns Null: more lines are needed.
   * @throws {IotmonError} `ERR_DATA` when more lines would not help.
   */
  detect(now: number, stored: SourceFormat | null): SourceFormat | null {
    const { waiting, isEnded, source } = this.#queue;
    if (waiting === 0) return null;
    const final = isEnded || this.detectsIn(now) === 0;
    if (waiting < ENOUGH_LINES && !final && !this.#areAlike(now)) return null;
    if (final) this.#tried = waiting;
    if (!this.#isWorthwhile(final)) return null;
    const lines = this.#queue.peek(MAX_LINES);
    const { format: wanted, decode: options } = this.#options;
    const { lastArrivalMs: arrivalMs } = this.#queue;
    const how = { ...options, format: wanted, final, arrivalMs };
    const isLast = isEnded || (waiting >= MAX_LINES && !source.isDevice);
    const found =
      detectFirstFormat(lines, source.label, how) ??
      // lines of no format that came later would not count here
      (isLast && stored === null
        ? detectLineFormat(lines.slice(0, ENOUGH_LINES), source.label, how)
        : null);
    if (found !== null) return { profile: found.profile, options, wanted, path: source.path };
    if (stored !== null) return stored;
    if (isLast) throw this.#undetectable();
    // a port may start with garbage
    if (waiting >= MAX_LINES) this.#dropAllBut(ENOUGH_LINES);
    this.#last = { lines: this.#queue.waiting, characters: this.#queue.waitingCharacters, final };
    return null;
  }

  /** Whether enough has arrived since the last attempt: reading long lines again with each new one would take minutes. */
  #isWorthwhile(final: boolean): boolean {
    const { waiting, isEnded } = this.#queue;
    if (isEnded || waiting >= MAX_LINES || (final && !this.#last.final)) return true;
    return (waiting - this.#last.lines) * AGAIN_PER_LINE >= this.#last.characters;
  }

  /** Drops the oldest lines. */
  #dropAllBut(most: number): void {
    while (this.#queue.waiting > most) this.#queue.take(this.#queue.waiting - most);
  }

  /**
   * On a serial port, five lines that differ only in their numbers are enough; after one second, three.
   * Other sources may carry lines of many sensors.
   */
  #areAlike(now: number): boolean {
    if (!this.#queue.source.isDevice) return false;
    const lines = this.#queue.peek(ENOUGH_LINES);
    const isLate = this.#since !== null && now - this.#since >= SHORT_WAIT_MS;
    const last = lines.slice(isLate ? -FEW_ALIKE : -ENOUGH_ALIKE);
    if (last.length < FEW_ALIKE || (last.length < ENOUGH_ALIKE && !isLate)) return false;
    return new Set(last.map((line) => line.replaceAll(NUMBER, "0"))).size === 1;
  }

  #undetectable(): IotmonError {
    const { format } = this.#options;
    const [line = ""] = this.#queue.peek(1);
    const shown = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
    const what = format === "auto" ? "in any known format" : `as ${format}`;
    return new IotmonError("ERR_DATA", `can't read lines ${what}, such as ${quoted(shown)}`, {
      at: this.#queue.source.label,
      hint: UNREADABLE.test(shown)
        ? "This does not look like text: is it compressed, or the wrong file?"
        : `Name the format with --input-format: ${lineFormats.map(({ name }) => name).join(", ")}`,
    });
  }
}
