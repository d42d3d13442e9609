import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

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

/** Segments of a folder in order; none when there is no such folder. Other files are left alone. */
export async function listSegments(folder: string): Promise<SegmentFile[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw cause;
  });
  const segments: SegmentFile[] = [];
  for (const name of names.sort()) {
    const first = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(first)) {
      segments.push({ name, first, bytes: (await stat(join(folder, name))).size });
    }
  }
  return segments;
}
