/** Baud rates that are tried, the usual ones first. */
export const COMMON_BAUDS: readonly number[] = [
  115_200, 9600, 57_600, 38_400, 19_200, 230_400, 4800, 460_800, 921_600, 2400, 1200,
];

/** What bytes say about the baud rate at which they were read. */
export type BaudVerdict = "right" | "wrong" | "unknown";

/** Bytes from which on a rate can be told to be wrong. */
const LEAST_BYTES = 24;
/** Bytes in which lines should have ended. */
const MOST_BYTES = 4096;
/** Lines, the first one aside, that must make sense. */
const LEAST_LINES = 2;
const MOST_UNREADABLE_SHARE = 0.1;
/** How long nothing readable is put up with, and how long what is readable may take to become lines. */
const PATIENCE_MS = 5000;
const READABLE_PATIENCE_MS = 60_000;

const LINE_END = /\r\n|\r|\n/;
const READABLE = /^[\t\x20-\x7e\u00a0-\u024f\u0370-\u03ff\u2000-\u22ff]*$/;
const READING = /\d/;
const UNREADABLE_BYTES = /[^\t\r\n\x20-\x7e]/g;

/**
 * Whether bytes of a port make sense as lines with readings. At a wrong rate a port gives bytes all the same,
 * but few of them are characters that a sensor prints, and line ends are rare.
 *
 * @param bytes All since the rate was set; the first line may be cut.
 * @param elapsedMs Since the rate was set.
 */
export function judgeBaud(bytes: Uint8Array, elapsedMs: number): BaudVerdict {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unreadable = buffer.toString("latin1").match(UNREADABLE_BYTES)?.length ?? 0;
  const isReadable = unreadable <= bytes.length * MOST_UNREADABLE_SHARE;
  if (isReadable && hasReadings(buffer.toString())) return "right";
  if (bytes.length > MOST_BYTES) return "wrong";
  if (bytes.length >= LEAST_BYTES && !isReadable) return "wrong";
  const patienceMs = isReadable && bytes.length > 0 ? READABLE_PATIENCE_MS : PATIENCE_MS;
  return elapsedMs > patienceMs ? "wrong" : "unknown";
}

function hasReadings(text: string): boolean {
  const whole = text.split(LINE_END).slice(1, -1);
  const lines = whole.filter((line) => line !== "");
  if (lines.length < LEAST_LINES) return false;
  return lines.every((line) => READABLE.test(line)) && lines.some((line) => READING.test(line));
}
