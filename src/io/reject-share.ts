/** Lines of the first window. */
const WINDOW_LINES = 50;
/** Length of the second window, and its least number of lines. */
const WINDOW_SECONDS = 60;
const MIN_LINES = 5;
/** Readings in a row after which readings have come again. */
const ENOUGH_READINGS = 5;

/**
 * Follows which share of the newest lines of a source is rejected: of the last 50 lines, and of the last minute,
 * once the source has run for a minute. The minute has at least the last five lines, so that a source with few
 * lines counts too. Every call costs O(1), except {@link isMost}.
 */
export class RejectShare {
  /** 1 for a rejected line; a ring. */
  readonly #recent = new Uint8Array(WINDOW_LINES);
  /** Lines and rejects of each second of the last minute, by second modulo 60. */
  readonly #seconds = new Float64Array(WINDOW_SECONDS).fill(-1);
  readonly #lines = new Float64Array(WINDOW_SECONDS);
  readonly #rejects = new Float64Array(WINDOW_SECONDS);
  #count = 0;
  #rejected = 0;
  #firstMs = Number.NaN;
  #lastMs = 0;
  #inRow = 0;

  /** Counts a line. @param timeMs Time of its arrival; never decreases. */
  line(isReading: boolean, timeMs: number): void {
    const at = this.#count % WINDOW_LINES;
    const reject = isReading ? 0 : 1;
    this.#rejected += reject - (this.#recent[at] as number);
    this.#recent[at] = reject;
    this.#count += 1;
    this.#inRow = isReading ? this.#inRow + 1 : 0;
    if (Number.isNaN(this.#firstMs)) this.#firstMs = timeMs;
    this.#lastMs = timeMs;
    const second = Math.floor(timeMs / 1000);
    const place = second % WINDOW_SECONDS;
    if (this.#seconds[place] !== second) {
      this.#seconds[place] = second;
      this.#lines[place] = 0;
      this.#rejects[place] = 0;
    }
    this.#lines[place] = (this.#lines[place] as number) + 1;
    this.#rejects[place] = (this.#rejects[place] as number) + reject;
  }

  /** The window of which more than half is rejected, in words; null: of neither. */
  get isMost(): string | null {
    if (this.#rejected > WINDOW_LINES / 2) {
      return `${this.#rejected} of the last ${Math.min(this.#count, WINDOW_LINES)} lines`;
    }
    if (this.#count === 0 || this.#lastMs - this.#firstMs < WINDOW_SECONDS * 1000) return null;
    const { lines, rejects } = this.#minute();
    if (lines >= MIN_LINES) {
      return rejects > lines / 2 ? `${rejects} of the ${lines} lines of the last minute` : null;
    }
    const few = this.#lastRejects(MIN_LINES);
    return few > MIN_LINES / 2 ? `${few} of the last ${MIN_LINES} lines` : null;
  }

  /** Whether the newest lines are readings. */
  get isReadingAgain(): boolean {
    return this.#inRow >= ENOUGH_READINGS;
  }

  /** Begins anew, for example with another format. */
  clear(): void {
    this.#recent.fill(0);
    this.#seconds.fill(-1);
    this.#count = 0;
    this.#rejected = 0;
    this.#inRow = 0;
    this.#firstMs = Number.NaN;
  }

  #minute(): { readonly lines: number; readonly rejects: number } {
    const since = Math.floor(this.#lastMs / 1000) - WINDOW_SECONDS;
    let [lines, rejects] = [0, 0];
    for (let i = 0; i < WINDOW_SECONDS; i++) {
      if ((this.#seconds[i] as number) <= since) continue;
      lines += this.#lines[i] as number;
      rejects += this.#rejects[i] as number;
    }
    return { lines, rejects };
  }

  #lastRejects(most: number): number {
    let rejects = 0;
    for (let i = Math.max(0, this.#count - most); i < this.#count; i++) {
      rejects += this.#recent[i % WINDOW_LINES] as number;
    }
    return rejects;
  }
}
