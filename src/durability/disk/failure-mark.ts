import { rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import { FILE_MODE } from "../../state/files/private-files.ts";

const KEPT = "journal.kept";
const DROPPING = "journal.refused";

/** What a start reports about a run that ended in a failure since then. */
export function lostSince(since: number): string {
  const time = isoTime(since);
  return `the disk was full when the last run ended: changes after ${time} are lost if no source repeats them`;
}

/**
 * Marks a state directory while the log can't be written. A full disk may not take even a small file, so the
 * mark is the name and the time of an empty file that is renamed.
 */
export class FailureMark {
  readonly #kept: string;
  readonly #dropping: string;
  #isDropping = false;

  /** @param folder The state directory. */
  constructor(folder: string) {
    this.#kept = join(folder, KEPT);
    this.#dropping = join(folder, DROPPING);
  }

  /** Start of the failure that the last process ended in, ms since epoch; null: none. Clears the mark. */
  async since(): Promise<number | null> {
    const since = await stat(this.#dropping).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    this.#isDropping = true;
    await this.put(false);
    return since;
  }

  /** Sets or clears the mark. Ignores errors. */
  async put(isDropping: boolean): Promise<void> {
    if (isDropping === this.#isDropping) return;
    this.#isDropping = isDropping;
    const [from, to] = isDropping ? [this.#kept, this.#dropping] : [this.#dropping, this.#kept];
    const now = new Date();
    try {
      await rename(from, to);
      await utimes(to, now, now);
    } catch {
      if (!isDropping) await writeFile(to, "", { mode: FILE_MODE }).catch(() => {});
    }
  }
}
