import type { SourceEvent } from "../../io/sources/live-source.ts";
import type { ClockStep } from "./arrival-clock.ts";
import type { SourceFeed } from "./source-feed.ts";
import type { WatchEvents } from "./watch-events.ts";

/** Turns what happens to sources and to the clock into messages of the pipeline. */
export class OpsWatch {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  /** Since when sources are down, ms since epoch. */
  readonly #down = new Map<SourceFeed, number>();

  constructor(events: WatchEvents, pipeline: string) {
    this.#events = events;
    this.#pipeline = pipeline;
  }

  source(feed: SourceFeed, event: SourceEvent): void {
    const { label, stem } = feed.source;
    this.#events.tell((listener) => listener.source?.(label, event));
    const { kind, detail, atMs } = event;
    const since = this.#down.get(feed);
    if (kind === "down" && since === undefined) {
      this.#down.set(feed, atMs);
      this.#tell("source_down", stem, "firing", detail, atMs, atMs);
    }
    if (kind === "up" && since !== undefined) {
      this.#down.delete(feed);
      this.#tell("source_down", stem, "resolved", detail, atMs, since);
    }
  }

  clock({ expectedMs, foundMs }: ClockStep): void {
    const time = (ms: number): string => new Date(ms).toISOString();
    const how =
      foundMs > expectedMs
        ? "readings without a timestamp follow it"
        : "readings without a timestamp go on at the pace of passing time";
    const detail = `the clock was set from ${time(expectedMs)} to ${time(foundMs)}: ${how}`;
    this.#tell("clock_step", "clock", "firing", detail, foundMs, foundMs);
  }

  #tell(
    event: string,
    subject: string,
    status: "firing" | "resolved",
    detail: string,
    atMs: number,
    startedMs: number,
  ): void {
    const pipeline = this.#pipeline;
    this.#events.ops({
      ...{ pipeline, event, subject, status, detail, atMs, startedMs },
      severity: "warning",
    });
  }
}
