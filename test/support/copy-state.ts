import { cp } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** Copies a state directory as a kill would leave it. */
export async function copyState(from: string, to: string): Promise<void> {
  // the lock is a socket, which cp refuses
  const filter = (name: string): boolean => basename(dirname(name)) !== "lock";
  await cp(from, to, { recursive: true, filter });
}
