import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IotmonError } from "../core/errors.ts";
import { isEnvironment, isLocked, type Level, openLevel } from "./checkpoint/level-store.ts";

/** A folder that one process at a time may have. */
export interface Lock {
  /** Gives it back; the last call. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder. What locks is an empty LevelDB in it: the system itself frees it with
 * the end of the process, whatever that end was, so there are no stale locks and a process number
 * that was given again fools nobody. The number of the owner lies beside it, for messages only.
 *
 * @throws {IotmonError} `ERR_STATE` when another process has it, or this one already.
 */
export async function takeLock(folder: string): Promise<Lock> {
  const place = join(folder, "lock");
  const owner = join(folder, "owner.pid");
  const level = await openLock(place).catch(async (cause: unknown) => {
    throw isLocked(cause) ? await inUse(folder, owner, cause) : cause;
  });
  await writeFile(owner, `${process.pid}\n`);
  return {
    async release() {
      await rm(owner, { force: true });
      await level.close();
    },
  };
}

async function openLock(place: string): Promise<Level> {
  await mkdir(place, { recursive: true });
  try {
    return await openLevel(place);
  } catch (cause) {
    if (isEnvironment(cause)) throw cause;
    // it holds nothing, so damage costs nothing
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
