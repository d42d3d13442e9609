/** Wakes a loop that waits for work. */
export class WakeSignal {
  #isSet = false;
  #resolve: () => void = () => {};

  /** Ends the current wait, or the next one at once. */
  set(): void {
    this.#isSet = true;
    this.#resolve();
  }

  /** @param mostMs Longest wait, ms; Infinity: until {@link set}. */
  async wait(mostMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#isSet) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        if (Number.isFinite(mostMs)) timer = setTimeout(resolve, mostMs + 1);
      });
    }
    this.#isSet = false;
    this.#resolve = () => {};
    clearTimeout(timer);
  }
}
