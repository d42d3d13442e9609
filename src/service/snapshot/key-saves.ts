/**
 * Saves the keys of a pipeline one by one, each as it was when that began: a key that is about to change
 * meanwhile is saved at once.
 */
export class KeySaves {
  readonly #count: number;
  readonly #save: (key: number) => void;
  #next = 0;
  /** Saved out of turn. */
  readonly #early = new Set<number>();

  /** @param count Keys there are: those that come later are not saved. */
  constructor(count: number, save: (key: number) => void) {
    this.#count = count;
    this.#save = save;
  }

  /** To be called before anything of a key changes. */
  beforeChange(key: number): void {
    if (key < this.#next || key >= this.#count || this.#early.has(key)) return;
    this.#save(key);
    this.#early.add(key);
  }

  /** Saves those that are left, a key a step. */
  *rest(): Generator<void, void> {
    while (this.#next < this.#count) {
      const key = this.#next;
      if (!this.#early.has(key)) this.#save(key);
      this.#next += 1;
      yield;
    }
  }
}
