import { EventRing, type EventType, type StreamEvent } from "./event-ring.ts";

/** Who follows the events of a pipeline. */
export interface Follower {
  readonly types: ReadonlySet<EventType>;
  event(event: StreamEvent): void;
  /** There will be no further events: the pipeline is gone. */
  gone(): void;
}

/** How a follower begins. */
export interface Followed {
  /** Events since the one it saw last. */
  readonly missed: readonly StreamEvent[];
  /** Whether there were others in between that are not held any more. */
  readonly gap: boolean;
  /** Number of the newest event; 0: there was none. */
  readonly newest: number;
  /** Ends it. */
  stop(): void;
}

/** The events of one pipeline: the last ones, and those who follow. */
export class Feed {
  /** Apart, so that many scores do not push out the alerts. */
  readonly #rings: Readonly<Record<EventType, EventRing>>;
  readonly #followers = new Set<Follower>();
  #number = 0;
  /** Number up to which scores may be missing in the ring: they are kept only while somebody wants them. */
  #unscored = 0;
  #keepsScores = false;

  /** @param ringBytes Held of each type. */
  constructor(ringBytes: number) {
    this.#rings = { score: new EventRing(ringBytes), alert: new EventRing(ringBytes) };
  }

  /** Whether scores are kept: since somebody wanted them for the first time. */
  get keepsScores(): boolean {
    return this.#keepsScores;
  }

  add(type: EventType, data: string): void {
    this.#number += 1;
    const event: StreamEvent = { number: this.#number, type, data };
    this.#rings[type].add(event);
    for (const follower of this.#followers) if (follower.types.has(type)) follower.event(event);
  }

  /** Counts scores that nobody wants. */
  skipScores(count: number): void {
    this.#number += count;
    this.#unscored = this.#number;
  }

  /** @param after Number of the event that it saw last; null: it begins now. */
  follow(follower: Follower, after: number | null): Followed {
    const newest = this.#number;
    const from = after ?? newest;
    const wantsScores = follower.types.has("score");
    const rings = [...follower.types].map((type) => this.#rings[type]);
    const lost = Math.max(wantsScores ? this.#unscored : 0, ...rings.map((ring) => ring.lost));
    const isUnknown = from > newest; // it was never given, or before a restart
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
