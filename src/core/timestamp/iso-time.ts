/** `2013-12-02T21:15:00.000Z`. @throws {RangeError} If `Date` cannot hold the time. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** `2013-12-02 21:15:00`, in UTC, for people. @throws {RangeError} If `Date` cannot hold the time. */
export function dateTimeText(ms: number): string {
  return isoTime(ms).slice(0, 19).replace("T", " ");
}

/** `+01:30:00` or `+00:00:00.250`: a time since a start, in ms, for people. */
export function elapsedText(ms: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const size = Math.abs(ms);
  const seconds = Math.floor(size / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const rest = Math.floor(size % 1000);
  const fraction = rest === 0 ? "" : `.${String(rest).padStart(3, "0")}`;
  return `${ms < 0 ? "-" : "+"}${clock.map(two).join(":")}${fraction}`;
}
