import { onExit } from "signal-exit";
import type { OutputStream } from "../../../context.ts";

const ESC = "\u001b";
const SAVE_CURSOR = `${ESC}7`;
const TO_SAVED = `${ESC}8`;
const HIDE_CURSOR = `${ESC}[?25l`;
const SHOW_CURSOR = `${ESC}[?25h`;
const WRAP_OFF = `${ESC}[?7l`;
const WRAP_ON = `${ESC}[?7h`;
/** Written before the text of a line: after a full line it would erase the last character. */
const ERASE_LINE = `${ESC}[K`;
const ERASE_BELOW = `${ESC}[J`;
const ERASE_ALL = `${ESC}[H${ESC}[2J`;
/** Synchronized update: supporting terminals show the text between in one step; others ignore it. */
const BEGIN = `${ESC}[?2026h`;
const END = `${ESC}[?2026l`;
/** Lines above the frame that a resize restores. */
const MAX_ABOVE = 200;

/** Paints a frame at the bottom of a terminal; other text scrolls above it. */
export class Screen {
  readonly #stream: OutputStream;
  /** Lines on the screen; null: none, and the cursor is where the frame will start. */
  #lines: readonly string[] | null = null;
  #above: string[] = [];
  #removeExitHook: (() => void) | null = null;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.#removeExitHook !== null;
  }

  /** Prepares the terminal. `close`, or the end of the process, restores it. */
  open(): void {
    if (this.isOpen) return;
    this.#removeExitHook = onExit(() => this.close());
    this.#stream.write(HIDE_CURSOR);
  }

  /** Erases the frame and restores the terminal. */
  close(): void {
    if (!this.isOpen) return;
    this.#removeExitHook?.();
    this.#removeExitHook = null;
    this.release();
  }

  /** Erases the frame and restores the terminal until {@link renew}. */
  release(): void {
    this.#stream.write(`${this.#erased()}${WRAP_ON}${SHOW_CURSOR}`);
  }

  /**
   * Shows a frame.
   *
   * @param lines At most one per row of the terminal, and not wider than it.
   * @param above Whole lines of any width to write above the frame.
   * @param done Called when the text is written.
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

  /** Erases the frame, so that other code can write lines; the next frame is painted below them. */
  clear(): void {
    if (this.#lines !== null) this.#stream.write(this.#erased());
  }

  /** Writes everything again: after a resize, the positions of the lines are unknown. */
  renew(lines: readonly string[], rows: number): void {
    this.#lines = null;
    const room = Math.max(0, rows - lines.length - 1);
    const above = room === 0 ? [] : this.#above.slice(-room);
    this.#above = [];
    this.#stream.write(HIDE_CURSOR + ERASE_ALL);
    this.paint(lines, above.map((line) => `${line}\n`).join(""));
  }

  /** Remembers whole lines above the frame for {@link renew}. */
  keep(text: string): void {
    if (text === "") return;
    this.#above.push(...text.split("\n").slice(0, -1));
    if (this.#above.length > 2 * MAX_ABOVE) this.#above = this.#above.slice(-MAX_ABOVE);
  }

  #erased(): string {
    const isShown = this.#lines !== null;
    this.#lines = null;
    return isShown ? `${TO_SAVED}${ERASE_BELOW}` : "";
  }
}
