import type { CheckpointStore } from "../../state/checkpoint-store.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";

/**
 * Remembers up to which record listeners have stored their effects. The next start executes these records again
 * without listeners, so a line is not printed twice because checkpoints are rare.
 */
export class SettledMark {
  readonly #store: CheckpointStore;
  readonly #log: WriteAheadLog;
  readonly #settled: () => Promise<void>;

  /** @param settled Resolves when listeners have stored the effects of all records so far. */
  constructor(store: CheckpointStore, log: WriteAheadLog, settled: () => Promise<void>) {
    this.#store = store;
    this.#log = log;
    this.#settled = settled;
  }

  /** Moves the mark to the last record. Not while a checkpoint is written. An error leaves it where it is. */
  async move(): Promise<void> {
    const { position } = this.#log;
    if (position <= this.#store.noted || this.#log.hasGap) return;
    try {
      await this.#settled();
      await this.#log.sync(); // or a later record might get a number below the mark
      await this.#store.note(position);
    } catch {
      // more effects are repeated
    }
  }
}
