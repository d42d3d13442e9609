import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectTimestampFormat, parseTimestamp } from "../../../src/core/timestamp/timestamp.ts";

const utc = (iso: string): number => Date.parse(iso);

/** Any millisecond of the years that are accepted. */
const instant = fc.date({
  min: new Date("1800-01-01T00:00:00Z"),
  max: new Date("2200-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

describe("parseTimestamp", () => {
  it.each([
    ["2026-03-01", "2026-03-01T00:00:00Z"],
    ["2026-03-01 09:30", "2026-03-01T09:30:00Z"],
    ["2026-03-01 09:30:15", "2026-03-01T09:30:15Z"],
    ["2026-03-01T09:30:15.25", "2026-03-01T09:30:15.250Z"],
    ["2026-03-01T09:30:15,250Z", "2026-03-01T09:30:15.250Z"],
    ["2026-03-01t09:30:15z", "2026-03-01T09:30:15Z"],
    ["2026/3/1 9:05", "2026-03-01T09:05:00Z"],
    ["2026-03-01T09:30:15+02:00", "2026-03-01T07:30:15Z"],
    ["2026-03-01 09:30:15 -0330", "2026-03-01T13:00:15Z"],
    ["2026-03-01 09:30+02", "2026-03-01T07:30:00Z"],
    ["2026-03-01 09:30:15 UTC", "2026-03-01T09:30:15Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["1969-12-31 23:59:59.5", "1969-12-31T23:59:59.500Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
  ])("reads %s as ISO 8601", (text, meant) => {
    expect(parseTimestamp(text, "iso8601")).toBe(utc(meant));
  });

  it.each([
    ["2026-02-29", "no leap year"],
    ["2100-02-29", "no leap year either"],
    ["2026-02-31", "no such day"],
    ["2026-04-31", "no such day"],
    ["2026-13-01", "no such month"],
    ["2026-00-10", "no such month"],
    ["2026-01-00", "no such day"],
    ["2026-01-01 25:00", "no such hour"],
    ["2026-01-01 24:00", "no such hour"],
    ["2026-01-01 10:60", "no such minute"],
    ["2026-01-01 10:20:60", "no leap second then"],
    ["2026-01-01 10:20:61", "no such second"],
    ["9226-01-01", "a corrupt year"],
    ["0226-01-01", "a corrupt year"],
    ["2026-01-01T", "cut off"],
    ["2026-01-01 10", "cut off"],
    ["2026-01-01 10:2", "cut off"],
    ["2026-01-01 10:20:", "cut off"],
    ["2026-01-01 10:20:3", "cut off"],
    ["2026-01-01 10:20:30.", "cut off"],
    ["2026-01-01 10:20:30+1", "cut off"],
    ["2026-01-01 10:20:30+01:0", "cut off"],
    ["2026-01-01 10:20:30+25:00", "no such zone"],
    ["2026-01-01 10:20:30 CEST", "a zone that only has a name"],
    ["2026-01-01x10:20:30", "no separator"],
    ["2026-01/01", "mixed separators"],
    ["20260101", "no separators"],
    ["", "nothing"],
  ])("gives NaN for %s: %s", (text) => {
    expect(parseTimestamp(text, "iso8601")).toBeNaN();
  });

  it("reads day-first dates with dots", () => {
    expect(parseTimestamp("01.03.2026", "day_first")).toBe(utc("2026-03-01T00:00:00Z"));
    expect(parseTimestamp("1.3.2026", "day_first")).toBe(utc("2026-03-01T00:00:00Z"));
    expect(parseTimestamp("1.3.2026 9:30:15,5", "day_first")).toBe(utc("2026-03-01T09:30:15.500Z"));
    expect(parseTimestamp("31.02.2026 09:30", "day_first")).toBeNaN();
    expect(parseTimestamp("03.13.2026", "day_first")).toBeNaN();
    expect(parseTimestamp("01.03.26", "day_first")).toBeNaN();
    expect(parseTimestamp("01/03/2026", "day_first")).toBeNaN();
  });

  it("reads epochs of every unit exactly", () => {
    expect(parseTimestamp("1600000000", "epoch_s")).toBe(1_600_000_000_000);
    expect(parseTimestamp("1600000000.1", "epoch_s")).toBe(1_600_000_000_100);
    expect(parseTimestamp("1600000000,25", "epoch_s")).toBe(1_600_000_000_250);
    expect(parseTimestamp("1600000000123", "epoch_ms")).toBe(1_600_000_000_123);
    expect(parseTimestamp("1600000000123456", "epoch_us")).toBe(1_600_000_000_123.456);
    expect(parseTimestamp("1600000000123456789", "epoch_ns")).toBe(1_600_000_000_123.4568);
    expect(parseTimestamp("1.6e+18", "epoch_ns")).toBe(1_600_000_000_000);
    expect(parseTimestamp("12", "epoch_ns")).toBeCloseTo(0.000012, 12);
    expect(parseTimestamp("-5", "epoch_s")).toBeNaN();
    expect(parseTimestamp("12x", "epoch_s")).toBeNaN();
    expect(parseTimestamp("99999999999999", "epoch_s")).toBeNaN();
  });

  it("agrees with Date on every instant in every zone", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
        const iso = date.toISOString();
        expect(parseTimestamp(iso, "iso8601")).toBe(date.getTime());
        expect(parseTimestamp(iso.slice(0, 19).replace("T", " "), "iso8601")).toBe(
          Math.floor(date.getTime() / 1000) * 1000,
        );
        const size = Math.abs(offset);
        const two = (n: number): string => String(n).padStart(2, "0");
        const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        expect(parseTimestamp(iso.replace("Z", zone), "iso8601")).toBe(
          date.getTime() - offset * 60_000,
        );
        const [year, month, day] = iso.slice(0, 10).split("-");
        const dotted = `${day}.${month}.${year} ${iso.slice(11, 23)}`;
        expect(parseTimestamp(dotted, "day_first")).toBe(date.getTime());
      }),
    );
  });

  it("rejects days that the calendar does not have", () => {
    const number = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(fc.integer({ min: 1800, max: 2200 }), number(14), number(33), (y, m, d) => {
        const text = `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
        const date = new Date(Date.UTC(y, m - 1, d));
        const real = date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
        expect(parseTimestamp(text, "iso8601")).toBe(real ? date.getTime() : Number.NaN);
      }),
    );
  });
});

describe("detectTimestampFormat", () => {
  it.each([
    ["iso8601", ["2026-03-01", "2026-03-02 10:00", "2026-03-03T10:00:00Z"]],
    ["day_first", ["01.03.2026 10:00", "02.03.2026 10:00"]],
    ["epoch_s", ["1600000000", "1600000001.5"]],
    ["epoch_ms", ["1600000000000"]],
    ["epoch_us", ["1600000000000000"]],
    ["epoch_ns", ["1600000000000000000"]],
    [null, []],
    [null, ["12.5", "13"]],
    [null, ["hello", "2026-03-01"]],
    [null, ["100000000"]],
  ] as const)("finds %s", (format, samples) => {
    expect(detectTimestampFormat(samples)).toBe(format);
  });

  it("ignores a few bad cells", () => {
    expect(detectTimestampFormat(["2026-03-01", "2026-02-31", "2026-03-03"])).toBe("iso8601");
  });

  it("finds the first format that fits two thirds of the cells, in any order", () => {
    const cell = fc.constantFrom("2026-03-01", "01.03.2026", "junk");
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
        const share = (sought: string): number =>
          cells.filter((text) => text === sought).length / cells.length;
        const expected =
          share("2026-03-01") >= 2 / 3
            ? "iso8601"
            : share("01.03.2026") >= 2 / 3
              ? "day_first"
              : null;
        expect(detectTimestampFormat(cells)).toBe(expected);
      }),
    );
  });
});
