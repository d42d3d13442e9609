import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTime } from "../../../../src/core/timestamp/compile-time.ts";
import { candidateFormats } from "../../../../src/core/timestamp/detect/candidate-formats.ts";
import { decideFormat } from "../../../../src/core/timestamp/detect/decide-format.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number): string => String(n).padStart(2, "0");

/** Letters of a format, written by Date and Intl. */
const WRITERS: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
};
const LANGUAGES = ["en", "de", "fr", "es", "it"] as const;

function write(format: string, time: number, locale = "en"): string {
  const date = new Date(time);
  const words = (month: "short" | "long"): string =>
    new Intl.DateTimeFormat(locale, { timeZone: "UTC", month }).format(date);
  return format.replace(/%([A-Za-z])/g, (_, letter) => {
    if (letter === "b") return words("short");
    if (letter === "B") return words("long");
    return WRITERS[letter]?.(date) ?? `%${letter}`;
  });
}

function series(format: string, start: number, step: number, count: number, locale?: string) {
  const times = Array.from({ length: count }, (_, i) => start + i * step);
  return { times, cells: times.map((time) => write(format, time, locale)) };
}

function read(format: string, cells: readonly string[]): number[] {
  const reader = compileTime({ columns: ["t"], format, zone: null, start: null });
  return cells.map((cell) => reader.readCell(cell));
}

const DATES = [
  ...["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%d"],
  ...["%d/%m/%y", "%m/%d/%y", "%y-%m-%d", "%d.%m.%y", "%Y.%m.%d", "%Y%m%d"],
];
const NAMED = ["%d %b %Y", "%d-%b-%Y", "%d. %B %Y", "%B %d, %Y", "%d %B %Y"];
const CLOCKS = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M%p", "%H.%M.%S", "%Hh%M"];
const start = fc
  .integer({ min: Date.UTC(1995, 0) / MINUTE, max: Date.UTC(2034, 0) / MINUTE })
  .map((minutes) => minutes * MINUTE);

