import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, extname } from "node:path";

/** How long a change may go unnoticed where the system tells of none. */
const POLL_MS = 500;

/** Wakes whoever waits for a file to change, to appear or to be replaced: by the system, else by the clock. */
export class FileWakes {
  readonly #folder: string;
  readonly #stem: string;
  #watcher: FSWatcher | null = null;
  #awake = false;
  #wake: () => void = () => {};

  constructor(path: string) {
    this.#folder = dirname(path);
    this.#stem = basename(path, extname(path));
  }

  /** Resolves when something may have changed since it resolved last, or after half a second. */
  async next(signal: AbortSignal): Promise<void> {
    this.#watch();
    if (!this.#awake && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener("abort", this.#wake, { once: true });
      });
      signal.removeEventListener("abort", this.#wake);
    }
    this.#awake = false;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** Watches the folder: the file itself comes and goes. */
  #watch(): void {
    if (this.#watcher !== null) return;
    try {
      this.#watcher = watch(this.#folder, (_, name) => {
        if (name !== null && !name.startsWith(this.#stem)) return;
        this.#awake = true;
        this.#wake();
      }).on("error", () => this.close());
      this.#awake = true; // what happened before it watched, it does not tell
    } catch {} // no such folder, or no more watchers: the clock does it
  }
}
