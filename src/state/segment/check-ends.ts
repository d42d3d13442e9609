import { basename, join } from "node:path";
import type { ReportDamage } from "../state-error.ts";
import { type Range, readRange } from "./log-range.ts";
import { damageOf, endOfSegment } from "./read-segments.ts";
import { listSegments, type SegmentFile } from "./segment-file.ts";

const DELETED = "its files were deleted: records since the last sync, if any, are lost";

/** The intact part of a log. */
export interface Ends {
  /** In order; the bytes of the last one end with its last intact record. */
  readonly segments: readonly SegmentFile[];
  /** Sequence number of the first record that should be there. */
  readonly first: number;
  /** Sequence number after the last intact record. */
  readonly next: number;
}

/**
 * Finds the intact part of a log and reports what is missing before and after it. The range of the log tells how many
 * records these are; without it, only damaged bytes are noticed.
 *
 * @param nextSeq As in `SegmentLogOptions`. Nobody needs earlier records from the end of the log; what is missing
 * before its first record, a reader finds out.
 */
export async function checkEnds(
  folder: string,
  nextSeq: number | undefined,
  report: ReportDamage,
): Promise<Ends> {
  const range = await readRange(folder, report);
  const segments = await listSegments(folder, report);
  const start = segments[0]?.first;
  const first = nextSeq ?? (await firstOf(folder, range, start)) ?? start ?? 1;
  if (nextSeq === undefined && start !== undefined && start > first) {
    report({ at: basename(folder), ...damageOf(start - first, 0) });
  }
  return { segments, first, next: await checkEnd(folder, segments, first, range, report) };
}

/** First record by the range. Read again if a segment seems to be missing: the log may just have deleted it. */
async function firstOf(
  folder: string,
  range: Range | null,
  start: number | undefined,
): Promise<number | undefined> {
  if (range === null || start === undefined || start <= range.first) return range?.first;
  return (await readRange(folder, () => {}))?.first;
}

async function checkEnd(
  folder: string,
  segments: readonly SegmentFile[],
  first: number,
  range: Range | null,
  report: ReportDamage,
): Promise<number> {
  const last = segments.at(-1);
  const end =
    last === undefined
      ? { bytes: 0, nextSeq: first, looksLike: 0 }
      : await endOfSegment(join(folder, last.name), last.first);
  // a reader of the log reports those before `first`
  const unread = Math.max(0, first - end.nextSeq);
  const missing = Math.max(0, (range?.next ?? 0) - Math.max(end.nextSeq, first));
  const damaged = last === undefined ? 0 : Math.max(0, last.bytes - end.bytes);
  const records = Math.max(missing, end.looksLike - unread);
  if (records > 0 || (damaged > 0 && unread === 0)) {
    const file = last === undefined ? [] : [`${last.name}:${end.bytes}`];
    const at = join(basename(folder), ...file);
    report({ at, ...damageOf(records, damaged) });
  } else if (last === undefined && range !== null) {
    // a log with a range had a segment; after a crash, the range does not have the records since the last sync
    report({ at: basename(folder), message: DELETED, records: 0, bytes: 0 });
  }
  if (last !== undefined) last.bytes = end.bytes;
  return end.nextSeq;
}
