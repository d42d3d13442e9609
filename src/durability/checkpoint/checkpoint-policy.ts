import { ByteBudget } from "./byte-budget.ts";
import { restoreCost } from "./restore-cost.ts";

/** Bytes of a whole checkpoint for each byte of memory, about: it is compressed, and windows have spare room. */
export const PACKED = 0.3;
/** Share of the recovery time at which a checkpoint is due: more commands arrive while it is written. */
const EARLY = 0.8;
/** Least share of it for the journal: a checkpoint does not make loading the state faster. */
const LEAST_REPLAY = 0.2;
/** What changes are expected to cost before any checkpoint has shown it: bytes for each byte of the journal. */
const TYPICAL_CHANGE = 1.5;
/** And at least this share of the state, because each sensor that had a reading costs something. */
const LEAST_CHANGE = 1 / 8;
/** A start that took less time than this says nothing about the speed of the machine, ms. */
const LEAST_START_MS = 500;

/** Processor time that a start may take by default, ms. */
export const MAX_RECOVERY_MS = 5000;
/** Size of the files by default, bytes. */
export const MAX_BYTES = 256 * 1024 * 1024;

/** When a checkpoint is wanted. */
export interface CheckpointLimits {
  /** Processor time that the next start may take to restore the state, ms. By default 5 s. */
  readonly maxRecoveryMs?: number | undefined;
  /**
   * Size of journal and checkpoints above which a checkpoint is taken earlier, so that old records can go, bytes.
   * By default 256 MiB.
   */
  readonly maxBytes?: number | undefined;
}

/** What happened since a checkpoint. */
interface Since {
  /** Processor time to execute the records again, ms. */
  readonly replayMs: number;
  readonly journalBytes: number;
  /** Bytes that may be written. */
  readonly granted: number;
}

/** The files of checkpoints. */
interface Stored {
  readonly bytes: number;
  /** Number of values of the newest checkpoint. */
  readonly valueCount: number;
}

/** What the next checkpoint depends on. */
interface Next extends Stored {
  /** Bytes of everything. */
  readonly wholeBytes: number;
  /** Bytes that it writes again, although they have not changed. */
  readonly rewrittenBytes: number;
  /** Whether it contains only changes. */
  readonly hasPrevious: boolean;
}

/** What a start read and executed. */
interface RecoveredCost {
  /** Processor time to load the checkpoint, ms. */
  readonly restoreMs: number;
  readonly replayMs: number;
  readonly journalBytes: number;
  /** See `SavedPosition`. */
  readonly owed: number;
}

/**
 * Decides when a checkpoint is worth its bytes. It is due when executing the journal again would take longer than
 * the limit, and only if all bytes written so far stay within the {@link ByteBudget}: the lifetime of a memory card
 * comes before the time of a start.
 *
 * What a checkpoint costs is known only afterwards. If it was too much, the next one waits until the journal has
 * made up for it; the debt is part of the checkpoint.
 */
export class CheckpointPolicy {
  readonly #limits: CheckpointLimits;
  readonly #budget: ByteBudget;
  /** Time that the machine needs for what takes the development machine 1 ms. */
  readonly #slowness: number;
  /** Processor time to load the last checkpoint, ms. */
  #restoreMs: number;
  #replayMs: number;
  #journalBytes: number;
  /** What the budget granted before the last checkpoint; it no longer counts. */
  #forfeited = 0;
  #otherBytes = 0;
  #owed: number;
  /** Bytes of the changes in the last checkpoint; null: unknown, or it was a whole one. */
  #lastChanges: number | null = null;

  /** @param stored What the start has read. */
  constructor(limits: CheckpointLimits, recovered: RecoveredCost, stored: Stored) {
    this.#limits = limits;
    this.#restoreMs = recovered.restoreMs;
    this.#replayMs = recovered.replayMs;
    this.#journalBytes = recovered.journalBytes;
    this.#budget = new ByteBudget(recovered.journalBytes);
    this.#owed = recovered.owed;
    const expected = restoreCost(stored.bytes, stored.valueCount);
    this.#slowness = expected < LEAST_START_MS ? 1 : recovered.restoreMs / expected;
  }

  /** Processor time that the next start would take, ms; estimated. */
  get recoveryMs(): number {
    return this.#restoreMs + this.#replayMs;
  }

  /** Adds an executed command. */
  executed(bytes: number, replayMs: number): void {
    this.#journalBytes += bytes;
    this.#replayMs += replayMs;
    this.#budget.record(bytes);
  }

  /** Adds bytes that were written elsewhere in the state directory. */
  wrote(bytes: number): void {
    this.#otherBytes += bytes;
  }

  /** Adds time that has passed, s. */
  passed(seconds: number): void {
    this.#budget.passed(seconds);
  }

  /** What happened since the last checkpoint; for {@link saved}. */
  get since(): Since {
    return {
      replayMs: this.#replayMs,
      journalBytes: this.#journalBytes,
      granted: this.#budget.granted - this.#forfeited,
    };
  }

  /**
   * Whether the next start would take too long, or the files would get too large, and the budget allows a checkpoint.
   *
   * @param logBytes Size of the files of the journal.
   */
  isDue(next: Next, logBytes: number): boolean {
    const { maxRecoveryMs = MAX_RECOVERY_MS, maxBytes = MAX_BYTES } = this.#limits;
    const most = Math.max(EARLY * maxRecoveryMs - this.#restoreMs, LEAST_REPLAY * maxRecoveryMs);
    const size = logBytes + next.bytes + this.#expectedBytes(next);
    if (this.#replayMs < most && size < maxBytes) return false;
    return this.isAffordable(next);
  }

  /** Whether the budget allows a checkpoint. */
  isAffordable(next: Next): boolean {
    return this.#expectedBytes(next) <= this.since.granted - this.#otherBytes - this.#owed;
  }

  /** Bytes that a checkpoint of this size would owe to the budget. */
  debtOf(bytes: number, { granted }: Since = this.since): number {
    return Math.max(0, bytes + this.#otherBytes + this.#owed - granted);
  }

  /**
   * A checkpoint was saved.
   *
   * @param since As it was when the checkpoint was begun.
   * @param bytes Bytes that it wrote.
   * @param rewritten Bytes among them that had not changed; null: it wrote everything.
   * @param stored The files after it.
   */
  saved(since: Since, bytes: number, rewritten: number | null, stored: Stored): void {
    this.#restoreMs = this.#slowness * restoreCost(stored.bytes, stored.valueCount);
    this.#owed = this.debtOf(bytes, since);
    this.#forfeited += since.granted;
    this.#otherBytes = 0;
    this.#replayMs -= since.replayMs;
    this.#journalBytes -= since.journalBytes;
    this.#lastChanges = rewritten === null ? null : Math.max(0, bytes - rewritten);
  }

  #expectedBytes({ wholeBytes, rewrittenBytes, hasPrevious }: Next): number {
    if (!hasPrevious) return wholeBytes;
    const typical = Math.max(TYPICAL_CHANGE * this.#journalBytes, LEAST_CHANGE * wholeBytes);
    return Math.min(wholeBytes, (this.#lastChanges ?? typical) + rewrittenBytes);
  }
}
