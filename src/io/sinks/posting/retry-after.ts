const MS_PER_SECOND = 1000;
const MOST_MS = 7 * 24 * 3600 * MS_PER_SECOND; // nobody means more, and sums stay exact

/**
 * The patience that a `Retry-After` header asks for, in ms from now (RFC 9110, 10.2.3: seconds, or a
 * date). A date is held against the receiver's own `Date`, when it sent one: the clock of a small
 * device may be years off.
 *
 * @param now ms since epoch by our clock.
 * @returns Undefined when the header is missing or no such thing; at most seven days.
 */
export function retryAfterMs(
  header: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * MS_PER_SECOND, MOST_MS);
  const until = httpDate(text);
  if (Number.isNaN(until)) return undefined;
  const from = httpDate(date ?? "");
  return Math.min(Math.max(0, until - (Number.isNaN(from) ? now : from)), MOST_MS);
}

/** ms since epoch of `Sun, 06 Nov 1994 08:49:37 GMT` and its obsolete forms; NaN for anything else. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
}
