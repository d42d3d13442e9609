import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LineFramer } from "../../framing/line-framer.ts";
import { type FilePosition, inodeOf, OpenFile } from "./open-file.ts";
import { rotatedNames } from "./rotated-names.ts";

const TRIES = 5;

/** Finds the rotated versions of a file, and the one to read next. */
export class Rotation {
  readonly #path: string;

  /** @param path Absolute path of the followed file. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens the file of a position: a renamed file, the file itself, or a copy, in this order.
   *
   * @returns Null if there is none.
   */
  async find(position: FilePosition): Promise<OpenFile | null> {
    for (const path of await this.#rotated()) {
      if ((await inodeOf(path)) !== position.ino) continue;
      const file = await OpenFile.at(path, position).catch(() => null);
      if (file !== null) return file;
    }
    const own = await OpenFile.at(this.#path, position).catch(() => null);
    return own ?? this.findCopy(position);
  }

  /**
   * Opens a copy of the file of a position.
   *
   * @param framer Holds the start of a line; default: empty.
   * @returns Null if there is none.
   */
  async findCopy(position: FilePosition, framer?: LineFramer): Promise<OpenFile | null> {
    const rest = framer === undefined ? { isCopy: true } : { isCopy: true, framer };
    for (const path of (await this.#rotated()).reverse()) {
      const file = await OpenFile.at(path, position, rest).catch(() => null);
      if (file !== null) return file;
    }
    return null;
  }

  /**
   * Path of the next newer file: a rotated one, or the file itself. Searches again if files moved meanwhile.
   *
   * @returns Null if there is none yet.
   */
  async after(ino: number): Promise<string | null> {
    const next = await this.#nextPath(ino);
    return (await inodeOf(next)) === null ? null : next;
  }

  /**
   * Opens the next newer file at its beginning. Searches again if files moved meanwhile.
   *
   * @returns Null if it has disappeared.
   * @throws {NodeJS.ErrnoException} If it can't be opened.
   */
  async openAfter(before: OpenFile): Promise<OpenFile | null> {
    for (let left = TRIES; left > 0; left--) {
      const path = await this.after(before.ino);
      if (path === null) return null;
      const framer = before.isCopy ? before.framer : undefined;
      const file = await OpenFile.atStart(path, framer);
      const again = await this.after(before.ino);
      if (again === path && (await inodeOf(path)) === file.ino) return file;
      await file.close();
    }
    return null;
  }

  async #nextPath(ino: number): Promise<string> {
    const rotated = await this.#rotated();
    for (const [i, path] of rotated.entries()) {
      if ((await inodeOf(path)) === ino) return rotated[i + 1] ?? this.#path;
    }
    return this.#path;
  }

  /** Paths of all rotated files, oldest first. */
  async #rotated(): Promise<string[]> {
    const folder = dirname(this.#path);
    const names = await readdir(folder).catch(() => []);
    return rotatedNames(this.#path, names).map((name) => join(folder, name));
  }
}
