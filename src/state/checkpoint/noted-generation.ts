/**
 * The number of the newest generation, in a file of its own beside LevelDB's: what LevelDB finds
 * damaged in its log it leaves out without a word, a whole generation too. A hint only: it may lag behind.
 *
 * @module
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAME = "generation";

/** Notes a generation that is saved. A failure costs nothing but the hint. */
export async function noteGeneration(folder: string, generation: number): Promise<void> {
  const draft = join(folder, `${NAME}.new`);
  try {
    await writeFile(draft, `${generation}\n`);
    await rename(draft, join(folder, NAME));
  } catch {
    // the checkpoint itself is safe
  }
}

/** The number noted last; 0 when there is none, or it can't be read. */
export async function notedGeneration(folder: string): Promise<number> {
  const text = await readFile(join(folder, NAME), "utf8").catch(() => "");
  return Number(/^(\d{1,15})\n$/.exec(text)?.[1] ?? 0);
}
