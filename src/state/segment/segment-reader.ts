import type { ReportDamage } from "../state-error.ts";
import { checkEnds } from "./check-ends.ts";
import { type LogRecord, readSegments } from "./read-segments.ts";

/**
 * Reads a log without opening, locking or repairing it. Another process may write it; its last record may be missing
 * then.
 */
export async function* readSegmentFolder(
  folder: string,
  report: ReportDamage,
): AsyncGenerator<LogRecord> {
  const { segments } = await checkEnds(folder, undefined, report);
  yield* readSegments(folder, segments, 0, report);
}
