import { z } from "zod";
import { parseFormat } from "../../core/timestamp/format/parse-format.ts";
import { TIME_FORMAT_NAMES } from "../../core/timestamp/time-plan.ts";
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp/timestamp.ts";
import { isZone } from "../../core/timestamp/zone/zone.ts";
import {
  NO_TIME_FORMAT,
  type TimeFormatSettings,
} from "../../io/decoders/columns/time/time-finding.ts";
import { duration, text } from "../../io/setting-values.ts";
import { suggestAndList } from "../suggest.ts";

/** The zone of the machine. */
const LOCAL = "local";

/** What is wrong with the format of a time, and what to write; null: nothing. */
export function timeFormatFault(format: string): string | null {
  const names = [...TIME_FORMAT_NAMES, NO_TIME_FORMAT];
  if (names.includes(format)) return null;
  const parsed = parseFormat(format);
  if (!("fault" in parsed)) return null;
  if (format.includes("%")) return `must be a format of times: ${parsed.fault}. ${parsed.hint}`;
  const hint = parsed.hint.startsWith("Did")
    ? parsed.hint
    : suggestAndList(format, names, "Names are");
  return `must be a format of times such as "%d/%m/%Y %H:%M", or a name. ${hint}`;
}

/** What is wrong with a zone; null: nothing. */
export function zoneFault(zone: string): string | null {
  if (zone === LOCAL || isZone(zone)) return null;
  return "must be a zone such as Europe/Berlin, UTC or +01:00, or local";
}

/** The time that a text means, ms since the epoch; NaN: none. */
export function timeOf(given: string): number {
  const format = detectTimestampFormat([given]);
  return format === null ? Number.NaN : parseTimestamp(given, format);
}

function checked(faultOf: (value: string) => string | null) {
  return text.superRefine((value, context) => {
    const message = faultOf(value);
    if (message !== null) context.addIssue({ code: "custom", message });
  });
}

const start = text.transform((given, context) => {
  const time = timeOf(given);
  if (!Number.isNaN(time)) return time;
  const message = "must be a time such as 2026-03-01 or 2026-03-01 09:30";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** `source.time`: how times of readings are written, and which of them are believed. Durations in ms. */
export const timeSchema = z
  .strictObject({
    columns: z
      .union([text.transform((name) => [name]), z.array(text).min(1)])
      .optional()
      .describe("Columns that hold the time; cells of several columns are joined by a blank."),
    format: checked(timeFormatFault)
      .optional()
      .describe(
        'How times are written, such as "%d/%m/%Y %H:%M" or epoch_ms; none: no column is the time.',
      ),
    zone: checked(zoneFault)
      .optional()
      .describe("Zone of times that name none: Europe/Berlin, +01:00, or local. By default UTC."),
    start: start
      .optional()
      .describe("What times without a date count from: 2026-03-01, or 2026-03-01 09:30."),
    max_ahead: duration
      .prefault("10m")
      .describe(
        "A live source rejects a reading whose time is further ahead of its arrival than this.",
      ),
    max_jump: duration
      .optional()
      .describe(
        "A reading further ahead of all that is known waits until the sensor's next reading confirms it. " +
          "By default 1d, or 100 of the sensor's intervals if that is more.",
      ),
    lateness: duration
      .optional()
      .describe(
        "Readings wait this long and pass in order of time; later ones are out of order. By default they do not wait.",
      ),
  })
  .transform(
    ({
      max_ahead: maxAhead,
      max_jump: maxJump = null,
      lateness = 0,
      columns = null,
      format = null,
      zone = null,
      start: startMs = null,
    }) => ({
      ...{ maxAhead, maxJump, lateness },
      written: { columns, format, zone: zone === LOCAL ? localZone() : zone, start: startMs },
    }),
  );

/** `time` of a source that does not set it. */
export const DEFAULT_TIME = timeSchema.parse({});

/** Whether settings leave everything about the writing of times to detection. */
export function areDefault(written: TimeFormatSettings): boolean {
  const { columns, format, zone, start: startMs } = written;
  return columns === null && format === null && zone === null && startMs === null;
}

/** IANA name of the zone of this machine. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
