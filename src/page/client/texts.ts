const counts = new Intl.NumberFormat();

/** A number in a short readable form. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2);
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

/** A count, in the visitor's language. */
export function countText(count: number): string {
  return counts.format(count);
}

const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;

/** Formats times in one zone. */
export interface TimeTexts {
  /** @param time ISO 8601, or ms since 1970. */
  text(time: string | number): string;
  /** Labels of a time axis, as precise as its steps. @param seconds Since 1970, ascending. */
  ticks(seconds: readonly number[]): string[];
  /** A date whose local parts are those of the zone, for `uPlot`. */
  date(seconds: number): Date;
}

/** In the visitor's zone and language. */
export const localTimes: TimeTexts = timeTexts(
  new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" }),
  new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" }),
  new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }),
  new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }),
);

/** Formats a date. */
export type Format = Pick<Intl.DateTimeFormat, "format">;

/** Formats times, and the ticks of an axis by the size of its steps. */
export function timeTexts(full: Format, days: Format, minutes: Format, seconds: Format): TimeTexts {
  return {
    text: (time) => full.format(new Date(time)),
    ticks(times) {
      const step = (times[1] ?? 0) - (times[0] ?? 0);
      const format = step >= DAY_SECONDS ? days : step >= MINUTE_SECONDS ? minutes : seconds;
      return times.map((one) => format.format(1000 * one));
    },
    date: (seconds) => new Date(1000 * seconds),
  };
}
