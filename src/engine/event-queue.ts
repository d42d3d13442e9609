import type { AlertEvent, AlertSink, Episode } from "../core/alerts/alert-event.ts";

/** Something that was decided, and where it belongs in the order of all that is decided in a batch. */
export interface Decided<T> {
  /** Row of the batch that it belongs to. */
  readonly position: number;
  /** What a deadline does at a row comes before what the row itself does. */
  readonly byRow: boolean;
  readonly deadline: number;
  readonly key: number;
  readonly detector: number;
  readonly value: T;
}

/** What the keys of a batch decided. */
export interface Decisions {
  readonly messages: readonly Decided<AlertEvent>[];
  readonly episodes: readonly Decided<Episode>[];
}

/**
 * Collects what the keys of one batch decide, each by itself, and gives it back in the one order
 * that does not depend on how keys and rows were grouped: by row; at a row, deadlines before the row
 * itself, by time, key and detector.
 */
export class EventQueue implements AlertSink {
  #messages: Decided<AlertEvent>[] = [];
  #episodes: Decided<Episode>[] = [];
  #position = 0;
  #byRow = false;
  #deadline = Number.NaN; // no whole number at first: V8 would compile all that has one again at the first deadline

  /** What follows was decided by the row at `position`. */
  atRow(position: number): void {
    this.#position = position;
    this.#byRow = true;
    this.#deadline = 0;
  }

  /** What follows was decided by a deadline that passed just before the row at `position`. */
  atDeadline(position: number, deadline: number): void {
    this.#position = position;
    this.#byRow = false;
    this.#deadline = deadline;
  }

  message(event: AlertEvent): void {
    this.#messages.push(this.#entry(event, event.episode));
  }

  episode(episode: Episode): void {
    this.#episodes.push(this.#entry(episode, episode));
  }

  /** All that was collected; the queue is then empty. */
  drain(): Decisions {
    const decisions = { messages: this.#messages, episodes: this.#episodes };
    this.#messages = [];
    this.#episodes = [];
    return decisions;
  }

  #entry<T>(value: T, { key, detector }: Episode): Decided<T> {
    const position = this.#position;
    return { position, byRow: this.#byRow, deadline: this.#deadline, key, detector, value };
  }
}

/** What was decided, by whichever keys and workers, in its one order. */
export interface Ordered {
  /** Messages in the order in which they are sent. */
  readonly events: readonly AlertEvent[];
  /** Row of the batch that brought each of the events, or moved time past its deadline. */
  readonly eventRows: readonly number[];
  /** Episodes that ended. */
  readonly episodes: readonly Episode[];
}

/** Puts all that was decided into its one order. */
export function allInOrder({ messages, episodes }: Decisions): Ordered {
  const sent = sorted(messages);
  return {
    events: sent.map(({ value }) => value),
    eventRows: sent.map(({ position }) => position),
    episodes: inOrder(episodes),
  };
}

/** Puts what was decided, by whichever keys and workers, into its one order. */
export function inOrder<T>(decided: readonly Decided<T>[]): T[] {
  return sorted(decided).map(({ value }) => value);
}

function sorted<T>(decided: readonly Decided<T>[]): readonly Decided<T>[] {
  // the sort is stable: what one policy decides at one row stays in its order
  return [...decided].sort(
    (a, b) =>
      a.position - b.position ||
      Number(a.byRow) - Number(b.byRow) ||
      a.deadline - b.deadline ||
      a.key - b.key ||
      a.detector - b.detector,
  );
}
