import type { WatchEvents } from "../watch-events.ts";

const FULL = /disk is full|no space|quota/i;

/** Turns what happens to the disk into messages of the pipeline. */
export class DiskEvents {
  readonly #events: WatchEvents;
  readonly #clock: () => number;
  #pipeline: string | null = null;
  /** What it was told before the pipeline was known. */
  #early: string | null = null;
  #firing: { readonly event: string; readonly startedMs: number } | null = null;

  /** @param clock Clock time, ms since epoch. */
  constructor(events: WatchEvents, clock: () => number) {
    this.#events = events;
    this.#clock = clock;
  }

  /** From now on messages are those of this pipeline. */
  begin(pipeline: string): void {
    this.#pipeline = pipeline;
    if (this.#early !== null) this.#refused(pipeline, this.#early);
  }

  /** @param failure Why it refuses; null: everything is kept again. */
  told(failure: string | null): void {
    if (this.#pipeline === null) this.#early = failure;
    else if (failure === null) this.#works(this.#pipeline);
    else this.#refused(this.#pipeline, failure);
  }

  #refused(pipeline: string, failure: string): void {
    if (this.#firing !== null) return;
    const startedMs = this.#clock();
    const event = FULL.test(failure) ? "disk_full" : "disk_error";
    this.#firing = { event, startedMs };
    const detail = `${failure}; scoring and alerts go on, what happens meanwhile may not survive a crash`;
    this.#events.ops({
      ...{ pipeline, event, subject: "disk", status: "firing", severity: "warning" },
      ...{ detail, atMs: startedMs, startedMs },
    });
  }

  #works(pipeline: string): void {
    const firing = this.#firing;
    if (firing === null) return;
    this.#firing = null;
    this.#events.ops({
      ...{ pipeline, ...firing, subject: "disk", status: "resolved", severity: "warning" },
      ...{ detail: "it can be written again, and everything is kept", atMs: this.#clock() },
    });
  }
}
