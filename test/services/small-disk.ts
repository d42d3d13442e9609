import { spawnSync } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

const CHUNK = Buffer.alloc(4096, 7);

/** A real file system of a few megabytes, in memory; mounting it needs root. */
export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts one for a test. @throws {Error} Without the permission to mount. */
  static async mount(megabytes: number): Promise<SmallDisk> {
    const path = await tempFolder();
    const options = `size=${megabytes}m,mode=0755`;
    const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
    if (status !== 0) throw new Error(`a small disk can't be mounted, which takes root: ${stderr}`);
    onTestFinished(() => {
      spawnSync("umount", ["-l", path]);
    });
    return new SmallDisk(path);
  }

  /** Fills it to the last byte. */
  async fill(): Promise<void> {
    const file = await open(join(this.path, "filler"), "a");
    try {
      for (;;) await file.write(CHUNK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      await file.close();
    }
  }

  /** Frees the space again. */
  async free(): Promise<void> {
    await rm(join(this.path, "filler"), { force: true });
  }
}
