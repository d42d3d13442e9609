import { basename, join } from "node:path";
import type { ReportDamage } from "../state-error.ts";
import { damageOf, endOfSegment } from "./read-segments.ts";
import type { SegmentFile } from "./segment-file.ts";

/**
 * Leaves out what is damaged at the end of the last segment, and reports it.
 *
 * @returns The next sequence number.
 */
export async function repairEnd(
  folder: string,
  segments: readonly SegmentFile[],
  report: ReportDamage,
): Promise<number> {
  const last = segments.at(-1);
  if (last === undefined) return 1;
  const end = await endOfSegment(join(folder, last.name), last.first);
  if (end.bytes < last.bytes) {
    const at = `${join(basename(folder), last.name)}:${end.bytes}`;
    report({ at, ...damageOf(end.looksLike, last.bytes - end.bytes) });
    last.bytes = end.bytes;
  }
  return end.nextSeq;
}
