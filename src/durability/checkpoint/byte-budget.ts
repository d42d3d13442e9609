/** Bytes that all else may write for each byte of the journal: three, and a margin because costs are estimated. */
export const SHARE = 2.8;
/** Records a second below which the bytes of a day are limited too. */
const QUIET_RATE = 10;
/**
 * Bytes a second of the journal and all else at lower rates. That is 250 MB a day, and the syncs add 150 MB: each
 * writes a block of 4 kB again that is not full yet.
 */
const QUIET_BYTES = 2900;
/** Time over which a rate counts, s. */
const PERIOD_S = 60;

/** What happened in one period. */
interface Period {
  readonly seconds: number;
  readonly records: number;
  /** Of the journal. */
  readonly bytes: number;
}

/** Counts the bytes that may be written beside the journal. */
export class ByteBudget {
  /** Of whole periods. */
  #granted: number;
  #period: Period = { seconds: 0, records: 0, bytes: 0 };

  /** @param journalBytes Records of earlier processes. */
  constructor(journalBytes: number) {
    this.#granted = SHARE * journalBytes;
  }

  /** Bytes granted so far. May fall a little within a period whose rate falls. */
  get granted(): number {
    return this.#granted + grantOf(this.#period);
  }

  /** Adds a record of the journal. */
  record(size: number): void {
    const { seconds, records, bytes } = this.#period;
    this.#period = { seconds, records: records + 1, bytes: bytes + size };
  }

  /** Adds time that has passed. */
  passed(time: number): void {
    const { seconds, ...rest } = this.#period;
    this.#period = { ...rest, seconds: seconds + time };
    if (this.#period.seconds < PERIOD_S) return;
    this.#granted = this.granted;
    this.#period = { seconds: 0, records: 0, bytes: 0 };
  }
}

function grantOf({ seconds, records, bytes }: Period): number {
  const share = SHARE * bytes;
  if (records >= QUIET_RATE * Math.max(1, seconds)) return share;
  // at least as much as the journal, which could never be deleted otherwise
  return Math.min(share, Math.max(bytes, QUIET_BYTES * seconds - bytes));
}
