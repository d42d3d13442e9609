import { lstat, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ReportDamage } from "../state-error.ts";

/** Number of files of one name that are kept. */
const MOST_KEPT = 3;

/** Renames a file or folder to `<name>.damaged-<n>`, and deletes the oldest of more than three. @returns Its new name. */
async function setAside(path: string): Promise<string> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.damaged-`;
  const numbers = (await readdir(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
  const aside = `${prefix}${(numbers.at(-1) ?? 0) + 1}`;
  await rename(path, join(folder, aside));
  for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - MOST_KEPT))) {
    await rm(join(folder, `${prefix}${old}`), { recursive: true, force: true });
  }
  return aside;
}

/**
 * Makes room for a file where there is a folder, or for a folder where there is a file: sets aside what is there, and
 * reports it.
 *
 * @param at The path in reports.
 * @param records Number of records that this is known to cost.
 */
export async function requireKind(
  path: string,
  kind: "file" | "folder",
  report: ReportDamage,
  at: string = basename(path),
): Promise<void> {
  const stats = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw cause;
  });
  if (stats === null || stats.isSymbolicLink()) return;
  if (kind === "file" ? !stats.isDirectory() : stats.isDirectory()) return;
  const aside = await setAside(path);
  report({ at, message: wrongKind(kind, `was renamed ${aside}`), records: 0, bytes: 0 });
}

/** The sentence about a folder in the place of a file, or the reverse. */
export function wrongKind(kind: "file" | "folder", consequence: string): string {
  const found =
    kind === "file" ? "it is a directory instead of a file" : "it is a file instead of a directory";
  return `${found} and ${consequence}: to undo the loss, stop iotmon and put the ${kind} back from a backup`;
}
