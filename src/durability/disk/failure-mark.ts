import { rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

const KEPT = "journal.kept";
const REFUSED = "journal.refused";

/**
 * Says in a state directory whether the disk refused to keep what came. A full disk has no room for that
 * either, so it is the name of an empty file, which is renamed, and its time.
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

  /** Since when it has refused when the last process ended, ms since epoch; null: it has not. */
  async since(): Promise<number | null> {
    const since = await stat(this.#refused).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    this.#isRefused = true;
    await this.put(false);
    return since;
  }

  /** Notes whether it refuses from now on. Does what it can. */
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
