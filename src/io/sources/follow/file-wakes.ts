import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, extname } from "node:path";

/** Longest delay until a change is noticed on systems without change events, ms. */
const POLL_MS = 500;

/** Waits until a file changes, appears or is replaced: by events of the system, else by a timer. */
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

  /** Resolves after a possible change since the last call, or after half a second. */
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

  /** Watches the folder, because the file itself may be replaced. */
  #watch(): void {
    if (this.#watcher !== null) return;
    try {
      this.#watcher = watch(this.#folder, (_, name) => {
        if (name !== null && !name.startsWith(this.#stem)) return;
        this.#awake = true;
        this.#wake();
      }).on("error", () => this.close());
      this.#awake = true; // earlier changes have no event
    } catch {} // no such folder, or too many watchers: the timer remains
  }
}
