import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IotmonError } from "../core/errors.ts";
import { isEnvironment, isLocked, type Level, openLevel } from "./checkpoint/level-store.ts";
import { FILE_MODE, FOLDER_MODE } from "./files/private-files.ts";

/** The lock of a folder. */
export interface Lock {
  /** Releases the lock; the last call. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder: an empty LevelDB in it. The system releases it at the end of the process, so there
 * are no stale locks. The file `owner.pid` is for messages only.
 *
 * @throws {IotmonError} `ERR_STATE` if a process, maybe this one, has the lock.
 */
export async function takeLock(folder: string): Promise<Lock> {
  const place = join(folder, "lock");
  const owner = join(folder, "owner.pid");
  const level = await openLock(place).catch(async (cause: unknown) => {
    throw isLocked(cause) ? await inUse(folder, owner, cause) : cause;
  });
  await writeFile(owner, `${process.pid}\n`, { mode: FILE_MODE });
  return {
    async release() {
      await rm(owner, { force: true });
      await level.close();
    },
  };
}

async function openLock(place: string): Promise<Level> {
  await mkdir(place, { recursive: true, mode: FOLDER_MODE });
  try {
    return await openLevel(place);
  } catch (cause) {
    if (isEnvironment(cause)) throw cause;
    // the store is empty, so damage costs nothing
    await rm(place, { recursive: true, force: true });
    return openLevel(place);
  }
}

async function inUse(folder: string, owner: string, cause: unknown): Promise<IotmonError> {
  const pid = /^\d+$/.exec((await readFile(owner, "utf8").catch(() => "")).trim())?.[0];
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return new IotmonError("ERR_STATE", `the state directory is in use by ${who}`, {
    at: folder,
    hint: "Stop that process first, or name another directory for the state",
    cause,
  });
}
