import { isoTime } from "../core/timestamp/iso-time.ts";
import type { TimeNotice } from "../engine/time/time-notice.ts";
import type { Reject } from "./decoders/decode-context.ts";
import { spanText } from "./messages/span-text.ts";

/** Reason of rejects whose time is too far ahead. */
export const TIME_AHEAD = "time ahead";

/** A reading that is not used because of its time. */
export interface TimeReject {
  /** The name of the input that the user gave. */
  readonly input: string;
  /** 1-based data row of the input, including rejected rows. */
  readonly row: number;
  readonly reason: typeof TIME_AHEAD;
  /** The full reason. */
  readonly detail: string;
}

/** Where a reject stands in its input: `greenhouse.csv:12`, or `greenhouse.csv row 11`. */
export function placeOf(reject: Reject | TimeReject): string {
  return "line" in reject ? `${reject.input}:${reject.line}` : `${reject.input} row ${reject.row}`;
}

/**
 * The reject that a notice stands for; null: its reading is used, or waits.
 *
 * @param input Name of the input that the user gave.
 */
export function timeReject(notice: TimeNotice, sensor: string, input: string): TimeReject | null {
  const { kind, timestamp, known, row } = notice;
  if (kind !== "refused" && kind !== "unconfirmed") return null;
  const why =
    kind === "refused"
      ? `and the next reading of ${sensor} is not`
      : `and no later reading of ${sensor} confirms it`;
  const detail = `${aheadText(timestamp, known)}, ${why}`;
  return { input, row, reason: TIME_AHEAD, detail };
}

/** `2090-01-01T00:00:00.000Z is 63y ahead of 2026-03-01T09:30:00.000Z`. */
export function aheadText(timestamp: number, known: number): string {
  return `${isoTime(timestamp)} is ${spanText(timestamp - known)} ahead of ${isoTime(known)}`;
}

/** What happened to the clock of a sensor, as a sentence without its period; null: nothing. */
export function clockText(notice: TimeNotice, sensor: string): string | null {
  const { kind, timestamp, known } = notice;
  if (kind === "leads") return `the clock of ${sensor} is wrong: ${aheadText(timestamp, known)}`;
  if (kind === "hour_repeated") {
    return `the time of ${sensor} goes back by an hour to ${isoTime(timestamp)}, as local time does when summer time ends: readings of this hour count as out of order; log in UTC, or with the offset`;
  }
  if (kind !== "clock_set") return null;
  const way = timestamp < known ? "back" : "forward";
  const by = spanText(Math.abs(timestamp - known));
  return `the clock of ${sensor} was set ${way} by ${by}, to ${isoTime(timestamp)}`;
}
