import { localZone, timeFormatFault, timeOf, zoneFault } from "../../config/schema/time.ts";
import { TIME_FORMAT_NAMES } from "../../core/timestamp/time-plan.ts";
import type { TimeFormatSettings } from "../../io/decoders/columns/time/time-finding.ts";
import type { Kind, OptionsOf } from "./table.ts";

const TIME_FORMAT: Kind<string> = {
  parse: (given) => (timeFormatFault(given) === null ? given : undefined),
  expected: (given) => `It ${timeFormatFault(given) ?? ""}`,
  completion: [...TIME_FORMAT_NAMES, "none"],
};

/** An IANA name or an offset. */
const ZONE: Kind<string> = {
  parse(given) {
    if (zoneFault(given) !== null) return undefined;
    return given === "local" ? localZone() : given;
  },
  expected: (given) => `It ${zoneFault(given) ?? ""}`,
  completion: ["local", "UTC"],
};

const START: Kind<number> = {
  parse(given) {
    const time = timeOf(given);
    return Number.isNaN(time) ? undefined : time;
  },
  expected: 'a time such as 2024-05-01 or "2024-05-01 12:30:00"',
  completion: "nothing",
};

/** Options of commands that read an input: how its times are written. They replace the settings of the source. */
export const TIME_OPTIONS = {
  timeFormat: {
    flags: "--time-format <format>",
    kind: TIME_FORMAT,
    help: 'how times are written, such as "%d/%m/%Y %H:%M"; none: no column is the time',
  },
  timeZone: {
    flags: "--time-zone <zone>",
    kind: ZONE,
    help: "zone of times that name none: Europe/Berlin, +01:00, or local",
  },
  start: {
    flags: "--start <time>",
    kind: START,
    help: "what times without a date count from",
  },
} as const;

/** `--zone` of commands that show times. */
export const SHOWN_ZONE = {
  flags: "--zone <zone>",
  kind: ZONE,
  help: "zone of shown times: Europe/Berlin, +01:00, or local; JSON stays in UTC",
} as const;

/** The parsed {@link TIME_OPTIONS}. */
export type TimeOptions = OptionsOf<typeof TIME_OPTIONS>;

/** The options as settings; those that are not given are left out. */
export function timesGiven({
  timeFormat,
  timeZone,
  start,
}: TimeOptions): Partial<TimeFormatSettings> {
  return {
    ...(timeFormat === undefined ? {} : { format: timeFormat }),
    ...(timeZone === undefined ? {} : { zone: timeZone }),
    ...(start === undefined ? {} : { start }),
  };
}
