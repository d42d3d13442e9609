/** `2013-12-02T21:15:00.000Z`. @throws {RangeError} If `Date` cannot hold the time. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** `2013-12-02 21:15:00`, in UTC, for people. @throws {RangeError} If `Date` cannot hold the time. */
export function dateTimeText(ms: number): string {
  return isoTime(ms).slice(0, 19).replace("T", " ");
}
