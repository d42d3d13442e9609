const WEEK_HOURS = 168;

/** Hours of each unit; a month has 30 days. */
const HOURS: ReadonlyMap<string, number> = new Map([
  ["hour", 1],
  ["day", 24],
  ["week", WEEK_HOURS],
  ["month", 720],
]);

/** Units of an alert rate, the shortest first. */
export const RATE_UNITS: readonly string[] = [...HOURS.keys()];

const PATTERN = /^(\d{1,9}(?:\.\d{1,9})?) ?\/ ?([a-z]+)$/;

/** Alerts a week of a rate such as `1/week`, `2/day`, `0.5/hour` or `3/month`, > 0; null if `text` is none. */
export function parseAlertRate(text: string): number | null {
  const [, amount, unit] = PATTERN.exec(text) ?? [];
  const hours = HOURS.get(unit ?? "");
  if (hours === undefined || Number(amount) === 0) return null;
  return (Number(amount) * WEEK_HOURS) / hours;
}

/** Digits of a rate as text. */
const DIGITS = 4;

/** A rate as text, in the unit that needs the fewest digits: 1008 a week is `6/hour`. @param perWeek > 0. */
export function formatAlertRate(perWeek: number): string {
  const texts = ["week", "day", "hour", "month"].map((unit) => {
    const amount = (perWeek * (HOURS.get(unit) as number)) / WEEK_HOURS;
    return `${Number(amount.toPrecision(DIGITS))}/${unit}`;
  });
  const digits = (text: string): number => text.indexOf("/");
  return texts.reduce((best, text) => (digits(text) < digits(best) ? text : best));
}
