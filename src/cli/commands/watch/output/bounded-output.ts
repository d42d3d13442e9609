import { setTimeout as sleep } from "node:timers/promises";
import type { OutputStream } from "../../../context.ts";

/** Characters that wait for whoever reads. */
const MOST_WAITING = 8 * 1024 * 1024;
/** Time that he gets for the rest at the end, ms. */
const PATIENCE_MS = 2000;

/**
 * Writes lines to a stream, and waits for nobody who reads it: what is not taken in time is dropped, the
 * oldest lines first.
 */
export class BoundedOutput {
  readonly #stream: OutputStream;
  readonly #dropped: (lines: number) => void;
  readonly #hangs: () => void;
  readonly #mostWaiting: number;
  #waiting: string[] = [];
  #characters = 0;
  #isWriting = false;
  /** What is on its way, or was last. */
  #writing = "";

  /**
   * @param dropped Told at once how many lines were.
   * @param hangs Told at the end when not even what is on its way was taken, so that nobody waits for it.
   * @param mostWaiting Characters.
   */
  constructor(
    stream: OutputStream,
    dropped: (lines: number) => void,
    hangs: () => void,
    mostWaiting: number = MOST_WAITING,
  ) {
    this.#stream = stream;
    this.#dropped = dropped;
    this.#hangs = hangs;
    this.#mostWaiting = mostWaiting;
  }

  /** Takes whole lines, and calls back before they are written. */
  readonly print = (text: string, done: () => void): void => {
    this.#waiting.push(text);
    this.#characters += text.length;
    this.#write();
    this.#limit(this.#mostWaiting);
    done();
  };

  /** Gives whoever reads some time for what waits, and drops the rest. */
  async close(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (this.#isWriting && performance.now() < end) await sleep(10);
    this.#limit(0);
    if (!this.#isWriting) return;
    this.#dropped(linesOf(this.#writing));
    this.#hangs();
  }

  #write(): void {
    if (this.#isWriting) return;
    const text = this.#waiting.shift();
    if (text === undefined) return;
    this.#characters -= text.length;
    this.#isWriting = true;
    this.#writing = text;
    this.#stream.write(text, () => {
      this.#isWriting = false;
      this.#write();
    });
  }

  #limit(most: number): void {
    let lines = 0;
    while (this.#characters > most) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#characters -= text.length;
      lines += linesOf(text);
    }
    if (lines > 0) this.#dropped(lines);
  }
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}
