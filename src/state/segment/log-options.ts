import type { ReportDamage } from "../state-error.ts";

/** Settings of a segment log. */
export interface SegmentLogOptions {
  /** Size of a segment, bytes; read for every write. By default 4 MiB. */
  readonly segmentBytes?: number | (() => number);
  /** Largest size of the log, with queued records, bytes. By default there is no limit. */
  readonly maxBytes?: number;
  /** Least sequence number of the next record: larger than any number noted elsewhere, in case the end is lost. */
  readonly nextSeq?: number;
  /** Receives damage: at the end of the log when it is opened, elsewhere when it is read. */
  readonly report: ReportDamage;
}
