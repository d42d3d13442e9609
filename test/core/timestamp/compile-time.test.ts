import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTime } from "../../../src/core/timestamp/compile-time.ts";
import type { TimePlan } from "../../../src/core/timestamp/time-plan.ts";

function plan(format: string, more: Partial<TimePlan> = {}): TimePlan {
  return { columns: ["time"], format, zone: null, start: null, ...more };
}

/** Reads the cells as those of one sensor. */
function readAll(format: string, cells: readonly string[], more: Partial<TimePlan> = {}): number[] {
  const reader = compileTime(plan(format, more));
  return cells.map((cell) => {
    const time = reader.readCell(cell);
    return reader.isOpen && reader.clock !== null ? reader.clock.resolve(time, 0) : time;
  });
}

const iso = (times: readonly number[]): string[] =>
  times.map((time) => (Number.isNaN(time) ? "none" : new Date(time).toISOString()));

describe("compileTime", () => {
  it.each([
    ["%d/%m/%Y %H:%M", "01/03/2026 09:30", "2026-03-01T09:30:00.000Z"],
    ["%d/%m/%Y %H:%M:%S", "1/3/2026 9:30:15.25", "2026-03-01T09:30:15.250Z"],
    ["%d/%m/%Y %H:%M:%S", "01/03/2026 09:30:15,250", "2026-03-01T09:30:15.250Z"],
    ["%d/%m/%Y %H:%M:%S", "01/03/2026", "2026-03-01T00:00:00.000Z"],
    ["%d/%m/%Y %H:%M:%S", "01/03/2026 09:30", "2026-03-01T09:30:00.000Z"],
    ["%d/%m/%Y %H:%M:%S", "01/03/2026 24:00:00", "2026-03-02T00:00:00.000Z"],
    ["%m/%d/%y %I:%M:%S %p", "03/01/26 12:00:00 AM", "2026-03-01T00:00:00.000Z"],
    ["%m/%d/%y %I:%M:%S %p", "03/01/26 12:05:00 pm", "2026-03-01T12:05:00.000Z"],
    ["%d/%m/%Y %I:%M %p", "01/03/2026 1:05 p. m.", "2026-03-01T13:05:00.000Z"],
    ["%d/%m/%Y %I:%M%p", "01/03/2026 1:05PM", "2026-03-01T13:05:00.000Z"],
    ["%d.%m.%y", "01.03.70", "1970-03-01T00:00:00.000Z"],
    ["%Y%m%d%H%M%S", "20260301093015", "2026-03-01T09:30:15.000Z"],
    ["%Y%m%dT%H%M%S%z", "20260301T093015Z", "2026-03-01T09:30:15.000Z"],
    ["%d-%b-%Y %H:%M", "01-Mar-2026 09:30", "2026-03-01T09:30:00.000Z"],
    ["%d. %B %Y %H:%M", "1. März 2026 09:30", "2026-03-01T09:30:00.000Z"],
    ["%d %b %Y", "3 févr. 2026", "2026-02-03T00:00:00.000Z"],
    ["%d %b %Y", "3 août 2026", "2026-08-03T00:00:00.000Z"],
    ["%d de %B de %Y", "3 de diciembre de 2026", "2026-12-03T00:00:00.000Z"],
    ["%d %B %Y", "3 GENNAIO 2026", "2026-01-03T00:00:00.000Z"],
    ["%d.%b.%Y", "01.Okt.2026", "2026-10-01T00:00:00.000Z"],
    ["%a %b %d %H:%M:%S %Y", "Sun Mar  1 09:30:15 2026", "2026-03-01T09:30:15.000Z"],
    ["%a, %d %b %Y %T %Z", "Sun, 01 Mar 2026 09:30:15 GMT", "2026-03-01T09:30:15.000Z"],
    ["%Y-%m-%d %H:%M:%S %Z", "2026-03-01 09:30:15 CEST", "2026-03-01T07:30:15.000Z"],
    ["%Y-%m-%d %H:%M:%S%z", "2026-03-01 09:30:15 -03:30", "2026-03-01T13:00:15.000Z"],
    ["%Y-%m-%d %H:%M:%S %z", "2026-03-01 09:30:15 GMT+1", "2026-03-01T08:30:15.000Z"],
    ["%d/%b/%Y:%H:%M:%S %z", "01/Mar/2026:09:30:15 +0100", "2026-03-01T08:30:15.000Z"],
    ["%Y %j %H", "2026 60 9", "2026-03-01T09:00:00.000Z"],
    ["%Y %m %d %H", "2026 3 1 9", "2026-03-01T09:00:00.000Z"],
    ["%Y-%m", "2026-03", "2026-03-01T00:00:00.000Z"],
    ["%Hh%M %d/%m/%Y", "09H30 01/03/2026", "2026-03-01T09:30:00.000Z"],
    ["%d/%m/%Y %H.%M.%S", "01/03/2026 09.30.15", "2026-03-01T09:30:15.000Z"],
    ["%H:%M:%S:%f %d/%m/%Y", "09:30:15:250 01/03/2026", "2026-03-01T09:30:15.250Z"],
    ["excel", "46082.395833333336", "2026-03-01T09:30:00.000Z"],
    ["excel", "46082,5", "2026-03-01T12:00:00.000Z"],
    ["iso8601", "2026-03-01T09:30:15Z", "2026-03-01T09:30:15.000Z"],
    ["epoch_ms", "1772357415000", "2026-03-01T09:30:15.000Z"],
    ["elapsed_s", "0.25", "1970-01-01T00:00:00.250Z"],
    ["elapsed_min", "90", "1970-01-01T01:30:00.000Z"],
  ])("reads %s: %s", (format, cell, meant) => {
    expect(iso(readAll(format, [cell]))).toEqual([meant]);
  });

  it.each([
    ["%d/%m/%Y %H:%M", "13/13/2026 09:30", "no such month"],
    ["%d/%m/%Y %H:%M", "31/02/2026 09:30", "no such day"],
    ["%d/%m/%Y %H:%M", "01/03/26 09:30", "two digits of a year"],
    ["%d/%m/%Y %H:%M", "01-03-2026 09:30", "another separator"],
    ["%d/%m/%Y %H:%M", "01/03/2026 09:60", "no such minute"],
    ["%d/%m/%Y %H:%M", "01/03/2026 25:00", "no such hour"],
    ["%d/%m/%Y %H:%M", "01/03/2026 24:30", "after the next midnight"],
    ["%d/%m/%Y %H:%M", "01/03/2026 09:30 PM", "text at the end"],
    ["%d/%m/%Y %H:%M", "01/03/2026 9", "cut off"],
    ["%d/%m/%Y %I:%M %p", "01/03/2026 13:30 PM", "no hour of twelve"],
    ["%d/%m/%Y %I:%M %p", "01/03/2026 01:30", "neither AM nor PM"],
    ["%Y%m%d", "2026301", "a digit is missing"],
    ["%H %M", "1230", "no blank"],
    ["%d %b %Y", "3 Foo 2026", "no such month"],
    ["%Y-%m-%d %H:%M %Z", "2026-03-01 09:30 XYZ", "no such zone"],
    ["%Y-%m-%d %H:%M %Z", "2026-03-01 09:30 CST", "a zone in America and in China"],
    ["%Y %j", "2026 366", "no such day of the year"],
    ["%Y-%m-%d", "", "nothing"],
    ["%Y-%m-%d", "x".repeat(200), "too long"],
    ["elapsed_s", "1x", "not a number"],
  ])("does not read %s: %s, %s", (format, cell) => {
    expect(readAll(format, [cell])).toEqual([Number.NaN]);
  });

  it("reads local times of a zone in summer and winter", () => {
    const cells = ["2026-01-15 12:00", "2026-07-15 12:00", "2026-07-15 12:00Z"];
    const meant = [
      "2026-01-15T11:00:00.000Z",
      "2026-07-15T10:00:00.000Z",
      "2026-07-15T12:00:00.000Z",
    ];
    expect(iso(readAll("iso8601", cells, { zone: "Europe/Berlin" }))).toEqual(meant);
    const dotted = ["15.01.2026 12:00", "15.07.2026 12:00"];
    const utc = meant.slice(0, 2);
    expect(iso(readAll("day_first", dotted, { zone: "Europe/Berlin" }))).toEqual(utc);
    expect(iso(readAll("%d.%m.%Y %H:%M", dotted, { zone: "Europe/Berlin" }))).toEqual(utc);
    expect(iso(readAll("%d.%m.%Y %H:%M", dotted.slice(0, 1), { zone: "+01:00" }))).toEqual(
      utc.slice(0, 1),
    );
  });

  it("prefers the zone that a time names, unless its name stands for several", () => {
    const cells = ["2026-03-01 09:30 CET", "2026-03-01 09:30 CST"];
    const read = readAll("%Y-%m-%d %H:%M %Z", cells, { zone: "Asia/Shanghai" });
    expect(iso(read)).toEqual(["2026-03-01T08:30:00.000Z", "2026-03-01T01:30:00.000Z"]);
  });

  it("counts times of day from the start, and begins a day at each midnight of a sensor", () => {
    const start = Date.UTC(2026, 2, 1);
    const read = readAll("%H:%M:%S", ["23:59:58", "23:59:59", "00:00:00", "12:00:00"], { start });
    expect(iso(read)).toEqual([
      "2026-03-01T23:59:58.000Z",
      "2026-03-01T23:59:59.000Z",
      "2026-03-02T00:00:00.000Z",
      "2026-03-02T12:00:00.000Z",
    ]);
    expect(iso(readAll("%H:%M:%S", ["23:59:59", "24:00:01", "125:00:00"]))).toEqual([
      "1970-01-01T23:59:59.000Z",
      "1970-01-02T00:00:01.000Z",
      "1970-01-06T05:00:00.000Z",
    ]);
    expect(readAll("%M:%S", ["59:59.5", "61:00"])).toEqual([3_599_500, 3_660_000]);
  });

  it("reads both passes of an hour that occurs twice, at every interval", () => {
    const zone = "Europe/Berlin";
    const write = localWriter(zone);
    const change = Date.UTC(2026, 9, 25, 1);
    const minutes = fc.constantFrom(1, 5, 10, 15, 20, 30, 60, 120);
    fc.assert(
      fc.property(minutes, fc.integer({ min: 0, max: 59 }), (interval, phase) => {
        const first = change - 6 * 3_600_000 + phase * 60_000;
        const times = Array.from(
          { length: 1 + (12 * 60) / interval },
          (_, i) => first + i * interval * 60_000,
        );
        expect(readAll("iso8601", times.map(write), { zone })).toEqual(times);
      }),
    );
  });

  it("reads the passes of each sensor by its own readings", () => {
    const reader = compileTime(plan("iso8601", { zone: "Europe/Berlin" }));
    const cells = ["2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 03:00"];
    const read = cells.flatMap((cell) =>
      [0, 1].map((key) => reader.clock?.resolve(reader.readCell(cell), key)),
    );
    const hours = [-1, 0, 1, 2].map((hour) => Date.UTC(2026, 9, 25, hour));
    expect(read).toEqual(hours.flatMap((time) => [time, time]));
  });
});

const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Casablanca",
  "America/St_Johns",
  "Pacific/Apia",
];

/** Writes times as `2026-03-01 09:30:15` in a zone, with Intl. */
function localWriter(zone: string): (time: number) => string {
  const intl = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  return (time) => {
    const parts = new Map(intl.formatToParts(time).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
    return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")}`;
  };
}

describe("a plan with a zone", () => {
  it.each(ZONES)("reads a steady series that Intl wrote in %s", (zone) => {
    const write = localWriter(zone);
    const start = fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2035, 0) });
    const step = fc.constantFrom(60, 600, 900, 1800, 3600, 7200, 86_400);
    fc.assert(
      fc.property(start, step, (from, seconds) => {
        const first = Math.floor(from / 1000) * 1000;
        const times = Array.from({ length: 300 }, (_, i) => first + i * seconds * 1000);
        // the first reading may be in an hour that occurs twice
        const read = readAll("iso8601", times.map(write), { zone });
        expect(read.slice(1)).toEqual(times.slice(1));
      }),
      { numRuns: 15 },
    );
  });
});
