import { EngineThread } from "./engine-thread.ts";

/**
 * Engine threads that are started before it is known what they run: starting one takes as long as
 * loading the rest of the program, and can go on beside that.
 */
export class SpareThreads {
  readonly #threads: EngineThread[];

  /** @param count Threads to start, >= 0. */
  constructor(count: number) {
    this.#threads = Array.from({ length: count }, () => new EngineThread());
  }

  /** A thread that runs nothing yet, which is the caller's from now on; a new one when none is left. */
  take(): EngineThread {
    return this.#threads.shift() ?? new EngineThread();
  }

  /** Ends those that nobody took. */
  async end(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }
}
