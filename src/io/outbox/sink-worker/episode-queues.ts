import type { Delivery } from "../log/delivery.ts";
import { DueQueue } from "./due-queue.ts";

/**
 * The queued messages of one sink. Within an episode they keep their order, and only the first may go;
 * between episodes, the earliest due goes first.
 */
export class EpisodeQueues {
  readonly #episodes = new Map<string, Delivery[]>();
  /** First messages of episodes; outdated entries are skipped. */
  readonly #due = new DueQueue<Delivery>();

  add(delivery: Delivery): void {
    const { episode } = delivery.message;
    const queue = this.#episodes.get(episode) ?? [];
    // a redriven message may be older than the queued ones
    queue.splice(placeOf(queue, delivery), 0, delivery);
    this.#episodes.set(episode, queue);
    if (queue[0] === delivery) this.reschedule(delivery);
  }

  /** Applies a new due time of the first message of an episode. */
  reschedule(delivery: Delivery): void {
    this.#due.push({ dueAt: delivery.dueAt, n: delivery.message.n, item: delivery });
  }

  /** The message that is due first; null: there is none. */
  next(): Delivery | null {
    for (let top = this.#due.peek(); top !== undefined; top = this.#due.peek()) {
      const { item } = top;
      const first = this.#episodes.get(item.message.episode)?.[0];
      if (first === item && top.dueAt === item.dueAt) return item;
      this.#due.pop();
    }
    return null;
  }

  /** Takes the message of {@link next} for an attempt. Its episode waits until it is removed or rescheduled. */
  take(): void {
    this.#due.pop();
  }

  /** Removes a message: the next one of its episode may go. */
  remove(delivery: Delivery): void {
    const { episode } = delivery.message;
    const queue = this.#episodes.get(episode);
    if (queue === undefined) return;
    const at = placeOf(queue, delivery);
    if (queue[at] !== delivery) return;
    if (at === 0) queue.shift();
    else queue.splice(at, 1);
    const first = queue[0];
    if (first === undefined) this.#episodes.delete(episode);
    else if (at === 0) this.reschedule(first);
  }
}

/** Index of the first message that is not older. */
function placeOf(queue: readonly Delivery[], { message: { n } }: Delivery): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((queue[middle] as Delivery).message.n < n) low = middle + 1;
    else high = middle;
  }
  return low;
}
