import { onExit } from "signal-exit";
import type { OutputStream } from "../../../context.ts";

const ESC = "\u001b";
const SAVE_CURSOR = `${ESC}7`;
const TO_SAVED = `${ESC}8`;
const HIDE_CURSOR = `${ESC}[?25l`;
const SHOW_CURSOR = `${ESC}[?25h`;
const WRAP_OFF = `${ESC}[?7l`;
const WRAP_ON = `${ESC}[?7h`;
/** Before the text: behind it, it would take the last character of a full line with it. */
const ERASE_LINE = `${ESC}[K`;
const ERASE_BELOW = `${ESC}[J`;
const ERASE_ALL = `${ESC}[H${ESC}[2J`;
/** Terminals that know it show what is between at once; others ignore it. */
const BEGIN = `${ESC}[?2026h`;
const END = `${ESC}[?2026l`;
/** Lines above the frame that a change of size brings back. */
const MOST_ABOVE = 200;

/** A frame at the bottom of a terminal that is painted over and over; other text scrolls above it. */
export class Screen {
  readonly #stream: OutputStream;
  /** Lines as they stand; null: nothing does, and the cursor is where they begin. */
  #lines: readonly string[] | null = null;
  #above: string[] = [];
  #forget: (() => void) | null = null;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.#forget !== null;
  }

  /** Takes the terminal, until it is closed or the process ends, in whatever way. */
  open(): void {
    if (this.isOpen) return;
    this.#forget = onExit(() => this.close());
    this.#stream.write(HIDE_CURSOR);
  }

  /** Erases the frame and gives the terminal back. */
  close(): void {
    if (!this.isOpen) return;
    this.#forget?.();
    this.#forget = null;
    this.lend();
  }

  /** Gives the terminal back for a while, until {@link renew}. */
  lend(): void {
    this.#stream.write(`${this.#erased()}${WRAP_ON}${SHOW_CURSOR}`);
  }

  /**
   * Shows a frame.
   *
   * @param lines None wider than the terminal, and no more of them than it has rows.
   * @param above Whole lines that come to stand above it, as wide as they are.
   * @param done Called when it has been written.
   */
  paint(lines: readonly string[], above = "", done: () => void = () => {}): void {
    const before = this.#lines;
    const isSame = above === "" && before !== null && before.length === lines.length;
    const changed = isSame ? lines.filter((line, i) => line !== before[i]).length : lines.length;
    if (isSame && changed === 0) {
      done();
      return;
    }
    const rows = lines.map((line, i) => (isSame && line === before[i] ? "" : ERASE_LINE + line));
    this.keep(above);
    const text = [
      BEGIN,
      before === null ? "" : TO_SAVED,
      above === "" ? "" : ERASE_BELOW + above.replaceAll("\n", "\r\n"),
      WRAP_OFF,
      rows.join("\r\n"),
      isSame ? "" : ERASE_BELOW,
      "\r",
      lines.length > 1 ? `${ESC}[${lines.length - 1}A` : "",
      SAVE_CURSOR,
      WRAP_ON,
      END,
    ];
    this.#lines = lines;
    this.#stream.write(text.join(""), done);
  }

  /** Erases the frame, so that somebody else can write lines; the next one is painted below them. */
  clear(): void {
    if (this.#lines !== null) this.#stream.write(this.#erased());
  }

  /** The size of the terminal has changed: nobody knows where lines are now, so all are written again. */
  renew(lines: readonly string[], rows: number): void {
    this.#lines = null;
    const room = Math.max(0, rows - lines.length - 1);
    const above = room === 0 ? [] : this.#above.slice(-room);
    this.#above = [];
    this.#stream.write(HIDE_CURSOR + ERASE_ALL);
    this.paint(lines, above.map((line) => `${line}\n`).join(""));
  }

  /** Remembers whole lines that stand above the frame. */
  keep(text: string): void {
    if (text === "") return;
    this.#above.push(...text.split("\n").slice(0, -1));
    if (this.#above.length > 2 * MOST_ABOVE) this.#above = this.#above.slice(-MOST_ABOVE);
  }

  #erased(): string {
    const isShown = this.#lines !== null;
    this.#lines = null;
    return isShown ? `${TO_SAVED}${ERASE_BELOW}` : "";
  }
}
