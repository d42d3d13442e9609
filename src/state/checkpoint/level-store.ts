import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ClassicLevel } from "classic-level";
import { IotmonError } from "../../core/errors.ts";
import { diskReason, type ReportDamage } from "../state-error.ts";
import { isReadableTable } from "./table-file.ts";

/** A LevelDB of text keys and byte values. */
export type Level = ClassicLevel<string, Uint8Array>;

/** Most stores that were set aside and are kept; the oldest goes. */
const MAX_SET_ASIDE = 3;

/** What the disk or the system refuses, while the store may be whole. */
const ENVIRONMENT =
  /no space|quota|permission denied|not permitted|read-only|too many open files|cannot allocate/i;

/** Opens or creates a LevelDB; classic-level is loaded here, not before. */
export async function openLevel(folder: string): Promise<Level> {
  const { ClassicLevel } = await import("classic-level");
  const level: Level = new ClassicLevel(folder, {
    keyEncoding: "utf8",
    valueEncoding: "view",
    compression: false, // numbers hardly shrink, and plain tables can be checked
  });
  await level.open();
  return level;
}

/** Whether a LevelDB is open elsewhere. */
export function isLocked(error: unknown): boolean {
  return codes(error).includes("LEVEL_LOCKED");
}

/** Whether a LevelDB error is the fault of disk or system, so that the store may still be whole. */
export function isEnvironment(error: unknown): boolean {
  return isLocked(error) || ENVIRONMENT.test(text(error));
}

/** What LevelDB says, without the wrapping. */
function levelReason(error: unknown): string {
  return text(error).split("\n", 1)[0] ?? "";
}

/**
 * Opens a store. One that can't be read is renamed `<name>.damaged-<n>`, reported, and a new one is
 * made.
 *
 * @param readable Reads what the caller needs at once; when it throws, the store can't be read.
 * @throws {IotmonError} `ERR_STATE` when it is open elsewhere, `ERR_IO` when disk or system refuse.
 */
export async function openOrReplace(
  folder: string,
  readable: (level: Level) => Promise<void>,
  report: ReportDamage,
): Promise<Level> {
  await mkdir(folder, { recursive: true });
  let fault = await faultOf(folder);
  if (fault === null) {
    let level: Level | null = null;
    try {
      level = await openLevel(folder);
      await readable(level);
      return level;
    } catch (cause) {
      await level?.close();
      if (isEnvironment(cause)) throw openError(folder, cause);
      fault = levelReason(cause);
    }
  }
  const aside = await setAside(folder);
  report({
    at: basename(folder),
    message: `it can't be read (${fault}); it was renamed ${aside}, and a new one is made`,
    records: 0,
    bytes: 0,
  });
  try {
    const level = await openLevel(folder);
    await readable(level);
    return level;
  } catch (cause) {
    throw openError(folder, cause);
  }
}

function openError(folder: string, cause: unknown): IotmonError {
  return isLocked(cause)
    ? new IotmonError("ERR_STATE", "the checkpoint store is in use", { at: folder, cause })
    : storeError(folder, cause);
}

/** Why the checkpoint store can't be read or written. */
export function storeError(folder: string, cause: unknown): IotmonError {
  const message = `the checkpoint store can't be used: ${levelReason(cause)}`;
  return new IotmonError("ERR_IO", message, { at: folder, cause, reason: diskReason(cause) });
}

/** What is wrong with the files of a store, as far as LevelDB would not say so itself; null: nothing. */
async function faultOf(folder: string): Promise<string | null> {
  const names = await readdir(folder);
  const tables = names.filter((name) => /\.(ldb|sst)$/.test(name));
  // LevelDB takes it for an empty folder then, and deletes what is in it
  const isStore = tables.length > 0 || names.some((name) => /\.log$|^MANIFEST-/.test(name));
  if (isStore && !names.includes("CURRENT")) return "CURRENT is missing";
  for (const name of tables) {
    if (!isReadableTable(await readFile(join(folder, name)))) return `${name} is damaged`;
  }
  return null;
}

async function setAside(folder: string): Promise<string> {
  const prefix = `${basename(folder)}.damaged-`;
  const numbers = (await readdir(dirname(folder)))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
  const aside = `${prefix}${(numbers.at(-1) ?? 0) + 1}`;
  await rename(folder, join(dirname(folder), aside));
  await mkdir(folder);
  for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - MAX_SET_ASIDE))) {
    await rm(join(dirname(folder), `${prefix}${old}`), { recursive: true, force: true });
  }
  return aside;
}

function codes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error ? [String(error.code)] : [];
  return [...own, ...codes(error.cause)];
}

function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? text(error.cause) : error.message;
}
