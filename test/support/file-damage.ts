import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { scanRecords } from "../../src/state/segment/record.ts";
import type { Random } from "./random.ts";

type Change = (bytes: Buffer, random: Random) => Buffer | "deleted" | "directory";

const CHANGES: Readonly<Record<string, Change>> = {
  "a flipped bit": (bytes, random) => flip(bytes, random, 1),
  "flipped bits": (bytes, random) => flip(bytes, random, 20),
  "a cut": (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  "a cut between records"(bytes, random) {
    const ends = [...scanRecords(bytes)].map(({ offset }) => offset);
    return bytes.subarray(0, ends[below(random, ends.length)] ?? 0);
  },
  "a cut, and zeros"(bytes, random) {
    const at = below(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)]);
  },
  emptied: () => Buffer.alloc(0),
  deleted: () => "deleted",
  "a directory": () => "directory",
};

const NAMES = Object.keys(CHANGES);

function below(random: Random, end: number): number {
  return Math.floor(end * random.uniform());
}

function flip(bytes: Buffer, random: Random, times: number): Buffer {
  const flipped = Buffer.from(bytes);
  for (let i = 0; i < times && bytes.length > 0; i++) {
    const at = below(random, bytes.length);
    flipped[at] = (flipped[at] as number) ^ (1 << below(random, 8));
  }
  return flipped;
}

/** Damages a file in a random way. @returns What was done to it. */
export async function damageFile(path: string, random: Random): Promise<string> {
  const name = NAMES[below(random, NAMES.length)] as string;
  const changed = (CHANGES[name] as Change)(await readFile(path), random);
  await rm(path);
  if (changed === "directory") await mkdir(path);
  else if (changed !== "deleted") await writeFile(path, changed);
  return name;
}

/** All files of a folder, relative to it, sorted. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}
