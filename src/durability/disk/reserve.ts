import { randomBytes } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { IotmonError } from "../../core/errors.ts";

const NAME = "reserve";
const CHUNK_BYTES = 1024 * 1024;
/** Opening the stores writes what the last process left behind anew: some megabytes at the most. */
const CHUNKS = 8;

/**
 * Opens a state directory, also on a disk that is full: then the room that it keeps for that is given up.
 *
 * @param opening Opens it; tried once more.
 * @throws As `opening`.
 */
export async function openWithReserve<T>(folder: string, opening: () => Promise<T>): Promise<T> {
  try {
    return await opening();
  } catch (error) {
    if (!(error instanceof IotmonError) || error.reason !== "disk_full") throw error;
    const isGone = await rm(join(folder, NAME)).then(
      () => true,
      () => false,
    );
    if (!isGone) throw error;
    return opening();
  }
}

/** Keeps room for {@link openWithReserve}, if there is any and it has none. */
export async function keepReserve(folder: string): Promise<void> {
  const path = join(folder, NAME);
  const known = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (known === CHUNKS * CHUNK_BYTES) return;
  try {
    const file = await open(path, "w");
    try {
      // zeros take no room where files are compressed
      for (let i = 0; i < CHUNKS; i++) await file.write(randomBytes(CHUNK_BYTES));
    } finally {
      await file.close();
    }
  } catch {
    await rm(path, { force: true }).catch(() => {});
  }
}
