import type { AlertEvent, AlertSink, Episode } from "../core/alerts/alert-event.ts";

interface Entry<T> {
  /** Row of the batch that it belongs to. */
  readonly position: number;
  /** What a deadline does at a row comes before what the row itself does. */
  readonly byRow: boolean;
  readonly deadline: number;
  readonly key: number;
  readonly detector: number;
  readonly value: T;
}

/**
 * Collects what the keys of one batch decide, each by itself, and gives it back in the one order
 * that does not depend on how keys and rows were grouped: by row; at a row, deadlines before the row
 * itself, by time, key and detector.
 */
export class EventQueue implements AlertSink {
  #messages: Entry<AlertEvent>[] = [];
  #episodes: Entry<Episode>[] = [];
  #position = 0;
  #byRow = false;
  #deadline = 0;

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

  /** All messages in order; the queue is then without them. */
  takeMessages(): AlertEvent[] {
    const messages = inOrder(this.#messages);
    this.#messages = [];
    return messages;
  }

  /** All ended episodes in order; the queue is then without them. */
  takeEpisodes(): Episode[] {
    const episodes = inOrder(this.#episodes);
    this.#episodes = [];
    return episodes;
  }

  #entry<T>(value: T, { key, detector }: Episode): Entry<T> {
    const position = this.#position;
    return { position, byRow: this.#byRow, deadline: this.#deadline, key, detector, value };
  }
}

function inOrder<T>(entries: Entry<T>[]): T[] {
  // the sort is stable: what one policy decides at one row stays in its order
  entries.sort(
    (a, b) =>
      a.position - b.position ||
      Number(a.byRow) - Number(b.byRow) ||
      a.deadline - b.deadline ||
      a.key - b.key ||
      a.detector - b.detector,
  );
  return entries.map(({ value }) => value);
}
