import { randomBytes } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { IotmonError } from "../../core/errors.ts";
import { FILE_MODE } from "../../state/files/private-files.ts";

const NAME = "reserve";
const CHUNK_BYTES = 1024 * 1024;
/** Opening a state directory rewrites what the last process left: a few megabytes at most. */
const CHUNKS = 8;

/**
 * Opens a state directory. On a full disk, deletes the reserve of {@link keepReserve} and tries again.
 *
 * @param opening Opens the directory.
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

/** Creates the reserve for {@link openWithReserve} if it is missing. Ignores errors. */
export async function keepReserve(folder: string): Promise<void> {
  const path = join(folder, NAME);
  const known = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (known === CHUNKS * CHUNK_BYTES) return;
  try {
    const file = await open(path, "w", FILE_MODE);
    try {
      // random bytes: compressing file systems store zeros in no space
      for (let i = 0; i < CHUNKS; i++) await file.write(randomBytes(CHUNK_BYTES));
    } finally {
      await file.close();
    }
  } catch {
    await rm(path, { force: true }).catch(() => {});
  }
}
