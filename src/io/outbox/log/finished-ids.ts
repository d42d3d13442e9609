import type { Finished } from "./entry.ts";

interface Remembered {
  readonly n: number;
  readonly sink: string;
  readonly id: string;
  /** Sequence number of the record. */
  seq: number;
}

const key = (sink: string, id: string): string => `${sink}\n${id}`;

/** The messages that sinks have finished most recently, to drop their repetitions. */
export class FinishedIds {
  readonly #capacity: number;
  #byKey = new Map<string, Remembered>(); // in finishing order

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byKey.size;
  }

  has(sink: string, id: string): boolean {
    return this.#byKey.has(key(sink, id));
  }

  /** Remembers a finish, and forgets the oldest ones above the capacity. */
  add([n, sink, id]: Finished, seq: number): void {
    const place = key(sink, id);
    const known = this.#byKey.get(place);
    if (known?.n === n) {
      known.seq = seq; // a rewritten copy
      return;
    }
    this.#byKey.delete(place);
    this.#byKey.set(place, { n, sink, id, seq });
    // records are not read in finishing order, so a clean-up needs some slack
    if (this.#byKey.size > 2 * this.#capacity) this.settle();
  }

  /** Forgets a finish: the message arrived again. */
  forget(sink: string, id: string): void {
    this.#byKey.delete(key(sink, id));
  }

  /** Restores finishing order, and forgets the oldest above the capacity. */
  settle(): void {
    const sorted = [...this.#byKey].sort(([, a], [, b]) => a.n - b.n);
    this.#byKey = new Map(sorted.slice(-this.#capacity));
  }

  /** The finishes whose record is chosen. */
  of(isChosen: (record: { readonly seq: number }) => boolean): Finished[] {
    const found: Finished[] = [];
    for (const one of this.#byKey.values())
      if (isChosen(one)) found.push([one.n, one.sink, one.id]);
    return found;
  }
}
