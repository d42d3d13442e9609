import type { AlertEvent } from "../../../core/alerts/alert-event.ts";

const MS_PER_DAY = 86_400_000;

/** Alarms of one sensor: the day of the newest, the count of that day, and the newest's event time, ms. */
type Alarms = readonly [day: number, count: number, lastAt: number];

/** Number of alarms of each sensor on its last day with any; days are UTC days of event time. */
export class DailyAlarms {
  readonly #byKey = new Map<number, Alarms>();
  #changes = 0;

  /** Grows with every alarm. */
  get changes(): number {
    return this.#changes;
  }

  /** Counts firing alerts. */
  count(events: readonly AlertEvent[]): void {
    for (const { status, episode, timestamp } of events) {
      if (status === "firing") this.#add(episode.key, timestamp);
    }
  }

  /** Ignores alarms of earlier days. */
  #add(key: number, timeMs: number): void {
    const day = dayOf(timeMs);
    const [lastDay, count] = this.#byKey.get(key) ?? [Number.NEGATIVE_INFINITY, 0];
    if (day < lastDay) return;
    this.#byKey.set(key, [day, day === lastDay ? count + 1 : 1, timeMs]);
    this.#changes += 1;
  }

  /** Alarms of a sensor on the day of an event time. */
  on(key: number, timeMs: number): number {
    const [day, count] = this.#byKey.get(key) ?? [Number.NaN, 0];
    return day === dayOf(timeMs) ? count : 0;
  }

  /** Event time of a sensor's newest alarm, ms; -Infinity: none. */
  lastAt(key: number): number {
    return this.#byKey.get(key)?.[2] ?? Number.NEGATIVE_INFINITY;
  }

  /** As plain JSON, for {@link load}. */
  save(): unknown {
    return { changes: this.#changes, alarms: [...this.#byKey] } satisfies Saved;
  }

  load(saved: unknown): void {
    const { changes, alarms } = saved as Saved;
    this.#changes = changes;
    for (const [key, of] of alarms) this.#byKey.set(key, of);
  }
}

interface Saved {
  readonly changes: number;
  readonly alarms: readonly (readonly [key: number, alarms: Alarms])[];
}

function dayOf(timeMs: number): number {
  return Math.floor(timeMs / MS_PER_DAY);
}
