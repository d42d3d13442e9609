/** The time at the start of a line, and the position after it. */
export interface LeadingTime {
  /** Date and time as written; null: none, or only a time of day. */
  readonly time: string | null;
  readonly end: number;
}

const DATED =
  /^\s{0,9}\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)\]?(?=[\s,;|]|$)(?:\s{0,9}->)?/;
/** The time of day that serial monitors add: `12:03:44.123 -> `. It has no date, so the arrival time counts. */
const CLOCK = /^\s{0,9}\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?(?=[\s,;|]|$)(?:\s{0,9}->)?/;

/** Finds the time that a logger added to the start of a line. */
export function leadingTime(line: string): LeadingTime {
  const dated = DATED.exec(line);
  if (dated !== null) return { time: dated[1] ?? null, end: dated[0].length };
  return { time: null, end: CLOCK.exec(line)?.[0].length ?? 0 };
}
