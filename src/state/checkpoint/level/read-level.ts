import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReportDamage } from "../../state-error.ts";
import type { Generation } from "../generation.ts";
import type { LevelEntry } from "./entries.ts";
import { logEntries } from "./log-file.ts";
import { decodeManifest, type LevelManifest } from "./manifest.ts";
import { unseal } from "./sealed.ts";
import { tableEntries } from "./table-file.ts";

/** Files of LevelDB, and one that older versions of iotmon wrote beside them. */
const FILES = /^(\d+\.(ldb|sst|log)|MANIFEST-\d+|CURRENT|LOCK|LOG(\.old)?|generation|.*\.dbtmp)$/;

/**
 * Reads the checkpoints that an older iotmon (state format 2 and before) saved in a LevelDB: the newest generation, or the
 * previous one if only that one is complete. Null if there are none. Writes nothing.
 *
 * A LevelDB also lists its current files. This reader takes all files: each generation has keys of its own and
 * checksums, so obsolete files do no harm.
 */
export async function readLevel(folder: string, report: ReportDamage): Promise<Generation | null> {
  const names = (await readdir(folder)).filter((name) => /^\d+\.(ldb|sst|log)$/.test(name));
  if (names.length === 0) return null;
  const stored = await readEntries(folder, names.sort(), report);
  const [newest, older] = [...stored.values()]
    .flatMap(({ key, value }) => (value === null ? [] : (decodeManifest(key, value) ?? [])))
    .sort((a, b) => b.generation - a.generation)
    .map((manifest) => readGeneration(manifest, stored));
  const noted = await notedGeneration(folder);
  const number = newest?.number ?? 0;
  if (number < noted) {
    const message = `the checkpoints after generation ${number} are lost`;
    report({ at: basename(folder), message, records: 1, bytes: 0 });
  }
  if (newest === undefined) return { number: noted, values: new Map(), damaged: [] };
  const isOlderBetter = newest.damaged.length > 0 && older?.damaged.length === 0;
  return isOlderBetter ? { ...older, number } : newest;
}

/** The newest entry of each key. */
async function readEntries(
  folder: string,
  names: readonly string[],
  report: ReportDamage,
): Promise<ReadonlyMap<string, LevelEntry>> {
  const stored = new Map<string, LevelEntry>();
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    const { entries, isDamaged } = name.endsWith(".log") ? logEntries(bytes) : tableEntries(bytes);
    for (const entry of entries) {
      if (entry.sequence >= (stored.get(entry.key)?.sequence ?? 0)) stored.set(entry.key, entry);
    }
    const at = join(basename(folder), name);
    if (isDamaged) report({ at, message: "it is damaged in part", records: 0, bytes: 0 });
  }
  return stored;
}

/** Deletes the files that {@link readLevel} reads. */
export async function deleteLevel(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (FILES.test(name)) await rm(join(folder, name), { force: true });
  }
}

function readGeneration(
  { generation, entries }: LevelManifest,
  stored: ReadonlyMap<string, LevelEntry>,
): Generation {
  const values = [...entries].flatMap(([name, { version, key }]) => {
    const sealed = stored.get(key)?.value ?? null;
    const bytes = sealed === null ? null : unseal(`${name}\n${version}`, sealed);
    return bytes === null ? [] : { name, version, bytes };
  });
  const intact = new Map(values.map((value) => [value.name, value]));
  const damaged = [...entries.keys()].filter((name) => !intact.has(name));
  return { number: generation, values: intact, damaged };
}

/** Number of the newest generation that was saved, from a file beside the LevelDB; it may be late. */
async function notedGeneration(folder: string): Promise<number> {
  const text = await readFile(join(folder, "generation"), "utf8").catch(() => "");
  return Number(/^(\d{1,15})\n$/.exec(text)?.[1] ?? 0);
}
