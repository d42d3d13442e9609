import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTime } from "../../../../../src/core/timestamp/compile-time.ts";
import { CellText } from "../../../../../src/core/timestamp/format/cell-text.ts";
import type { TimePlan } from "../../../../../src/core/timestamp/time-plan.ts";
import { profileColumns } from "../../../../../src/io/decoders/columns/profile-columns.ts";
import {
  NO_TIME_SETTINGS,
  type TimeFinding,
  type TimeFormatSettings,
} from "../../../../../src/io/decoders/columns/time/time-finding.ts";

const DOT = ".".charCodeAt(0);
const MINUTE = 60_000;

interface FindOptions {
  readonly settings?: Partial<TimeFormatSettings>;
  readonly input?: string;
  readonly arrivalMs?: number;
}

type Table = Readonly<Record<string, readonly string[]>>;

function profileOf(table: Table, { settings = {}, input = "a.csv", arrivalMs }: FindOptions = {}) {
  const columns = Object.entries(table).map(([name, cells]) => ({ name, nameless: false, cells }));
  const origin = { input, arrivalMs: arrivalMs ?? null };
  const time = { ...NO_TIME_SETTINGS, ...settings };
  return profileColumns(columns, DOT, origin, { time });
}

const find = (table: Table, options?: FindOptions): TimeFinding =>
  profileOf(table, options).facts.time ?? { kind: "none" };

function planOf(table: Table, options?: FindOptions): TimePlan {
  const found = find(table, options);
  if (found.kind !== "plan") throw new Error(`no plan: ${JSON.stringify(found)}`);
  return found.plan;
}

/** The times of all rows, as the plan reads them. */
function read(table: Table, options?: FindOptions): string[] {
  const plan = planOf(table, options);
  const reader = compileTime(plan);
  const rows = Object.values(table)[0]?.length ?? 0;
  return Array.from({ length: rows }, (_, row) => {
    const text = new CellText();
    for (const name of plan.columns) text.add(table[name]?.[row] ?? "");
    const time = reader.read(text);
    const whole = reader.isOpen ? (reader.clock?.resolve(time, 0) ?? time) : time;
    return new Date(whole).toISOString();
  });
}

const two = (n: number): string => String(n).padStart(2, "0");
const count = <T>(n: number, of: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i));
const values = count(60, (i) => String(20 + Math.sin(i)));
const minutes = count(60, (i) => `09:${two(i)}:00`);
const FIRST = "2026-03-01T09:00:00.000Z";

