import { dateTimeText, elapsedText } from "./iso-time.ts";
import { isRelativeFormat, type TimePlan } from "./time-plan.ts";
import { parseOffset } from "./zone/zone.ts";
import { ZoneRules } from "./zone/zone-rules.ts";

/** How times are shown to people. */
export interface TimeDisplay {
  /** For headings: `UTC`, `Europe/Berlin`, `+01:00`, `since the start`. */
  readonly name: string;
  /** The time on the clock of the zone as if it were UTC, ms. */
  local(ms: number): number;
  /** `2013-12-02 21:15:00`, or `+01:30:00` since the start. @throws {RangeError} If `Date` cannot hold the time. */
  text(ms: number): string;
}

/** Name of the display of times without a date. */
const SINCE_START = "since the start";

/** Times in UTC. */
export const UTC_TIMES: TimeDisplay = {
  name: "UTC",
  local: (ms) => ms,
  text: dateTimeText,
};

/**
 * Times in a zone.
 *
 * @param name An IANA name, `UTC`, an offset such as `+01:00`, or the name of another display.
 * @throws {RangeError} If there is no such zone.
 */
export function timesIn(name: string): TimeDisplay {
  if (name === UTC_TIMES.name) return UTC_TIMES;
  if (name === SINCE_START) return { name, local: (ms) => ms, text: elapsedText };
  const offset = parseOffset(name);
  const rules = Number.isNaN(offset) ? new ZoneRules(name) : null;
  const local = (ms: number): number => ms + (rules?.offsetAt(ms) ?? offset);
  return { name, local, text: (ms) => dateTimeText(local(ms)) };
}

/**
 * How the times of an input are shown: in the zone that the user wants, else in UTC; times without a date since the
 * start, unless they count from a date after 1970-01-01.
 */
export function timesOfInput(zone: string | undefined, plan: TimePlan | null): TimeDisplay {
  const isUndated = plan !== null && !plan.start && isRelativeFormat(plan.format);
  return timesIn(isUndated ? SINCE_START : (zone ?? UTC_TIMES.name));
}
