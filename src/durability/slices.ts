import { setImmediate } from "node:timers/promises";

/** Longest slice by default, ms. */
const SLICE_MS = 10;

/** Divides long work into slices, so that other events are handled between them. */
export class Slices {
  readonly #ms: number;
  #begun = performance.now();

  /** @param ms Longest slice. */
  constructor(ms = SLICE_MS) {
    this.#ms = ms;
  }

  /** Whether the slice has taken long enough. */
  get isOver(): boolean {
    return performance.now() - this.#begun >= this.#ms;
  }

  /** Ends the slice, and begins the next one after other events. @param other What to wait for. */
  async pause(other: () => Promise<unknown> = setImmediate): Promise<void> {
    await other();
    this.#begun = performance.now();
  }
}
