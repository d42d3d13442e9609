import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { glob, isDynamicPattern } from "tinyglobby";

/** A device, with what distinguishes it from a later one of the same name. */
export interface Device {
  /** The name that matched, which may be a stable name. */
  readonly path: string;
  /** Target of `path`, e.g. `/dev/ttyUSB0`. */
  readonly realPath: string;
  /** Changes when the device is plugged in again. */
  readonly identity: string;
  readonly isTerminal: boolean;
  /** Number of the group that may read it; null: only root may. */
  readonly group: number | null;
  readonly isPermitted: boolean;
}

/**
 * Finds the devices that match a path or a glob now, by name.
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

/** Whether the device still exists under the same name. */
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
    return null; // it has disappeared, or the link is broken
  }
}
