/** The clock of a key was set before a row of a {@link RowHistory}: event time went on `ms` later than before. */
export interface ClockStep {
  readonly row: number;
  readonly key: number;
  readonly ms: number;
}

/** The clocks that were set within the stored rows of a pipeline. Usually none. */
export class ClockSteps {
  #steps: ClockStep[] = [];
  #changes = 0;

  /** Grows with every step. */
  get changes(): number {
    return this.#changes;
  }

  /** @param start First stored row: earlier steps are dropped. */
  add(steps: readonly ClockStep[], start: number): void {
    if (steps.length === 0) return;
    this.#steps = [...this.#steps, ...steps].filter(({ row }) => row >= start);
    this.#changes += steps.length;
  }

  /**
   * Moves event times of rows to a time that goes on evenly, without steps, and ends as event time less `setBy`.
   *
   * @param setBy How far the clock of a key was set in all, ms.
   */
  level(setBy: (key: number) => number): (row: number, key: number, time: number) => number {
    const before = new Map<number, number>(); // by key: how far it was set before the current row
    const left = [...this.#steps];
    const of = (key: number): number => {
      const known = before.get(key);
      if (known !== undefined) return known;
      const own = left.filter((step) => step.key === key);
      return own.reduce((ms, step) => ms - step.ms, setBy(key));
    };
    return (row, key, time) => {
      let ms = of(key);
      const at = left.findIndex((step) => step.row === row);
      if (at >= 0) ms += (left[at] as ClockStep).ms;
      before.set(key, ms);
      return time - ms;
    };
  }

  save(): readonly ClockStep[] {
    return this.#steps;
  }

  /** Restores what {@link save} gave. */
  load(steps: readonly ClockStep[]): void {
    this.#steps = [...steps];
    this.#changes = steps.length;
  }
}
