import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cleanCell,
  isNumeric,
  parseNumber,
  readNumber,
} from "../../../../src/io/decoders/rows/cell.ts";

const DOT = ".".charCodeAt(0);
const COMMA = ",".charCodeAt(0);

describe("parseNumber", () => {
  it("reads every number as JavaScript does, to the last bit", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(parseNumber(String(x), DOT)).toBe(Number(String(x)));
        expect(parseNumber(String(x).replace(".", ","), COMMA)).toBe(Number(String(x)));
      }),
    );
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 20 }), (x, decimals) => {
        const text = (x / 1000).toFixed(decimals);
        expect(parseNumber(text, DOT)).toBe(Number(text));
      }),
    );
  });

  it.each([
    ["1.5", 1.5],
    ["+1.5", 1.5],
    ["-.5", -0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["1.5E-3", 0.0015],
    [" 1.5 ", 1.5],
    [' "1.5"', 1.5],
    ["007", 7],
    ["12345678901234567890", 12345678901234567000],
    ["1,013.25", 1013.25],
    ["1e999", Number.POSITIVE_INFINITY],
  ])("reads %s", (cell, value) => {
    expect(parseNumber(cell, DOT)).toBe(value);
  });

  it.each(["", "-", "+", ".", "abc", "1.2.3", "1-2", "0x10", "1e", "1,5", "1 000", "12V", "１"])(
    "gives NaN for %j",
    (cell) => {
      expect(parseNumber(cell, DOT)).toBeNaN();
    },
  );

  it("reads a decimal comma, and a dot if it can't separate thousands", () => {
    expect(parseNumber("1,5", COMMA)).toBe(1.5);
    expect(parseNumber("1.013,25", COMMA)).toBe(1013.25);
    expect(parseNumber("21.5", COMMA)).toBe(21.5);
    expect(parseNumber("0.125", COMMA)).toBe(0.125);
    expect(parseNumber("1.013", COMMA)).toBeNaN();
    expect(parseNumber("1,2,3", COMMA)).toBeNaN();
    expect(parseNumber("1,5.5", COMMA)).toBeNaN();
  });
});

describe("readNumber", () => {
  it.each([
    "",
    " ",
    "NA",
    "n/a",
    "null",
    "None",
    "NaN",
    "-",
    "--.-",
    "---",
    "?",
    "*",
    "unavailable",
    "Unknown",
    "inf",
    "-Infinity",
    "1e999",
  ])("takes %j as missing", (cell) => {
    expect(readNumber(cell, DOT)).toBeNaN();
  });

  it("reads words of two states as 1 and 0, and takes other words as text", () => {
    expect(
      ["on", "Open", "yes", "OFF", "closed", "no"].map((cell) => readNumber(cell, DOT)),
    ).toEqual([1, 1, 1, 0, 0, 0]);
    expect(readNumber("TRUE", DOT)).toBe(1);
    expect(readNumber(" false ", DOT)).toBe(0);
    expect(readNumber("abc", DOT)).toBeUndefined();
    expect(readNumber("1.2.3", DOT)).toBeUndefined();
  });
});

it.each([
  ["2", "x"],
  ["2", ".x"],
  ["1,234", "x"],
  ["1.234", ",x"],
])(
  "the time for %s over and over again, with %s at the end, grows with its length only",
  (part, end) => {
    const cell = part.repeat(64_000 / part.length) + end;
    const start = process.cpuUsage();
    expect(readNumber(cell, DOT)).toBeUndefined();
    expect(readNumber(cell, COMMA)).toBeUndefined();
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(1000); // with its square it takes ten times that
  },
);

it("isNumeric counts numbers and booleans, not missing values", () => {
  expect(["1", "1e3", "TRUE"].every((cell) => isNumeric(cell, DOT))).toBe(true);
  expect(["", "NA", "abc"].some((cell) => isNumeric(cell, DOT))).toBe(false);
});

it("cleanCell removes blanks, and quotes that stand inside blanks", () => {
  expect(cleanCell("  a b ")).toBe("a b");
  expect(cleanCell(' "a" ')).toBe("a");
  expect(cleanCell('"')).toBe('"');
});