describe("findTime", () => {
  it("joins a date and a time of day in two columns", () => {
    const date = count(60, () => "2026-03-01");
    const table = { Date: date, Time: minutes, temp: values };
    expect(planOf(table)).toMatchObject({
      columns: ["Date", "Time"],
      format: "%Y-%m-%d %H:%M:%S",
    });
    expect(read(table)[0]).toBe(FIRST);
    const dotted = minutes.map((time) => time.replaceAll(":", "."));
    const italian = { Data: count(60, () => "13/03/2026"), Ora: dotted, temp: values };
    expect(planOf(italian).format).toBe("%d/%m/%Y %H.%M.%S");
    expect(read(italian)[59]).toBe("2026-03-13T09:59:00.000Z");
  });

  it("joins a date with columns of hours and minutes", () => {
    const hours = count(48, (i) => String(i % 24));
    const date = count(48, (i) => (i < 24 ? "01/03/2026" : "02/03/2026"));
    const table = { Date: date, Hour: hours, temp: values.slice(0, 48) };
    expect(planOf(table)).toMatchObject({ columns: ["Date", "Hour"], format: "%d/%m/%Y %H" });
    expect(read(table)[47]).toBe("2026-03-02T23:00:00.000Z");
  });

  it("joins columns of year, month, day and hour, and of year and day of the year", () => {
    const table = {
      No: count(30, (i) => String(i + 1)),
      year: count(30, () => "2026"),
      month: count(30, () => "3"),
      day: count(30, (i) => String(1 + Math.floor(i / 24))),
      hour: count(30, (i) => String(i % 24)),
      temp: values.slice(0, 30),
    };
    expect(read(table)[29]).toBe("2026-03-02T05:00:00.000Z");
    const campbell = {
      Year: count(30, () => "2026"),
      DOY: count(30, () => "60"),
      Time: count(30, (i) => `0${Math.floor(i / 6)}:${i % 6}0`),
      temp: values.slice(0, 30),
    };
    expect(planOf(campbell).format).toBe("%Y %j %H:%M");
    expect(read(campbell)[29]).toBe("2026-03-01T04:50:00.000Z");
  });

  it("reads packed times and days of a spreadsheet", () => {
    expect(
      read({ time: minutes.map((time) => `20260301${time.replaceAll(":", "")}`), a: values })[0],
    ).toBe(FIRST);
    const days = count(60, (i) => String(46_082.375 + i / 1440));
    expect(planOf({ Date: days, a: values }).format).toBe("excel");
    expect(read({ Date: days, a: values })[59]).toBe("2026-03-01T09:59:00.000Z");
  });

  it("reads elapsed time in the unit of its name, from the date in the name of the file", () => {
    const seconds = count(60, (i) => String(i * 0.25));
    const table = { "Time (s)": seconds, a: values };
    expect(planOf(table)).toMatchObject({ format: "elapsed_s", start: null });
    expect(planOf({ "t [ms]": seconds, a: values }).format).toBe("elapsed_ms");
    expect(planOf({ "Zeit / min": seconds, a: values }).format).toBe("elapsed_min");
    expect(read(table, { input: "runs/bench_2026-03-01T0900.csv" })[1]).toBe(
      "2026-03-01T09:00:00.250Z",
    );
    const start = Date.parse(FIRST);
    expect(read(table, { settings: { start } })[4]).toBe("2026-03-01T09:00:01.000Z");
    expect(profileOf(table).remarks).toContainEqual(
      expect.objectContaining({ topic: "check", setting: "--start 2026-03-01" }),
    );
  });

  it("takes numbers under the name of a time as seconds with a doubt, and leaves large steps open", () => {
    const bare = { time: count(60, (i) => String(i)), a: values };
    expect(find(bare)).toMatchObject({ kind: "plan", by: "unit", plan: { format: "elapsed_s" } });
    expect(profileOf(bare).remarks.filter(({ topic }) => topic === "check")).toHaveLength(2);
    const large = find({ time: count(60, (i) => String(i * 1000)), a: values });
    expect(large).toMatchObject({
      kind: "open",
      readings: [{ plan: { format: "elapsed_s" } }, { plan: { format: "elapsed_ms" } }],
    });
  });

  it("reads a time of day without a date, over midnight", () => {
    const clock = count(
      60,
      (i) => `${two((23 + Math.floor(i / 30)) % 24)}:${two((i * 2) % 60)}:00`,
    );
    const times = read({ clock, a: values }, { input: "log-20260301.csv" });
    expect(times[0]).toBe("2026-03-01T23:00:00.000Z");
    expect(times[59]).toBe("2026-03-02T00:58:00.000Z");
  });

  it("prefers the column with a typical name, and one whose time advances", () => {
    const stamps = minutes.map((time) => `2026-03-01 ${time}`);
    const constant = count(60, () => "2020-01-01 00:00:00");
    expect(planOf({ installed: stamps, Time: stamps, a: values }).columns).toEqual(["Time"]);
    expect(planOf({ start: constant, seen: stamps, a: values }).columns).toEqual(["seen"]);
  });

  it("takes the zone of a column name", () => {
    const table = { "Date Time, GMT+01:00": minutes.map((time) => `13/03/26 ${time}`), a: values };
    expect(planOf(table).zone).toBe("+01:00");
    expect(read(table)[0]).toBe("2026-03-13T08:00:00.000Z");
    // a year in front is rare with slashes, but possible
    expect(find(table)).toMatchObject({ by: "likely" });
    expect(
      planOf({ "time (UTC)": minutes.map((t) => `2026-03-01 ${t}`), a: values }).zone,
    ).toBeNull();
  });

  it("leaves a time open that has two readings, and names them", () => {
    const table = { Date: minutes.map((time) => `01/03/2026 ${time}`), a: values };
    expect(find(table)).toMatchObject({
      kind: "open",
      cell: "01/03/2026 09:00:00",
      readings: [
        { plan: { format: "%d/%m/%Y %H:%M:%S" }, time: Date.parse(FIRST) },
        { plan: { format: "%m/%d/%Y %H:%M:%S" }, time: Date.parse("2026-01-03T09:00:00Z") },
      ],
    });
    const settings = { format: "%m/%d/%Y %H:%M:%S" };
    expect(read(table, { settings })[0]).toBe("2026-01-03T09:00:00.000Z");
  });

  it("lets the time of arrival decide live, and needs no time without a date there", () => {
    const cells = minutes.map((time) => `01/03/2026 ${time}`);
    const live = { arrivalMs: Date.parse("2026-01-03T10:00:00Z") };
    expect(find({ Date: cells, a: values }, live)).toMatchObject({
      kind: "plan",
      by: "arrival",
      plan: { format: "%m/%d/%Y %H:%M:%S" },
    });
    expect(find({ clock: minutes, a: values }, live)).toEqual({ kind: "none" });
    expect(find({ "Time (s)": count(60, String), a: values }, live)).toEqual({ kind: "none" });
  });

  it("asks for the zone of an abbreviation with several meanings", () => {
    const table = { time: minutes.map((time) => `2026-03-01 ${time} CST`), a: values };
    expect(find(table)).toMatchObject({ kind: "zone", name: "CST" });
    const settings = { zone: "America/Chicago" };
    expect(read(table, { settings })[0]).toBe("2026-03-01T15:00:00.000Z");
  });

  it("uses the settings, and says when they do not fit", () => {
    const stamps = minutes.map((time) => `2026-03-01 ${time}`);
    const table = { seen: stamps, stored: stamps, n: count(60, String), a: values };
    expect(planOf(table, { settings: { columns: ["stored"] } }).columns).toEqual(["stored"]);
    expect(planOf(table, { settings: { format: "elapsed_ms" } }).columns).toEqual(["n"]);
    expect(planOf(table, { settings: { zone: "Europe/Berlin" } }).zone).toBe("Europe/Berlin");
    expect(find(table, { settings: { format: "none" } })).toEqual({
      ...{ kind: "none", isSet: true },
    });
    expect(find(table, { settings: { format: "%d.%m.%Y" } })).toEqual({
      ...{ kind: "unfit", columns: ["seen"], cell: "2026-03-01 09:00:00", format: "%d.%m.%Y" },
    });
    expect(find(table, { settings: { columns: ["other"] } })).toEqual({ kind: "none" });
  });

  it("finds no time in measurements, names, addresses and durations", () => {
    const table = {
      ip: count(60, (i) => `192.168.1.${i}`),
      version: count(60, () => "1.2.3"),
      "response time": count(60, (i) => String(5 + (i % 7))),
      name: count(60, (i) => `pump-${i % 3}`),
      a: values,
    };
    expect(find(table)).toEqual({ kind: "none" });
  });

  it("reads what it has found, whatever the columns and formats are", () => {
    const dates = ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y-%m-%d", "%Y%m%d"] as const;
    const clocks = ["%H:%M:%S", "%H.%M.%S", "%I:%M:%S %p"] as const;
    const zones = [null, "Europe/Berlin", "America/New_York", "Asia/Kolkata"] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...dates),
        fc.constantFrom(...clocks),
        fc.constantFrom(...zones),
        fc.boolean(),
        fc.integer({ min: Date.UTC(2000, 0) / MINUTE, max: Date.UTC(2030, 0) / MINUTE }),
        (date, clock, zone, areTwo, from) => {
          const times = count(400, (i) => (from + i * 60) * MINUTE);
          const write = writer(zone ?? "UTC");
          const written = times.map((time) => [write(date, time), write(clock, time)] as const);
          const table: Table = areTwo
            ? {
                day: written.map(([d]) => d),
                clock: written.map(([, c]) => c),
                a: count(400, String),
              }
            : { t: written.map((cells) => cells.join(" ")), a: count(400, String) };
          const settings = zone === null ? {} : { zone };
          expect(read(table, { settings }).slice(1)).toEqual(
            times.slice(1).map((time) => new Date(time).toISOString()),
          );
        },
      ),
      { numRuns: 40, examples: [["%d.%m.%y", "%H:%M:%S", null, true, 15_778_080]] },
    );
  });
});

/** Writes times in a zone with Intl, by the letters of a format. */
function writer(zone: string): (format: string, time: number) => string {
  const intl = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  return (format, time) => {
    const parts = new Map(intl.formatToParts(time).map(({ type, value }) => [type, value]));
    const hour = Number(parts.get("hour"));
    const letters: Readonly<Record<string, string | undefined>> = {
      Y: parts.get("year"),
      y: parts.get("year")?.slice(2),
      m: parts.get("month"),
      d: parts.get("day"),
      H: parts.get("hour"),
      I: two(hour % 12 || 12),
      M: parts.get("minute"),
      S: parts.get("second"),
      p: hour < 12 ? "AM" : "PM",
    };
    return format.replace(/%(\w)/g, (_, letter) => letters[letter] ?? "");
  };
}
