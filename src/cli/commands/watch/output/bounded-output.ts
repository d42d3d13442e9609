import { setTimeout as sleep } from "node:timers/promises";
import type { OutputStream } from "../../../context.ts";

/** Maximum number of characters that wait for the reader. */
const MAX_WAITING = 8 * 1024 * 1024;
/** Time for the reader to take the rest at the end, ms. */
const CLOSE_MS = 2000;

/** Writes lines to a stream without waiting for its reader. Above a limit it drops the oldest lines. */
export class BoundedOutput {
  readonly #stream: OutputStream;
  readonly #onDrop: (lines: number) => void;
  readonly #onHang: () => void;
  readonly #maxWaiting: number;
  #waiting: string[] = [];
  #characters = 0;
  #isWriting = false;
  /** The newest text passed to the stream. */
  #writing = "";

  /**
   * @param onDrop Called immediately, with the number of dropped lines.
   * @param onHang Called by `close` if the stream has not finished its current write.
   * @param maxWaiting Characters.
   */
  constructor(
    stream: OutputStream,
    onDrop: (lines: number) => void,
    onHang: () => void,
    maxWaiting: number = MAX_WAITING,
  ) {
    this.#stream = stream;
    this.#onDrop = onDrop;
    this.#onHang = onHang;
    this.#maxWaiting = maxWaiting;
  }

  /** Takes whole lines; calls back before it writes them. */
  readonly print = (text: string, done: () => void): void => {
    this.#waiting.push(text);
    this.#characters += text.length;
    this.#write();
    this.#limit(this.#maxWaiting);
    done();
  };

  /** Waits some seconds for the reader, then drops the rest. */
  async close(): Promise<void> {
    const end = performance.now() + CLOSE_MS;
    while (this.#isWriting && performance.now() < end) await sleep(10);
    this.#limit(0);
    if (!this.#isWriting) return;
    this.#onDrop(linesOf(this.#writing));
    this.#onHang();
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

  #limit(max: number): void {
    let lines = 0;
    while (this.#characters > max) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#characters -= text.length;
      lines += linesOf(text);
    }
    if (lines > 0) this.#onDrop(lines);
  }
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}
