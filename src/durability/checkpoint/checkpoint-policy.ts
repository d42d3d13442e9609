/** Bytes that all else may write for each byte of the journal: three, and a margin because costs are estimated. */
export const SHARE = 2.8;
/** Bytes of a whole checkpoint for each byte of memory, about: it is compressed, and windows have spare room. */
export const PACKED = 0.4;
/** Processor time to load a checkpoint, ms a byte; measured at 11 to 20 ns. */
const LOAD_MS = 20e-6;
/** Share of the recovery time at which a checkpoint is due: more commands arrive while it is written. */
const EARLY = 0.8;
/** Least share of it for the journal: a checkpoint does not make loading the state faster. */
const LEAST_REPLAY = 0.2;
/** What changes are expected to cost before any checkpoint has shown it: bytes for each byte of the journal. */
const TYPICAL_CHANGE = 1.5;
/** And at least this share of the state, because each sensor that had a reading costs something. */
const LEAST_CHANGE = 1 / 8;

/** Processor time that a start may take by default, ms. */
export const MAX_RECOVERY_MS = 5000;
/** Size of the files by default, bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

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
}

/**
 * Decides when a checkpoint is worth its bytes. It is due when executing the journal again would take longer than
 * the limit, and only if all bytes written so far stay within four times those of the journal: the lifetime of a
 * memory card comes before the time of a start.
 *
 * What a checkpoint costs is known only afterwards. If it was too much, the next one waits until the journal has
 * made up for it; the debt is part of the checkpoint.
 */
export class CheckpointPolicy {
  readonly #limits: CheckpointLimits;
  /** Processor time to load the last checkpoint, ms. */
  #restoreMs: number;
  #replayMs: number;
  #journalBytes: number;
  #otherBytes = 0;
  #owed: number;
  /** Bytes of the last checkpoint; null: unknown, or it was a whole one. */
  #lastBytes: number | null = null;

  /** @param recovered What the start read and executed. */
  constructor(
    limits: CheckpointLimits,
    recovered: Since & { readonly restoreMs: number; readonly owed: number },
  ) {
    this.#limits = limits;
    this.#restoreMs = recovered.restoreMs;
    this.#replayMs = recovered.replayMs;
    this.#journalBytes = recovered.journalBytes;
    this.#owed = recovered.owed;
  }

  /** Processor time that the next start would take, ms; estimated. */
  get recoveryMs(): number {
    return this.#restoreMs + this.#replayMs;
  }

  /** Bytes that a checkpoint may write now. */
  get allowance(): number {
    return SHARE * this.#journalBytes - this.#otherBytes - this.#owed;
  }

  /** Adds an executed command. */
  executed(bytes: number, replayMs: number): void {
    this.#journalBytes += bytes;
    this.#replayMs += replayMs;
  }

  /** Adds bytes that were written elsewhere in the state directory. */
  wrote(bytes: number): void {
    this.#otherBytes += bytes;
  }

  /** What happened since the last checkpoint; for {@link saved}. */
  get since(): Since {
    return { replayMs: this.#replayMs, journalBytes: this.#journalBytes };
  }

  /** Whether the next start would take too long, or the files are too large, and the budget allows a checkpoint. */
  isDue(wholeBytes: number, hasPrevious: boolean, fileBytes: number): boolean {
    const { maxRecoveryMs = MAX_RECOVERY_MS, maxBytes = MAX_BYTES } = this.#limits;
    const most = Math.max(EARLY * maxRecoveryMs - this.#restoreMs, LEAST_REPLAY * maxRecoveryMs);
    if (this.#replayMs < most && fileBytes < maxBytes) return false;
    return this.isAffordable(wholeBytes, hasPrevious);
  }

  /**
   * Whether the budget allows a checkpoint.
   *
   * @param wholeBytes Size of the state.
   * @param hasPrevious Whether only changes are written.
   */
  isAffordable(wholeBytes: number, hasPrevious: boolean): boolean {
    const typical = Math.max(TYPICAL_CHANGE * this.#journalBytes, LEAST_CHANGE * wholeBytes);
    const expected = hasPrevious ? Math.min(wholeBytes, this.#lastBytes ?? typical) : wholeBytes;
    return expected <= this.allowance;
  }

  /** Bytes that a checkpoint of this size would owe to the budget. */
  debtOf(bytes: number, { journalBytes }: Since = this.since): number {
    return Math.max(0, bytes + this.#otherBytes + this.#owed - SHARE * journalBytes);
  }

  /**
   * A checkpoint was saved.
   *
   * @param since As it was when the checkpoint was begun.
   * @param bytes Bytes that it wrote.
   * @param isWhole Whether it wrote everything.
   */
  saved(since: Since, bytes: number, isWhole: boolean): void {
    if (isWhole) this.#restoreMs = Math.max(this.#restoreMs, LOAD_MS * bytes);
    this.#owed = this.debtOf(bytes, since);
    this.#otherBytes = 0;
    this.#replayMs -= since.replayMs;
    this.#journalBytes -= since.journalBytes;
    this.#lastBytes = isWhole ? null : bytes;
  }
}
