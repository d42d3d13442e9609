const MS_PER_SECOND = 1000;
const MAX_MS = 7 * 24 * 3600 * MS_PER_SECOND; // larger values make no sense, and sums stay exact

/**
 * The delay of a `Retry-After` header, in ms from now (RFC 9110, 10.2.3: seconds, or a date). Compares a date with the
 * `Date` header if there is one, because the clock of this device may be wrong.
 *
 * @param now ms since epoch, by the clock of this device.
 * @returns At most seven days; undefined if the header is missing or not valid.
 */
export function retryAfterMs(
  header: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * MS_PER_SECOND, MAX_MS);
  const until = httpDate(text);
  if (Number.isNaN(until)) return undefined;
  const from = httpDate(date ?? "");
  return Math.min(Math.max(0, until - (Number.isNaN(from) ? now : from)), MAX_MS);
}

/** ms since epoch of `Sun, 06 Nov 1994 08:49:37 GMT` and its obsolete forms; NaN for anything else. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
}
