import type {
  LineChunk,
  LiveListener,
  LiveSource,
  SourceEvent,
  SourcePosition,
} from "../../io/sources/live/live-source.ts";

/** Waiting lines above which a file or stdin pauses. */
const MAX_AHEAD = 2000;

/** Maximum number of waiting lines and characters of a port, which can't pause: above, the oldest lines are dropped. */
const MAX_LINES = 50_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Receives the events of a source at once. */
export interface LineQueueHooks {
  /** Lines have arrived, or the source has ended. */
  wake(): void;
  event(queue: LineQueue, event: SourceEvent): void;
  /** The queue was full and has dropped lines. */
  dropped(queue: LineQueue, lines: number): void;
  /** Arrival time for readings without a timestamp, ms. */
  now(): number;
}

/** Lines from the front of a queue. */
export interface TakenLines {
  readonly lines: readonly string[];
  /** 1-based number of the first line. */
  readonly firstLine: number;
  /** Arrival time, ms. */
  readonly timeMs: number;
  /** Position of the source after them; undefined: in the middle of a chunk. */
  readonly position: SourcePosition | null | undefined;
  /** As in `LineChunk`; undefined: in the middle of a chunk, or nothing waits for it. */
  readonly kept: (() => void) | undefined;
}

interface Waiting {
  readonly chunk: LineChunk;
  readonly timeMs: number;
  readonly characters: number;
}

/** The bounded queue of a source: lines that wait to be scored. */
export class LineQueue implements LiveListener {
  readonly source: LiveSource;
  readonly #hooks: LineQueueHooks;
  #queue: Waiting[] = [];
  /** Number of lines taken from the first chunk. */
  #taken = 0;
  #lines = 0;
  #characters = 0;
  #dropped = 0;
  #ended = false;
  #lastArrivalMs = 0;
  #paused: (() => void)[] = [];

  constructor(source: LiveSource, hooks: LineQueueHooks) {
    this.source = source;
    this.#hooks = hooks;
  }

  /** Number of waiting lines. */
  get waiting(): number {
    return this.#lines;
  }

  /** Total characters of the waiting lines; a partly taken chunk counts in full. */
  get waitingCharacters(): number {
    return this.#characters;
  }

  /** When the last line arrived, ms. */
  get lastArrivalMs(): number {
    return this.#lastArrivalMs;
  }

  /** Number of lines dropped so far. */
  get droppedLines(): number {
    return this.#dropped;
  }

  /** Whether the source has ended. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** Reads the source to its end; see `LiveSource.run`. */
  async run(from: SourcePosition | null, signal: AbortSignal): Promise<void> {
    try {
      await this.source.run(this, from, signal);
    } finally {
      this.#ended = true;
      this.#hooks.wake();
    }
  }

  lines(chunk: LineChunk): Promise<void> | void {
    if (this.#ended) return;
    const characters = chunk.lines.reduce((sum, line) => sum + line.length, 0);
    this.#lastArrivalMs = this.#hooks.now();
    this.#queue.push({ chunk, timeMs: this.#lastArrivalMs, characters });
    this.#lines += chunk.lines.length;
    this.#characters += characters;
    this.#hooks.wake();
    if (this.source.isDevice) this.#limit();
    else if (this.#lines > MAX_AHEAD) return new Promise((resolve) => this.#paused.push(resolve));
  }

  event(event: SourceEvent): void {
    this.#hooks.event(this, event);
  }

  /** The first waiting lines, without taking them. */
  peek(most: number): readonly string[] {
    const lines: string[] = [];
    for (const [i, { chunk }] of this.#queue.entries()) {
      const start = i === 0 ? this.#taken : 0;
      lines.push(...chunk.lines.slice(start, start + most - lines.length));
      if (lines.length >= most) break;
    }
    return lines;
  }

  /** Takes lines of the first chunk; null: no line waits. */
  take(most: number): TakenLines | null {
    const [first] = this.#queue;
    if (first === undefined) return null;
    const { chunk, timeMs, characters } = first;
    const start = this.#taken;
    const end = Math.min(chunk.lines.length, start + most);
    const isWhole = end === chunk.lines.length;
    this.#lines -= end - start;
    if (isWhole) {
      this.#queue.shift();
      this.#taken = 0;
      this.#characters -= characters;
    } else this.#taken = end;
    if (this.#lines <= MAX_AHEAD) for (const resume of this.#paused.splice(0)) resume();
    return {
      lines: chunk.lines.slice(start, end),
      firstLine: chunk.firstLine + start,
      timeMs,
      position: isWhole ? chunk.position : undefined,
      kept: isWhole ? chunk.kept : undefined,
    };
  }

  /** Accepts no further lines, and drops the waiting ones. */
  close(): void {
    this.#ended = true;
    this.#queue = [];
    this.#lines = 0;
    this.#characters = 0;
    for (const resume of this.#paused.splice(0)) resume();
  }

  /** Drops the oldest chunks, except a partly taken one. */
  #limit(): void {
    let dropped = 0;
    while (
      this.#queue.length > 2 &&
      (this.#lines > MAX_LINES || this.#characters > MAX_CHARACTERS)
    ) {
      const [oldest] = this.#queue.splice(this.#taken > 0 ? 1 : 0, 1);
      if (oldest === undefined) break;
      dropped += oldest.chunk.lines.length;
      this.#lines -= oldest.chunk.lines.length;
      this.#characters -= oldest.characters;
    }
    if (dropped === 0) return;
    this.#dropped += dropped;
    this.#hooks.dropped(this, dropped);
  }
}
