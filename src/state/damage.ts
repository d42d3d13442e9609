/** Something in the state directory that could not be read, and what that cost. */
export interface Damage {
  /** File or value, from the state directory: `outbox/0000000000000001.seg:120`. */
  readonly at: string;
  /** What is wrong and what was done about it, one sentence without its period. */
  readonly message: string;
  /** Records or values known to be lost. */
  readonly records: number;
  /** Bytes that were passed over. */
  readonly bytes: number;
}

/** Takes what was found damaged, as it is found. Must not throw. */
export type ReportDamage = (damage: Damage) => void;
