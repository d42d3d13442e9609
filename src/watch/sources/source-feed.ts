import type {
  LineChunk,
  LiveListener,
  LiveSource,
  SourceEvent,
  SourcePosition,
} from "../../io/sources/live-source.ts";

/** Lines of a file or of stdin that wait before its reading pauses. */
const MOST_AHEAD = 2000;

/** What a source that can't be held up may have waiting; then its oldest lines go. */
const MOST_LINES = 50_000;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Who is told what happens at a source, at once. */
export interface FeedHooks {
  /** There is something to do. */
  wake(): void;
  event(feed: SourceFeed, event: SourceEvent): void;
  /** Lines were dropped, as the queue is full. */
  dropped(feed: SourceFeed, lines: number): void;
  /** Event time of readings without one that come now, ms. */
  now(): number;
}

/** Lines from the front of a queue. */
export interface TakenLines {
  readonly lines: readonly string[];
  /** 1-based number of the first one. */
  readonly firstLine: number;
  /** Event time of those that have none, ms. */
  readonly timeMs: number;
  /** Where the source stands after them; undefined: in the middle of what it read at once. */
  readonly position: SourcePosition | null | undefined;
}

interface Waiting {
  readonly chunk: LineChunk;
  readonly timeMs: number;
  readonly characters: number;
}

/** The lines of one source that wait to be scored: a bounded queue. */
export class SourceFeed implements LiveListener {
  readonly source: LiveSource;
  readonly #hooks: FeedHooks;
  #queue: Waiting[] = [];
  /** Lines of the first chunk that were taken. */
  #taken = 0;
  #lines = 0;
  #characters = 0;
  #dropped = 0;
  #ended = false;
  #paused: (() => void)[] = [];

  constructor(source: LiveSource, hooks: FeedHooks) {
    this.source = source;
    this.#hooks = hooks;
  }

  /** Lines that wait. */
  get waiting(): number {
    return this.#lines;
  }

  /** How long these are together, characters; a part of what came together counts as all of it. */
  get waitingCharacters(): number {
    return this.#characters;
  }

  /** Lines that were dropped so far, as too many waited. */
  get droppedLines(): number {
    return this.#dropped;
  }

  /** Whether no further line will come. */
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
    this.#queue.push({ chunk, timeMs: this.#hooks.now(), characters });
    this.#lines += chunk.lines.length;
    this.#characters += characters;
    this.#hooks.wake();
    if (this.source.kind === "serial") this.#limit();
    else if (this.#lines > MOST_AHEAD) return new Promise((resolve) => this.#paused.push(resolve));
  }

  event(event: SourceEvent): void {
    this.#hooks.event(this, event);
  }

  /** The first lines that wait; they go on waiting. */
  peek(most: number): readonly string[] {
    const lines: string[] = [];
    for (const [i, { chunk }] of this.#queue.entries()) {
      const start = i === 0 ? this.#taken : 0;
      lines.push(...chunk.lines.slice(start, start + most - lines.length));
      if (lines.length >= most) break;
    }
    return lines;
  }

  /** Takes lines that came together, at most so many; null: none waits. */
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
    if (this.#lines <= MOST_AHEAD) for (const go of this.#paused.splice(0)) go();
    return {
      lines: chunk.lines.slice(start, end),
      firstLine: chunk.firstLine + start,
      timeMs,
      position: isWhole ? chunk.position : undefined,
    };
  }

  /** Takes no further line, and drops those that wait. */
  close(): void {
    this.#ended = true;
    this.#queue = [];
    this.#lines = 0;
    this.#characters = 0;
    for (const go of this.#paused.splice(0)) go();
  }

  /** Drops what has waited longest, but for what is being taken. */
  #limit(): void {
    let dropped = 0;
    while (
      this.#queue.length > 2 &&
      (this.#lines > MOST_LINES || this.#characters > MOST_CHARACTERS)
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
