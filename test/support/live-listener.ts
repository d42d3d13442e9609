import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type {
  LineChunk,
  LiveListener,
  LiveSource,
  SourceEvent,
  SourcePosition,
} from "../../src/io/sources/live/live-source.ts";

const WAIT_MS = 600_000;

/** Records the events of a source. */
class KeepingListener implements LiveListener {
  readonly chunks: LineChunk[] = [];
  readonly events: SourceEvent[] = [];
  readonly #all: string[] = [];
  #next: number | undefined;

  lines(chunk: LineChunk): void {
    expect(chunk.firstLine).toBe(this.#next ?? chunk.firstLine);
    this.#next = chunk.firstLine + chunk.lines.length;
    this.chunks.push(chunk);
    for (const line of chunk.lines) this.#all.push(line);
  }

  event(event: SourceEvent): void {
    this.events.push(event);
  }

  /** Lines so far. */
  get all(): readonly string[] {
    return this.#all;
  }

  /** Position of the source after the lines so far. */
  get position(): SourcePosition | null {
    return this.chunks.at(-1)?.position ?? null;
  }

  /** Kinds of all events in their order. */
  get kinds(): string {
    return this.events.map(({ kind }) => kind).join(" ");
  }

  /** Resolves when that holds. */
  async until(what: (listener: this) => boolean): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!what(this)) {
      if (Date.now() > end) {
        const last = JSON.stringify(this.all.slice(-3));
        throw new Error(
          `the condition never held: ${this.all.length} lines, ${last}, ${this.kinds}`,
        );
      }
      await sleep(5);
    }
  }
}

/** A running source. */
export interface Running {
  readonly listener: KeepingListener;
  /** Stops it, and resolves when it has stopped. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

/** Reads a source until the caller stops it. */
export function runSource(source: LiveSource, from: SourcePosition | null = null): Running {
  const listener = new KeepingListener();
  const stopping = new AbortController();
  const ended = source.run(listener, from, stopping.signal);
  ended.catch(() => {}); // a waiting test reports it
  return {
    listener,
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
