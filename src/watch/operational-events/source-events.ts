import { isoTime } from "../../core/timestamp/iso-time.ts";
import type { LiveSource, SourceEvent } from "../../io/sources/live/live-source.ts";
import type { OpenEvents } from "../../state/open-events.ts";
import type { ClockStep } from "../time/arrival-clock.ts";
import type { WatchEvents } from "../watch-events.ts";

/** Sends operational messages about sources and about the clock. */
export class SourceEvents {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  readonly #downs: OpenEvents;

  /** @param downs Sources that were down at the end of the last session; updated. */
  constructor(events: WatchEvents, pipeline: string, downs: OpenEvents) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#downs = downs;
  }

  /**
   * Resolves the messages of sources that were down and are no longer watched.
   *
   * @param watched The sources of this session.
   */
  begin(watched: readonly LiveSource[], atMs: number): void {
    const names = new Set(watched.map(nameOf));
    for (const [name, { subject, sinceMs }] of this.#downs.all) {
      if (names.has(name)) continue;
      this.#downs.delete(name);
      this.#downs.save();
      this.#send("source_down", subject, "resolved", `${name} is no longer watched`, atMs, sinceMs);
    }
  }

  source(source: LiveSource, event: SourceEvent): void {
    const { label, stem } = source;
    this.#events.notify((listener) => listener.source?.(label, event));
    const { kind, detail, atMs } = event;
    const name = nameOf(source);
    const down = this.#downs.all.get(name);
    if (kind === "down" && down === undefined) {
      this.#downs.set(name, { subject: stem, sinceMs: atMs });
      this.#downs.save();
      this.#send("source_down", stem, "firing", detail, atMs, atMs);
    }
    if (kind === "up" && down !== undefined) {
      this.#downs.delete(name);
      this.#downs.save();
      this.#send("source_down", down.subject, "resolved", detail, atMs, down.sinceMs);
    }
  }

  clock({ expectedMs, foundMs }: ClockStep): void {
    const how =
      foundMs > expectedMs
        ? "readings without a timestamp follow it"
        : "readings without a timestamp continue at the pace of the steady clock";
    const detail = `the clock was set from ${isoTime(expectedMs)} to ${isoTime(foundMs)}: ${how}`;
    this.#send("clock_step", "clock", "firing", detail, foundMs, foundMs);
  }

  #send(
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

function nameOf({ path, label }: LiveSource): string {
  return path ?? label;
}
