import { resolve } from "node:path";
import { openError, stemOf } from "../inputs/file-input.ts";
import { LiveLines } from "../live/live-lines.ts";
import type { LiveListener, LiveSource, SourcePosition } from "../live/live-source.ts";
import { Follower } from "./follower.ts";
import { toFilePosition } from "./open-file.ts";

/**
 * A growing file as a {@link LiveSource}, read from its beginning or from a position. It may appear later or
 * vanish, and rotation may rename it, or copy and truncate it. Unfinished rotated files are read first, also after a
 * restart.
 */
export class FollowSource implements LiveSource {
  readonly label: string;
  readonly stem: string;
  readonly isDevice = false;
  readonly path: string;

  /** @param path As the user gave it, relative to `cwd`. */
  constructor(path: string, cwd: string) {
    this.label = path;
    this.stem = stemOf(path);
    this.path = resolve(cwd, path);
  }

  /**
   * @throws {IotmonError} `ERR_PERMISSION` if the file is not readable at the start, `ERR_NO_INPUT` if it is not a
   * file, `ERR_IO` if reading fails.
   */
  async run(
    listener: LiveListener,
    from: SourcePosition | null,
    signal: AbortSignal,
  ): Promise<void> {
    const position = from === null ? null : toFilePosition(from);
    const lines = new LiveLines(listener, position?.line ?? 0);
    const follower = new Follower(this.path, this.label, lines, signal);
    try {
      if (position !== null) await follower.resume(position);
      while (!signal.aborted) await follower.step();
    } catch (cause) {
      const isOfTheSystem = cause instanceof Error && "syscall" in cause;
      throw isOfTheSystem ? await openError(this.label, this.path, cause) : cause;
    } finally {
      await follower.close();
    }
  }
}