describe("decideFormat", () => {
  it("decides formats of numbers from a sample of two weeks", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DATES),
        fc.constantFrom(...CLOCKS),
        start,
        fc.constantFrom(20 * MINUTE, HOUR, 3 * HOUR),
        (date, clock, from, step) => {
          const format = `${date} ${clock}`;
          const { times, cells } = series(format, from, step, Math.ceil((14 * DAY) / step));
          const found = decideFormat(cells);
          expect(found).toMatchObject({ kind: "one" });
          if (found.kind === "one") expect(read(found.format, cells)).toEqual(times);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("decides the order of day and month once the date has changed", () => {
    const slashed = fc.constantFrom("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%m/%d/%y", "%y/%m/%d");
    fc.assert(
      fc.property(
        slashed,
        start,
        fc.constantFrom(5 * MINUTE, HOUR, 3 * HOUR),
        (date, from, step) => {
          const { times, cells } = series(
            `${date} %H:%M`,
            from,
            step,
            Math.ceil((1.5 * DAY) / step),
          );
          const found = decideFormat(cells);
          if (found.kind === "one") expect(read(found.format, cells)).toEqual(times);
          // the turn of a year has few such days: 12/31 to 01/01 is never open
          else expect(found.kind).toBe("open");
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reads the names of months in five languages", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMED),
        fc.constantFrom(...LANGUAGES),
        fc.integer({ min: Date.UTC(1995, 0) / DAY, max: Date.UTC(2034, 0) / DAY }),
        (date, locale, from) => {
          const { times, cells } = series(`${date} %H:%M`, from * DAY, 26 * HOUR, 350, locale);
          const found = decideFormat(cells);
          expect(found).toMatchObject({ kind: "one" });
          if (found.kind === "one") expect(read(found.format, cells)).toEqual(times);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("finds a sample of one day open, and names a cell that is read in two ways", () => {
    const { cells } = series("%d/%m/%Y %H:%M", Date.UTC(2026, 2, 1), MINUTE, 600);
    const open = {
      kind: "open",
      readings: [
        { format: "%d/%m/%Y %H:%M", cell: "01/03/2026 00:00", time: Date.UTC(2026, 2, 1) },
        { format: "%m/%d/%Y %H:%M", cell: "01/03/2026 00:00", time: Date.UTC(2026, 0, 3) },
      ],
    };
    expect(decideFormat(cells)).toEqual(open);
    // a day each, or a month each
    const daily = series("%d/%m/%Y", Date.UTC(2026, 2, 1), DAY, 12);
    expect(decideFormat(daily.cells).kind).toBe("open");
    const oneDay = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(oneDay, oneDay, fc.constantFrom("/", "-"), (day, month, mark) => {
        const { cells: some } = series("%H:%M", 0, MINUTE, 60);
        const date = `${two(day)}${mark}${two(month)}${mark}2026`;
        expect(decideFormat(some.map((clock) => `${date} ${clock}`)).kind).toBe("open");
      }),
    );
  });

  it("reads monthly data of two years and daily data of 13 days", () => {
    const months = Array.from({ length: 24 }, (_, i) => Date.UTC(2025, i, 1));
    const monthly = decideFormat(months.map((time) => write("%m/%d/%Y", time)));
    expect(monthly).toEqual({ kind: "one", format: "%m/%d/%Y", by: "sequence" });
    const { cells } = series("%d/%m/%Y", Date.UTC(2026, 2, 1), DAY, 13);
    expect(decideFormat(cells)).toEqual({ kind: "one", format: "%d/%m/%Y", by: "values" });
  });

  it("leaves a format open that a few cells and the sequence contradict", () => {
    const { cells } = series("%m/%d/%Y %H:%M", Date.UTC(2026, 2, 1), HOUR, 72);
    expect(decideFormat(cells)).toMatchObject({ format: "%m/%d/%Y %H:%M", by: "sequence" });
    expect(decideFormat([...cells, "13/01/2026 00:00"]).kind).toBe("open");
  });

  it("puts the day first with dots, unless the cells contradict", () => {
    const { cells } = series("%d.%m.%Y %H:%M", Date.UTC(2026, 2, 1), MINUTE, 60);
    const dotted = { kind: "one", format: "%d.%m.%Y %H:%M", by: "convention" };
    expect(decideFormat(cells)).toEqual(dotted);
    const american = series("%m.%d.%Y %H:%M", Date.UTC(2026, 2, 13), MINUTE, 60);
    expect(decideFormat(american.cells)).toMatchObject({ format: "%m.%d.%Y %H:%M" });
  });

  it("takes a few damaged cells for what they are", () => {
    const { cells } = series("%d/%m/%Y %H:%M", Date.UTC(2026, 2, 1), HOUR, 500);
    const damaged = cells.map((cell, i) => (i % 7 === 0 ? "#REF!" : cell));
    expect(decideFormat(damaged)).toMatchObject({ format: "%d/%m/%Y %H:%M", by: "values" });
  });

  it.each([
    ["an address", ["192.168.1.1", "192.168.1.2"]],
    ["a version", ["1.2.3", "1.12.0"]],
    ["numbers", ["21.5", "21.6", "-3"]],
    ["words", ["open", "closed", "May be", "mar"]],
    ["a telephone number", ["030-1234-567"]],
    ["values with units", ["21.4 °C", "12 V"]],
    ["nothing", []],
  ])("takes %s for no time", (_, cells) => {
    expect(decideFormat(cells)).toEqual({ kind: "none" });
  });
});

describe("candidateFormats", () => {
  it.each([
    ["Sun Mar  1 09:30:15 2026", ["%a %b %d %H:%M:%S %Y"]],
    ["Sun, 01 Mar 2026 09:30:15 GMT", ["%a, %d %b %Y %H:%M:%S %z"]],
    ["01/Mar/2026:09:30:15 +0100", ["%d/%b/%Y:%H:%M:%S %z"]],
    ["20260301T093015Z", ["%Y%m%dT%H%M%S%z", "%d%m%YT%H%M%S%z", "%m%d%YT%H%M%S%z"]],
    ["3 de diciembre de 2026, 9:05 p. m.", ["%d de %b de %Y, %I:%M %p"]],
    ["09:30:15.250 01.03.2026", ["%H:%M:%S %d.%m.%Y", "%H:%M:%S %m.%d.%Y"]],
    ["2026:03:01 09:30:15", ["%Y:%m:%d %H:%M:%S", "%Y:%d:%m %H:%M:%S"]],
    ["mar. 3 mars 2026", ["%a %d %b %Y"]],
    ["26-Mar-01", ["%d-%b-%y", "%y-%b-%d"]],
    ["00:01.5", ["%M:%S"]],
    ["125:00:00", ["%H:%M:%S"]],
  ])("finds the formats of %s", (cell, formats) => {
    expect(candidateFormats(cell).formats).toEqual(formats);
  });

  it("never fails, and finds only formats that exist", () => {
    const piece = fc.constantFrom(..."0 1 12 31 2026 : / - . , T Z AM Mar + ( °".split(" "), " ");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        for (const format of candidateFormats(pieces.join("")).formats) {
          expect(() => compileTime({ columns: [], format, zone: null, start: null })).not.toThrow();
        }
      }),
      { numRuns: 1000 },
    );
  });
});
