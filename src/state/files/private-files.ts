import { chmod, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ReportDamage } from "../state-error.ts";

/** Mode of a new file of a state directory: only its owner may read it. */
export const FILE_MODE = 0o600;
/** Mode of a new folder of a state directory. */
export const FOLDER_MODE = 0o700;

const OTHERS = 0o077;

/**
 * Takes the permissions of group and others from a folder and everything in it. Follows no symbolic links. Windows
 * has no such permissions.
 *
 * @param report Receives one message if the system refuses, for example because another user owns a file.
 */
export async function makePrivate(folder: string, report: ReportDamage): Promise<void> {
  if (process.platform === "win32") return;
  const names = await readdir(folder, { recursive: true });
  const refused: string[] = [];
  for (const name of [".", ...names]) {
    const path = join(folder, name);
    try {
      const stats = await lstat(path);
      if (stats.isSymbolicLink() || (stats.mode & OTHERS) === 0) continue;
      await chmod(path, stats.mode & 0o7777 & ~OTHERS);
    } catch (cause) {
      // a lock file may go away meanwhile
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") refused.push(name);
    }
  }
  if (refused.length === 0) return;
  const more = refused.length > 1 ? ` and ${refused.length - 1} more` : "";
  const message = `other users can read it${more}, and its mode can't be changed: make the user of iotmon its owner`;
  report({ at: refused[0] as string, message, records: 0, bytes: 0 });
}
