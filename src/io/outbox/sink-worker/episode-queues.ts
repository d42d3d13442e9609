import type { Delivery } from "../log/delivery.ts";
import { DueQueue } from "./due-queue.ts";

/**
 * The messages of one sink: in order within an episode, of which only the first may go, and by time
 * between episodes.
 */
export class EpisodeQueues {
  readonly #episodes = new Map<string, Delivery[]>();
  /** Firsts of episodes; those that are no longer are skipped. */
  readonly #due = new DueQueue<Delivery>();

  /** All of them, in no order. */
  *all(): Generator<Delivery> {
    for (const queue of this.#episodes.values()) yield* queue;
  }

  add(delivery: Delivery): void {
    const { episode, n } = delivery.message;
    const queue = this.#episodes.get(episode) ?? [];
    // one that was redriven may be older than those that wait
    const later = queue.findIndex(({ message }) => message.n > n);
    queue.splice(later < 0 ? queue.length : later, 0, delivery);
    this.#episodes.set(episode, queue);
    if (queue[0] === delivery) this.reschedule(delivery);
  }

  /** The time of an episode's first message has changed. */
  reschedule(delivery: Delivery): void {
    this.#due.push({ dueAt: delivery.dueAt, n: delivery.message.n, item: delivery });
  }

  /** The first message of an episode that is due first; null when there is none. */
  next(): Delivery | null {
    for (let top = this.#due.peek(); top !== undefined; top = this.#due.peek()) {
      const { item } = top;
      const first = this.#episodes.get(item.message.episode)?.[0];
      if (first === item && top.dueAt === item.dueAt) return item;
      this.#due.pop();
    }
    return null;
  }

  /** Takes out what {@link next} gave, to be tried; its episode waits until it is done or put back. */
  take(): void {
    this.#due.pop();
  }

  /** Done with a message: the next one of its episode may go. */
  remove(delivery: Delivery): void {
    const { episode } = delivery.message;
    const queue = this.#episodes.get(episode);
    const at = queue?.indexOf(delivery) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.splice(at, 1);
    const first = queue[0];
    if (first === undefined) this.#episodes.delete(episode);
    else if (at === 0) this.reschedule(first);
  }
}
