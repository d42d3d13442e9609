/** The baud rates to try, most common first. */
export const COMMON_BAUDS: readonly number[] = [
  115_200, 9600, 57_600, 38_400, 19_200, 230_400, 4800, 460_800, 921_600, 2400, 1200,
];

/** Whether bytes were read at the right baud rate. */
export type BaudVerdict = "right" | "wrong" | "unknown";

/** A rate with this many unreadable bytes is wrong, even right after the start. */
const MAX_GARBAGE_BYTES = 24;
/** A rate is wrong if so many readable bytes hold no usable lines. */
const MAX_BYTES = 4096;
const MAX_UNREADABLE_SHARE = 0.1;
/** Whole lines that are enough at once; bytes of a single line that are enough after {@link SINGLE_LINE_MS}. */
const ENOUGH_LINES = 2;
const ENOUGH_BYTES = 6;
const SINGLE_LINE_MS = 5000;
/** Longest wait for lines at one rate. */
const PATIENCE_MS = 60_000;

const LINE_END = /\r\n|\r|\n/;
const READABLE = /^[\t\x20-\x7e\u00a0-\u024f\u0370-\u03ff\u2000-\u22ff]*$/;
const READING = /\d/;
const UNREADABLE_BYTES = /[^\t\r\n\x20-\x7e]/g;

/**
 * Checks whether the bytes of a port are lines with readings. At a wrong rate a port also delivers bytes, but few
 * of them are printable, and line ends are rare.
 *
 * @param bytes All bytes since the rate was set; the first line may be cut.
 * @param elapsedMs Time since the rate was set. A sensor that sends once a minute needs no second line.
 */
export function checkBaud(bytes: Uint8Array, elapsedMs: number): BaudVerdict {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unreadable = buffer.toString("latin1").match(UNREADABLE_BYTES)?.length ?? 0;
  if (unreadable > bytes.length * MAX_UNREADABLE_SHARE) {
    return bytes.length >= MAX_GARBAGE_BYTES || elapsedMs > SINGLE_LINE_MS ? "wrong" : "unknown";
  }
  const lines = buffer.toString().split(LINE_END).slice(0, -1);
  const isEnough =
    lines.slice(1).filter((line) => line !== "").length >= ENOUGH_LINES ||
    (lines.length > 0 && bytes.length >= ENOUGH_BYTES && elapsedMs > SINGLE_LINE_MS);
  if (isEnough && makeSense(lines)) return "right";
  return bytes.length > MAX_BYTES || elapsedMs > PATIENCE_MS ? "wrong" : "unknown";
}

/** Whether lines hold readings. The first line may be cut, even within a character. */
function makeSense([first = "", ...whole]: readonly string[]): boolean {
  return (
    whole.every((line) => READABLE.test(line)) &&
    [first, ...whole].some((line) => READING.test(line))
  );
}
