import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { glob, isDynamicPattern } from "tinyglobby";

/** A device as it was found, to tell it from one that takes its name later. */
export interface Device {
  /** As found: a stable name stays one. */
  readonly path: string;
  /** What `path` leads to, e.g. `/dev/ttyUSB0`. */
  readonly realPath: string;
  /** Changes when it is plugged in again. */
  readonly identity: string;
  readonly isTerminal: boolean;
  /** Number of the group whose members may read it; null: there is none but root's. */
  readonly group: number | null;
  readonly isPermitted: boolean;
}

/**
 * Devices that a path or a glob names now, in the order of their names.
 *
 * @param pattern Absolute.
 */
export async function findDevices(pattern: string): Promise<Device[]> {
  const paths = isDynamicPattern(pattern)
    ? await glob(pattern, { absolute: true, onlyFiles: false, expandDirectories: false, dot: true })
    : [pattern];
  const devices = await Promise.all(paths.sort().map(lookAt));
  return devices.filter((device) => device !== null);
}

/** Whether that device is still there, under the name by which it was opened. */
export async function isThere({ realPath, identity }: Device): Promise<boolean> {
  return (await lookAt(realPath))?.identity === identity;
}

async function lookAt(path: string): Promise<Device | null> {
  try {
    const realPath = await realpath(path);
    const stats = await stat(realPath);
    const isPermitted = await access(realPath, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    );
    return {
      path,
      realPath,
      identity: `${stats.dev}:${stats.ino}:${stats.rdev}`,
      isTerminal: stats.isCharacterDevice(),
      group: stats.gid !== 0 && (stats.mode & 0o060) === 0o060 ? stats.gid : null,
      isPermitted,
    };
  } catch {
    return null; // it went away meanwhile, or leads nowhere
  }
}
