import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Logical bytes of the logs of a state directory: they only grow at their end, so the largest size of each file counts. */
export class WrittenBytes {
  readonly #folder: string;
  readonly #sizes = new Map<string, { from: number; size: number }>();
  readonly #generations = new Set<string>();
  readonly #known: number;

  /** @param folder State directory; what it holds now does not count. */
  constructor(folder: string) {
    this.#folder = folder;
    this.sample();
    for (const file of this.#sizes.values()) file.from = file.size;
    this.#known = this.#generations.size;
  }

  /** Looks at the files; more often than they are deleted. */
  sample(): void {
    for (const log of ["journal", "checkpoints", "outbox"]) {
      const folder = join(this.#folder, log);
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const path = join(log, name);
        const size = sizeOf(join(folder, name));
        const before = this.#sizes.get(path);
        this.#sizes.set(path, { from: before?.from ?? 0, size: Math.max(size, before?.size ?? 0) });
        if (log === "checkpoints" && size > (before?.size ?? 0))
          this.#readGenerations(join(folder, name));
      }
    }
  }

  get journal(): number {
    return this.#sum((path) => path.startsWith("journal"));
  }

  /** Bytes of all other logs. */
  get others(): number {
    return this.#sum((path) => !path.startsWith("journal"));
  }

  /** Checkpoints seen. */
  get checkpoints(): number {
    return this.#generations.size - this.#known;
  }

  #sum(isWanted: (path: string) => boolean): number {
    return [...this.#sizes].reduce((sum, [path, { from, size }]) => {
      return isWanted(path) ? sum + size - from : sum;
    }, 0);
  }

  #readGenerations(path: string): void {
    const text = existsSync(path) ? readFileSync(path, "latin1") : "";
    for (const [, number = ""] of text.matchAll(/"manifest":\{"generation":(\d+)/g)) {
      this.#generations.add(number);
    }
  }
}

/** Bytes of the files of a state directory, without the reserve, which is written once. */
export function directoryBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "reserve")
    .reduce((sum, { parentPath, name }) => sum + sizeOf(join(parentPath, name)), 0);
}

/** The program may delete a file meanwhile. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
