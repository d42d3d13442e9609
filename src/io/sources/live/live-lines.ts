import { type FramedLines, MAX_LINE_BYTES } from "../../framing/line-framer.ts";
import type { LiveListener, SourcePosition } from "./live-source.ts";

/** Numbers the lines of a source and passes them and its events to the listener. */
export class LiveLines {
  readonly #listener: LiveListener;
  #count: number;

  /** @param count Number of earlier lines. */
  constructor(listener: LiveListener, count = 0) {
    this.#listener = listener;
    this.#count = count;
  }

  /** Lines so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Passes lines on. Resolves when the listener has taken them.
   *
   * @param kept As in `LineChunk`; called at once if there are no lines.
   */
  async give(
    framed: FramedLines,
    position: () => SourcePosition | null,
    kept?: () => void,
  ): Promise<void> {
    const { lines, repaired, tooLong } = framed;
    if (tooLong > 0) {
      const count = tooLong === 1 ? "a line" : `${tooLong} lines`;
      this.lost(tooLong, `${count} of more than ${MAX_LINE_BYTES} bytes dropped`);
    }
    if (lines.length === 0) return kept?.();
    const firstLine = this.#count + 1;
    this.#count += lines.length;
    const arrivalMs = Date.now();
    const chunk = { lines, repaired, firstLine, arrivalMs, position: position() };
    await this.#listener.lines(kept === undefined ? chunk : { ...chunk, kept });
  }

  up(detail: string): void {
    this.#listener.event({ kind: "up", detail, lines: 0, atMs: Date.now() });
  }

  down(detail: string): void {
    this.#listener.event({ kind: "down", detail, lines: 0, atMs: Date.now() });
  }

  /** @param lines Minimum number of lost lines. */
  lost(lines: number, detail: string): void {
    this.#listener.event({ kind: "lost", detail, lines, atMs: Date.now() });
  }
}
