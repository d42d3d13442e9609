import type { LiveSource, SourceEvent } from "../../io/sources/live-source.ts";
import type { ClockStep } from "../time/arrival-clock.ts";
import type { WatchEvents } from "../watch-events.ts";
import type { OpenEvents } from "./open-events.ts";

/** Turns what happens to sources and to the clock into messages of the pipeline. */
export class SourceEvents {
  readonly #events: WatchEvents;
  readonly #pipeline: string;
  readonly #downs: OpenEvents;

  /** @param downs Those of the last run; it is kept up to date. */
  constructor(events: WatchEvents, pipeline: string, downs: OpenEvents) {
    this.#events = events;
    this.#pipeline = pipeline;
    this.#downs = downs;
  }

  /**
   * Tells that sources which were down when the last run ended are no longer watched.
   *
   * @param watched Those that are.
   */
  begin(watched: readonly LiveSource[], atMs: number): void {
    const names = new Set(watched.map(nameOf));
    for (const [name, { subject, sinceMs }] of this.#downs.all) {
      if (names.has(name)) continue;
      this.#downs.delete(name);
      this.#downs.save();
      this.#tell("source_down", subject, "resolved", `${name} is not watched`, atMs, sinceMs);
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
      this.#tell("source_down", stem, "firing", detail, atMs, atMs);
    }
    if (kind === "up" && down !== undefined) {
      this.#downs.delete(name);
      this.#downs.save();
      this.#tell("source_down", down.subject, "resolved", detail, atMs, down.sinceMs);
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

function nameOf({ path, label }: LiveSource): string {
  return path ?? label;
}
