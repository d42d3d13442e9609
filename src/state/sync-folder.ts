import { open } from "node:fs/promises";

/**
 * Makes the names in a folder durable: a new file survives a power cut only then. Systems that can't
 * sync a folder (Windows) keep names safe by themselves.
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
