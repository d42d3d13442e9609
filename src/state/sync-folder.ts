import { open } from "node:fs/promises";

/**
 * Syncs the names in a folder, so that a new file survives a power cut. Windows can't sync a folder and does not
 * need to.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
