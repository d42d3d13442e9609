import type { AlertEvent, AlertListener, Episode } from "../core/alerts/alert-event.ts";

/** A decision, and its place in the order of all decisions of a batch. */
export interface Decided<T> {
  /** Row of the batch. */
  readonly position: number;
  /** Whether the row caused it; decisions of deadlines at the same row come first. */
  readonly byRow: boolean;
  readonly deadline: number;
  readonly key: number;
  readonly detector: number;
  readonly value: T;
}

/** Decisions of the keys of a batch. */
export interface Decisions {
  readonly events: readonly Decided<AlertEvent>[];
  readonly episodes: readonly Decided<Episode>[];
}

/**
 * Collects the decisions of the keys of one batch. {@link allInOrder} sorts them independently of how keys
 * and rows were grouped: by row; at a row, deadlines before the row itself, by time, key and detector.
 */
export class EventQueue implements AlertListener {
  #events: Decided<AlertEvent>[] = [];
  #episodes: Decided<Episode>[] = [];
  #position = 0;
  #byRow = false;
  #deadline = Number.NaN; // not a whole number: otherwise V8 recompiles its users at the first deadline

  /** Attributes the next decisions to the row at `position`. */
  atRow(position: number): void {
    this.#position = position;
    this.#byRow = true;
    this.#deadline = 0;
  }

  /** Attributes the next decisions to a deadline that passed just before the row at `position`. */
  atDeadline(position: number, deadline: number): void {
    this.#position = position;
    this.#byRow = false;
    this.#deadline = deadline;
  }

  event(event: AlertEvent): void {
    this.#events.push(this.#entry(event, event.episode));
  }

  episode(episode: Episode): void {
    this.#episodes.push(this.#entry(episode, episode));
  }

  /** Removes and returns all decisions. */
  drain(): Decisions {
    const decisions = { events: this.#events, episodes: this.#episodes };
    this.#events = [];
    this.#episodes = [];
    return decisions;
  }

  #entry<T>(value: T, { key, detector }: Episode): Decided<T> {
    const position = this.#position;
    return { position, byRow: this.#byRow, deadline: this.#deadline, key, detector, value };
  }
}

/** Decisions in order, independent of keys and workers. */
export interface OrderedDecisions {
  /** In the order in which to send their messages. */
  readonly events: readonly AlertEvent[];
  /** Row of the batch that caused each event or moved time past its deadline. */
  readonly eventRows: readonly number[];
  /** Ended episodes. */
  readonly episodes: readonly Episode[];
}

/** Sorts all decisions. */
export function allInOrder({ events, episodes }: Decisions): OrderedDecisions {
  const ordered = sorted(events);
  return {
    events: ordered.map(({ value }) => value),
    eventRows: ordered.map(({ position }) => position),
    episodes: inOrder(episodes),
  };
}

/** Sorts decisions of any keys and workers, and returns their values. */
export function inOrder<T>(decided: readonly Decided<T>[]): T[] {
  return sorted(decided).map(({ value }) => value);
}

function sorted<T>(decided: readonly Decided<T>[]): readonly Decided<T>[] {
  // the sort is stable: decisions of one policy at one row keep their order
  return [...decided].sort(
    (a, b) =>
      a.position - b.position ||
      Number(a.byRow) - Number(b.byRow) ||
      a.deadline - b.deadline ||
      a.key - b.key ||
      a.detector - b.detector,
  );
}
