import type { DiskFailure } from "../../durability/disk/disk-failure.ts";
import type { WatchEvents } from "../watch-events.ts";

/** Sends operational messages when the state directory can't be written, and when it can again. */
export class DiskEvents {
  readonly #events: WatchEvents;
  readonly #clock: () => number;
  #pipeline: string | null = null;
  /** A failure from before {@link begin}. */
  #early: DiskFailure | null = null;
  #firing: { readonly event: string; readonly startedMs: number } | null = null;

  /** @param clock Clock time, ms since epoch. */
  constructor(events: WatchEvents, clock: () => number) {
    this.#events = events;
    this.#clock = clock;
  }

  /** Sends messages from now on, as those of this pipeline. */
  begin(pipeline: string): void {
    this.#pipeline = pipeline;
    if (this.#early !== null) this.#fire(pipeline, this.#early);
  }

  /** @param failure Why records can't be written; null when all are written again. */
  changed(failure: DiskFailure | null): void {
    if (this.#pipeline === null) this.#early = failure;
    else if (failure === null) this.#resolve(this.#pipeline);
    else this.#fire(this.#pipeline, failure);
  }

  #fire(pipeline: string, { message, isFull }: DiskFailure): void {
    if (this.#firing !== null) return;
    const startedMs = this.#clock();
    const event = isFull ? "disk_full" : "disk_error";
    this.#firing = { event, startedMs };
    const detail = `${message}; scoring and alerts continue, but a crash may lose what happens until it is fixed`;
    this.#events.ops({
      ...{ pipeline, event, subject: "disk", status: "firing", severity: "warning" },
      ...{ detail, atMs: startedMs, startedMs },
    });
  }

  #resolve(pipeline: string): void {
    const firing = this.#firing;
    if (firing === null) return;
    this.#firing = null;
    this.#events.ops({
      ...{ pipeline, ...firing, subject: "disk", status: "resolved", severity: "warning" },
      ...{ detail: "the disk is writable again, and everything is stored", atMs: this.#clock() },
    });
  }
}
