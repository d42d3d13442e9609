import type { ReportDamage } from "../state-error.ts";

/** How a segment log is opened. */
export interface SegmentLogOptions {
  /** Size at which a new segment is begun. By default 4 MiB. */
  readonly segmentBytes?: number;
  /** Most bytes held, those not written yet included. By default without a limit. */
  readonly maxBytes?: number;
  /**
   * Least sequence number of the next record. Who has noted elsewhere how far he read says so here:
   * where the end of the log was lost, its numbers would be given again.
   */
  readonly nextSeq?: number;
  /** Takes what is damaged at the end of the log, when it is opened, and elsewhere, when it is read. */
  readonly report: ReportDamage;
}
