/** Saves the keys of a pipeline one by one, each as it was at the start: a key is saved early before it changes. */
export class KeySaves {
  readonly #count: number;
  readonly #save: (key: number) => void;
  #next = 0;
  /** Keys that were saved early. */
  readonly #early = new Set<number>();

  /** @param count Number of keys; later ones are not saved. */
  constructor(count: number, save: (key: number) => void) {
    this.#count = count;
    this.#save = save;
  }

  /** Call this before the state of a key changes. */
  beforeChange(key: number): void {
    if (key < this.#next || key >= this.#count || this.#early.has(key)) return;
    this.#save(key);
    this.#early.add(key);
  }

  /** Saves the remaining keys, one per step. */
  *rest(): Generator<void, void> {
    while (this.#next < this.#count) {
      const key = this.#next;
      if (!this.#early.has(key)) this.#save(key);
      this.#next += 1;
      yield;
    }
  }
}
