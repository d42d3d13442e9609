import { EngineThread } from "./engine-thread.ts";

/**
 * Starts engine threads before their plan is known. A start takes as long as loading the rest of the program
 * and runs beside it.
 */
export class SpareThreads {
  readonly #threads: EngineThread[];

  /** @param count Number of threads, >= 0. */
  constructor(count: number) {
    this.#threads = Array.from({ length: count }, () => new EngineThread());
  }

  /** Hands an idle thread to the caller; starts one if none is left. */
  take(): EngineThread {
    return this.#threads.shift() ?? new EngineThread();
  }

  /** Ends the threads that were not taken. */
  async end(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }
}
