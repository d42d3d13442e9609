/** An item and its time. */
interface Due<T> {
  readonly dueAt: number;
  /** Breaks ties: the lower number goes first. */
  readonly n: number;
  readonly item: T;
}

/** A binary heap by time. {@link push} and {@link pop} cost O(log n). */
export class DueQueue<T> {
  readonly #heap: Due<T>[] = [];

  /** The first item that is due; undefined: the queue is empty. */
  peek(): Due<T> | undefined {
    return this.#heap[0];
  }

  push(due: Due<T>): void {
    let at = this.#heap.length;
    this.#heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(due, this.#heap[parent] as Due<T>)) break;
      this.#heap[at] = this.#heap[parent] as Due<T>;
      at = parent;
    }
    this.#heap[at] = due;
  }

  /** Removes the first item. */
  pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < this.#heap.length; child = 2 * at + 1) {
      const [left, right] = [this.#heap[child] as Due<T>, this.#heap[child + 1]];
      if (right !== undefined && before(right, left)) child += 1;
      const smaller = this.#heap[child] as Due<T>;
      if (!before(smaller, last)) break;
      this.#heap[at] = smaller;
      at = child;
    }
    this.#heap[at] = last;
  }
}

function before<T>(a: Due<T>, b: Due<T>): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.n < b.n);
}
