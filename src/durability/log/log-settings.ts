import type { DiskFailure } from "../disk/disk-failure.ts";

/** Reports to the operator, in one sentence without a period. Must not throw. */
export type Notify = (level: "info" | "warn" | "error", message: string) => void;

/**
 * When a command is answered: after fdatasync (`always`), after write, with a sync within five
 * seconds (`interval`), or at once (`none`), unless the disk is far behind.
 */
export type Durability = "always" | "interval" | "none";

/** Commands while the log can't be written: they are refused, or they go on and are kept in memory only. */
export type WhenUnwritable = "refuse" | "go_on";

/** State of the write-ahead log. */
export interface LogState {
  /** Records and bytes that a power cut would lose now. */
  readonly unsyncedRecords: number;
  readonly unsyncedBytes: number;
  /** Commands that had to wait for writes, with durability `none`. */
  readonly waits: number;
  /** Why the log can't be written; null: it can. */
  readonly failure: DiskFailure | null;
}
