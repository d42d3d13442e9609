/** Which times of readings are believed. */
export interface TimeSettings {
  /** How far the time of a reading may be ahead of its arrival at a live source, ms. */
  readonly maxAhead: number;
  /** Furthest jump ahead that needs no confirmation, ms; null: by the interval of each sensor. */
  readonly maxJump: number | null;
  /** How long readings wait to be sorted by time, ms of event time; 0: not at all. */
  readonly lateness: number;
}

/** What the intake found about the time of a reading. */
export interface TimeNotice {
  /**
   * `held`: too far ahead, it waits for the sensor's next reading; `confirmed`: it is used; `refused`: it is not, the
   * next reading of the sensor went on in the past; `unconfirmed`: it is not, the input ended; `leads`, `follows`: the
   * sensor runs ahead of all others, which go on, or no longer does; `clock_set`: the clock of the sensor was set;
   * `hour_repeated`: its time went back by an hour, as local time does when summer time ends.
   */
  readonly kind:
    | "held"
    | "confirmed"
    | "refused"
    | "unconfirmed"
    | "leads"
    | "follows"
    | "clock_set"
    | "hour_repeated";
  readonly key: number;
  /** Event time of the reading, ms. */
  readonly timestamp: number;
  /** What it was compared with, event time in ms: the newest time that was known for the sensor. */
  readonly known: number;
  /** 1-based data row within its source. */
  readonly row: number;
  readonly source: number;
}
