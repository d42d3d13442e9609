/** The time at the start of a line, and the position after it and after the tag of a logger. */
export interface LeadingTime {
  /** Date and time as written; null: none. */
  readonly time: string | null;
  /** The time of day if there is no date; null: none. */
  readonly clock: string | null;
  readonly end: number;
}

const DATED =
  /^\s{0,9}\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)\]?(?=[\s,;|[]|$)(?:\s{0,9}->)?/;
/** The time of day that serial monitors add: `12:03:44.123 -> `. */
const CLOCK = /^\s{0,9}\[?(\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\]?(?=[\s,;|[]|$)(?:\s{0,9}->)?/;
/** How ESPHome begins a line: `[D][dht:048]: `. */
const TAG = /^\s{0,9}\[[A-Z]{1,2}\]\[[^\]\s]{1,60}:\d{1,6}\]:(?: Got(?= ))?/;

/** Finds the time that a logger added to the start of a line. */
export function leadingTime(line: string): LeadingTime {
  const dated = DATED.exec(line);
  const clock = dated === null ? CLOCK.exec(line) : null;
  const end = (dated ?? clock)?.[0].length ?? 0;
  const tag = TAG.exec(line.slice(end))?.[0].length ?? 0;
  return { time: dated?.[1] ?? null, clock: clock?.[1] ?? null, end: end + tag };
}
