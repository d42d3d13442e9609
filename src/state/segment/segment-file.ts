import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { requireKind, wrongKind } from "../files/set-aside.ts";
import type { ReportDamage } from "../state-error.ts";

/** One file of a segment log. */
export interface SegmentFile {
  readonly name: string;
  /** Sequence number that its first record has, or would have. */
  readonly first: number;
  /** Bytes of whole records written so far. */
  bytes: number;
}

const NAME = /^(\d{16})\.seg$/;

/** Name of the segment that begins with record `first`: names sort as sequence numbers do. */
export function segmentName(first: number): string {
  return `${String(first).padStart(16, "0")}.seg`;
}

/**
 * Segments of a folder in order; none if there is no such folder, or a file instead. Leaves other files alone, and reports folders with
 * the name of a segment.
 */
export async function listSegments(folder: string, report: ReportDamage): Promise<SegmentFile[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" && cause.code !== "ENOTDIR") throw cause;
    return [];
  });
  const segments: SegmentFile[] = [];
  for (const name of names.sort()) {
    const first = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isSafeInteger(first)) continue;
    const stats = await stat(join(folder, name));
    if (stats.isFile()) segments.push({ name, first, bytes: stats.size });
    else {
      const message = wrongKind("file", "is not read");
      report({ at: join(basename(folder), name), message, records: 0, bytes: 0 });
    }
  }
  return segments;
}

/** Sets aside folders that have the name of a segment. */
export async function setAsideFolders(folder: string, report: ReportDamage): Promise<void> {
  for (const name of (await readdir(folder)).filter((name) => NAME.test(name))) {
    await requireKind(join(folder, name), "file", report, join(basename(folder), name));
  }
}
