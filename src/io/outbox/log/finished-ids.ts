import type { Finished } from "./entry.ts";

interface Remembered {
  readonly n: number;
  readonly sink: string;
  readonly id: string;
  /** The record that says so. */
  seq: number;
}

const key = (sink: string, id: string): string => `${sink}\n${id}`;

/** Which messages each sink has finished with, the latest so many: a repeat of one is dropped. */
export class FinishedIds {
  readonly #capacity: number;
  #byKey = new Map<string, Remembered>(); // in the order of finishing

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byKey.size;
  }

  has(sink: string, id: string): boolean {
    return this.#byKey.has(key(sink, id));
  }

  /** Remembers; forgets the oldest when there are too many. */
  add([n, sink, id]: Finished, seq: number): void {
    const place = key(sink, id);
    const known = this.#byKey.get(place);
    if (known?.n === n) {
      known.seq = seq; // carried over
      return;
    }
    this.#byKey.delete(place);
    this.#byKey.set(place, { n, sink, id, seq });
    // while a log is read the order is not that of finishing: some room until it is put right
    if (this.#byKey.size > 2 * this.#capacity) this.settle();
  }

  /** Does not remember it any longer: it came again, after all. */
  forget(sink: string, id: string): void {
    this.#byKey.delete(key(sink, id));
  }

  /** Puts what was read from a log in the order of finishing, and forgets the oldest. */
  settle(): void {
    const sorted = [...this.#byKey].sort(([, a], [, b]) => a.n - b.n);
    this.#byKey = new Map(sorted.slice(-this.#capacity));
  }

  /** Those that only such records speak of. */
  of(isOf: (record: { readonly seq: number }) => boolean): Finished[] {
    const found: Finished[] = [];
    for (const one of this.#byKey.values()) if (isOf(one)) found.push([one.n, one.sink, one.id]);
    return found;
  }
}
