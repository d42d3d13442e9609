/**
 * Numbers and times as text for people.
 *
 * @module
 */
import { printable } from "../../io/messages/printable.ts";

export { spanText as formatSpan } from "../../io/messages/span-text.ts";
export { printable };

/** A count with separated thousands: `22,695`. `Intl` gives the same, but takes 15 ms to load. */
export function formatCount(count: number): string {
  return count.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 alert`, `2 alerts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A share in percent, to two significant digits: `1.0 %`, `0.034 %`, `42 %`. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const percent = 100 * share;
  if (percent === 0) return "0 %";
  return `${percent >= 10 ? percent.toFixed(0) : percent.toPrecision(2)} %`;
}

/** Bytes in decimal units, two or three digits: `812 kB`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const kilobytes = bytes / 1000;
  if (kilobytes < 1000) return `${kilobytes.toFixed(0)} kB`;
  return `${(kilobytes / 1000).toFixed(1)} MB`;
}

/** Cuts a name to `width` characters, without control characters; a cut name ends with `…`. */
export function shorten(name: string, width: number): string {
  const text = printable(name);
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** A number to five significant digits, without trailing zeros. */
export function significant(value: number): string {
  return String(Number(value.toPrecision(5)));
}
