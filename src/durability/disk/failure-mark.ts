import { rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

const KEPT = "journal.kept";
const REFUSED = "journal.refused";

/**
 * Marks a state directory while the log can't be written. A full disk may not take even a small file, so the
 * mark is the name and the time of an empty file that is renamed.
 */
export class FailureMark {
  readonly #kept: string;
  readonly #refused: string;
  #isRefused = false;

  /** @param folder The state directory. */
  constructor(folder: string) {
    this.#kept = join(folder, KEPT);
    this.#refused = join(folder, REFUSED);
  }

  /** Start of the failure that the last process ended in, ms since epoch; null: none. Clears the mark. */
  async since(): Promise<number | null> {
    const since = await stat(this.#refused).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    this.#isRefused = true;
    await this.put(false);
    return since;
  }

  /** Sets or clears the mark. Ignores errors. */
  async put(isRefused: boolean): Promise<void> {
    if (isRefused === this.#isRefused) return;
    this.#isRefused = isRefused;
    const [from, to] = isRefused ? [this.#kept, this.#refused] : [this.#refused, this.#kept];
    const now = new Date();
    try {
      await rename(from, to);
      await utimes(to, now, now);
    } catch {
      if (!isRefused) await writeFile(to, "").catch(() => {});
    }
  }
}
