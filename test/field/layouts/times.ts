import { START } from "./recording.ts";

/** How a layout writes times: the columns, and their cells. */
export interface TimeWriter {
  readonly header: readonly string[];
  cells(ms: number): readonly string[];
}

const one = (header: string, cell: (ms: number) => string): TimeWriter => ({
  header: [header],
  cells: (ms) => [cell(ms)],
});

/** Two digits. */
const two = (value: number): string => String(value).padStart(2, "0");

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function partsOf(ms: number): Parts {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** Writes times with a pattern of `YYYY YY MM M DD D HH H hh mm ss A`; other characters stay. */
export function pattern(text: string, header = "time", offsetMs = 0): TimeWriter {
  return one(header, (ms) => formatted(ms + offsetMs, text));
}

function formatted(ms: number, text: string): string {
  const { year, month, day, hour, minute, second } = partsOf(ms);
  const fields: Readonly<Record<string, string>> = {
    YYYY: String(year),
    YY: two(year % 100),
    MM: two(month),
    M: String(month),
    DD: two(day),
    D: String(day),
    HH: two(hour),
    H: String(hour),
    hh: two(hour % 12 === 0 ? 12 : hour % 12),
    mm: two(minute),
    ss: two(second),
    A: hour < 12 ? "AM" : "PM",
  };
  return text.replace(/YYYY|YY|MM|M|DD|D|HH|H|hh|mm|ss|A/g, (token) => fields[token] as string);
}

/** Writes dates with a name of a month, as `day month year`; `March` is one of the names. */
export function named(march: string, text = "D ~ YYYY HH:mm:ss"): TimeWriter {
  return one("time", (ms) => formatted(ms, text).replace("~", march));
}

export const iso = one("time", (ms) => new Date(ms).toISOString().replace(".000", ""));

/** Numbers in a unit. */
export function epoch(msPerUnit: number, header = "timestamp"): TimeWriter {
  return one(header, (ms) =>
    msPerUnit >= 1
      ? String(ms / msPerUnit)
      : `${ms}${"0".repeat(Math.round(-Math.log10(msPerUnit)))}`,
  );
}

const MS_PER_DAY = 86_400_000;
/** Serial day of Excel of 1970-01-01. */
const EXCEL_EPOCH = 25_569;

/** Days since 1899-12-30, as Excel stores times. */
export const excelDays = one("time", (ms) => (ms / MS_PER_DAY + EXCEL_EPOCH).toFixed(8));

/** Date and time of day in two columns. */
export function dateAndTime(date = "YYYY-MM-DD", clock = "HH:mm:ss"): TimeWriter {
  return {
    header: ["Date", "Time"],
    cells: (ms) => [formatted(ms, date), formatted(ms, clock)],
  };
}

/** Year, month, day, hour and minute in five columns. */
export const calendarColumns: TimeWriter = {
  header: ["year", "month", "day", "hour", "minute"],
  cells: (ms) => {
    const { year, month, day, hour, minute } = partsOf(ms);
    return [year, month, day, hour, minute].map(String);
  },
};

/** Seconds since the start of the recording. */
export const elapsedSeconds = one("Time (s)", (ms) => ((ms - START) / 1000).toFixed(2));

/** Time since the start of the recording, as `hh:mm:ss`. */
export const elapsedClock = one("elapsed", (ms) => {
  const seconds = (ms - START) / 1000;
  const hours = Math.floor(seconds / 3600);
  return `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
});
