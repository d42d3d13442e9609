import { EventRing, type EventType, type StreamEvent } from "./event-ring.ts";

/** A receiver of the events of a pipeline. */
export interface Follower {
  readonly types: ReadonlySet<EventType>;
  event(event: StreamEvent): void;
  /** The pipeline was deleted: no events will follow. */
  gone(): void;
}

/** Start of a subscription. */
export interface Followed {
  /** Events after the last one it received. */
  readonly missed: readonly StreamEvent[];
  /** Whether events in between were dropped. */
  readonly gap: boolean;
  /** Number of the newest event; 0: none. */
  readonly newest: number;
  /** Ends it. */
  stop(): void;
}

/** The newest events of one pipeline, and its followers. */
export class Feed {
  /** Separate, so that scores do not displace alerts. */
  readonly #rings: Readonly<Record<EventType, EventRing>>;
  readonly #followers = new Set<Follower>();
  #number = 0;
  /** Number up to which scores may be missing: they are stored only after a follower asked for them. */
  #unscored = 0;
  #keepsScores = false;

  /** @param ringBytes Size limit for each type. */
  constructor(ringBytes: number) {
    this.#rings = { score: new EventRing(ringBytes), alert: new EventRing(ringBytes) };
  }

  /** Whether scores are stored: from the first follower that wants them. */
  get keepsScores(): boolean {
    return this.#keepsScores;
  }

  add(type: EventType, data: string): void {
    this.#number += 1;
    const event: StreamEvent = { number: this.#number, type, data };
    this.#rings[type].add(event);
    for (const follower of this.#followers) if (follower.types.has(type)) follower.event(event);
  }

  /** Counts scores that are not stored. */
  skipScores(count: number): void {
    this.#number += count;
    this.#unscored = this.#number;
  }

  /** @param after Number of the last event it received; null: start now. */
  follow(follower: Follower, after: number | null): Followed {
    const newest = this.#number;
    const from = after ?? newest;
    const wantsScores = follower.types.has("score");
    const rings = [...follower.types].map((type) => this.#rings[type]);
    const lost = Math.max(wantsScores ? this.#unscored : 0, ...rings.map((ring) => ring.lost));
    const isUnknown = from > newest; // from before a restart, or invalid
    const missed = rings
      .flatMap((ring) => ring.after(isUnknown ? 0 : from))
      .sort((a, b) => a.number - b.number);
    const gap = isUnknown || from < lost;
    if (wantsScores) this.#keepsScores = true;
    this.#followers.add(follower);
    return { missed, gap, newest, stop: () => void this.#followers.delete(follower) };
  }

  close(): void {
    for (const follower of this.#followers) follower.gone();
    this.#followers.clear();
  }
}
