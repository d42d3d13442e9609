interface Node<T> {
  readonly item: T;
  before: Node<T> | null;
  after: Node<T> | null;
}

/**
 * A set in the order of arrival. Every operation on one item costs O(1), also {@link first} after many
 * deletions; the first item of a `Set` costs as much as the number of items deleted before it.
 */
export class ArrivalOrder<T> {
  readonly #nodes = new Map<T, Node<T>>();
  #first: Node<T> | null = null;
  #last: Node<T> | null = null;

  get size(): number {
    return this.#nodes.size;
  }

  /** The oldest item; null: there is none. */
  get first(): T | null {
    return this.#first?.item ?? null;
  }

  /** The items from the oldest on. Deleting the current item is safe. */
  *[Symbol.iterator](): Generator<T> {
    for (let node = this.#first; node !== null; node = node.after) yield node.item;
  }

  /** Adds an item as the newest. An item that is in the set stays where it is. */
  add(item: T): void {
    if (this.#nodes.has(item)) return;
    const node: Node<T> = { item, before: this.#last, after: null };
    this.#nodes.set(item, node);
    if (this.#last === null) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
  }

  delete(item: T): void {
    const node = this.#nodes.get(item);
    if (node === undefined) return;
    this.#nodes.delete(item);
    if (node.before === null) this.#first = node.after;
    else node.before.after = node.after;
    if (node.after === null) this.#last = node.before;
    else node.after.before = node.before;
  }

  /** Puts the items into another order. */
  sort(compare: (a: T, b: T) => number): void {
    const sorted = [...this].sort(compare);
    this.#nodes.clear();
    this.#first = null;
    this.#last = null;
    for (const item of sorted) this.add(item);
  }
}
