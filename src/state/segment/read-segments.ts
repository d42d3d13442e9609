import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Damage, ReportDamage } from "../state-error.ts";
import { type Scanned, scanRecords } from "./record.ts";
import type { SegmentFile } from "./segment-file.ts";

/** One record of a log. */
export interface LogRecord {
  readonly seq: number;
  readonly payload: Uint8Array;
}

/**
 * Records in order from sequence number `from` on, one segment in memory at a time.
 *
 * @param from 0: from the first record of the log.
 * @param report Receives each damaged stretch with the number of lost records. The number is exact, except at the end
 * of the last segment, where it is an estimate from the damaged bytes.
 */
export async function* readSegments(
  folder: string,
  segments: readonly SegmentFile[],
  from: number,
  report: ReportDamage,
): AsyncGenerator<LogRecord> {
  const start = segments[0]?.first ?? from;
  if (from > 0 && start > from) report({ at: basename(folder), ...damageOf(start - from, 0) });
  for (const [i, segment] of segments.entries()) {
    const end = segments[i + 1]?.first ?? Number.POSITIVE_INFINITY;
    if (end <= from) continue;
    const bytes = await readSegment(join(folder, segment.name));
    // the log has dropped this segment meanwhile, so its records are not needed
    if (bytes === null) continue;
    const at = join(basename(folder), segment.name);
    yield* segmentRecords(
      bytes.subarray(0, segment.bytes),
      { at, first: segment.first, end, from },
      report,
    );
  }
}

interface Extent {
  readonly at: string;
  readonly first: number;
  /** First sequence number of the next segment; Infinity: there is none. */
  readonly end: number;
  readonly from: number;
}

function* segmentRecords(
  bytes: Buffer,
  { at, first, end, from }: Extent,
  report: ReportDamage,
): Generator<LogRecord> {
  let expected = first;
  const gap = new Gap(at, report);
  for (const item of scanRecords(bytes)) {
    // an intact record with another number is a left-over, or part of the payload of a damaged record
    const fits = item.kind === "record" && item.seq >= expected && item.seq < end;
    if (!fits) {
      gap.add(item);
      continue;
    }
    if (item.seq > from) gap.close(item.seq - Math.max(expected, from), item.offset);
    else gap.clear();
    expected = item.seq + 1;
    if (item.seq >= from) yield { seq: item.seq, payload: item.payload };
  }
  const missing = Math.max(0, end - Math.max(expected, from));
  gap.close(end === Number.POSITIVE_INFINITY ? gap.looksLike : missing, bytes.length);
}

/** A damaged stretch between two records. */
class Gap {
  readonly #at: string;
  readonly #report: ReportDamage;
  #bytes = 0;
  /** How many records seem to have been in it. */
  looksLike = 0;

  constructor(at: string, report: ReportDamage) {
    this.#at = at;
    this.#report = report;
  }

  add(item: Scanned): void {
    this.#bytes += item.end - item.offset;
    this.looksLike += item.kind === "damage" ? item.looksLike : 0;
  }

  /** The next record starts at `offset`, and `records` before it are missing. */
  close(records: number, offset: number): void {
    if (this.#bytes > 0 || records > 0) {
      this.#report({
        at: `${this.#at}:${offset - this.#bytes}`,
        ...damageOf(records, this.#bytes),
      });
    }
    this.clear();
  }

  /** Forgets a stretch before the first wanted record. */
  clear(): void {
    this.#bytes = 0;
    this.looksLike = 0;
  }
}

/** Describes a damaged stretch. */
export function damageOf(records: number, bytes: number): Omit<Damage, "at"> {
  const lost = records === 1 ? "a record is" : `${records} records are`;
  const where = bytes === 0 ? "missing" : `lost in ${bytes} damaged bytes`;
  return { message: `${lost} ${where}`, records, bytes };
}

/** Where the intact records of a segment end, and how many records the damaged bytes after them seem to hold. */
export async function endOfSegment(
  path: string,
  first: number,
): Promise<{ readonly bytes: number; readonly nextSeq: number; readonly looksLike: number }> {
  let [bytes, nextSeq, looksLike] = [0, first, 0];
  for (const item of scanRecords(await readFile(path))) {
    if (item.kind === "damage") looksLike += item.looksLike;
    else if (item.seq >= nextSeq) [bytes, nextSeq, looksLike] = [item.end, item.seq + 1, 0];
  }
  return { bytes, nextSeq, looksLike };
}

async function readSegment(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw cause;
  }
}
