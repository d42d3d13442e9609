import type { SourceEvent } from "../io/sources/live/live-source.ts";
import type { ScoredRows } from "../service/effects.ts";
import type { HostedBuffer } from "../service/registry.ts";
import type { WatchListener } from "./watch-listener.ts";

/** Follows whether the sources of a session can be read, and when the last reading arrived. */
export class WatchedHealth implements WatchListener {
  readonly #steady: () => number;
  /** Sources that are down, with the reason. */
  readonly #down = new Map<string, string>();
  #lastReading: number;

  /** @param steady Ms of a steady clock. */
  constructor(steady: () => number) {
    this.#steady = steady;
    this.#lastReading = steady();
  }

  /** Time of the last reading, or of the start before it; ms of the steady clock. */
  get lastReading(): number {
    return this.#lastReading;
  }

  /** A sentence about a source that is down, without its period; null: none is. */
  get problem(): string | null {
    const [first] = this.#down;
    return first === undefined ? null : `${first[0]}: ${first[1]}`;
  }

  rows(_: HostedBuffer, { output }: ScoredRows): void {
    if (output.length > 0) this.#lastReading = this.#steady();
  }

  source(label: string, { kind, detail }: SourceEvent): void {
    if (kind === "down") this.#down.set(label, detail);
    if (kind === "up") this.#down.delete(label);
  }
}
