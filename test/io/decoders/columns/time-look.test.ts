import { expect, it } from "vitest";
import { profileColumns } from "../../../../src/io/decoders/columns/profile-columns.ts";

const lookOf = (name: string, cells: readonly string[]) =>
  profileColumns(
    [{ name, nameless: false, cells }],
    ".".charCodeAt(0),
    { input: "a.csv", arrivalMs: null },
    {},
  ).columns[0]?.timeLook;

it.each([
  ["01/03/2026 00:15:00"],
  ["3/1/26 12:15:00 AM"],
  ["01.03.26"],
  ["01-03-2026"],
  ["2026.03.01 00:15"],
  ["1 Mar 2026 00:15"],
  ["1. März 2026, 00:15"],
  ["01-Mar-26 12.15.00 AM"],
  ["Mar 1, 2026 00:15"],
  ["Sun, 01 Mar 2026 00:15:00 GMT"],
  ["1 mars 2026"],
  ["20260301001500"],
  ["2026-03-01T00:15:00Z"],
])("%s looks like a date under any name", (cell) => {
  expect(lookOf("x", [cell, cell])).toBe("date");
});

it.each([["00:15:00"], ["18.00.00"], ["12:15 AM"], ["100:00:01.5"], ["9:30"]])(
  "%s looks like a time of day",
  (cell) => {
    expect(lookOf("x", [cell, cell])).toBe("clock");
  },
);

it.each([
  ["1.2.3"],
  ["192.168.1.10"],
  ["10.12"],
  ["v2026.03.01"],
  ["12/30"],
  ["node-1-2"],
  ["maybe 5"],
  ["set 3"],
  ["march"],
  ["5 decks 2"],
])("%s does not look like a time", (cell) => {
  expect(lookOf("x", [cell, cell])).toBeNull();
});

it("rising numbers look like a time under the name of a time only", () => {
  const cells = ["0.25", "0.5", "0.5", "0.75", "1"];
  expect(lookOf("Time (s)", cells)).toBe("name");
  expect(lookOf("time", cells)).toBe("name");
  expect(lookOf("pressure", cells)).toBeNull();
  expect(lookOf("time", ["12.1", "11.8", "12.3", "12.0"])).toBeNull();
});

it("texts with digits look like a time under the name of a time", () => {
  expect(lookOf("timestamp", ["day 1", "day 2"])).toBe("name");
  expect(lookOf("time", ["early", "late"])).toBeNull();
});

it("a column of years looks like a part of a date", () => {
  expect(lookOf("year", ["2026", "2026"])).toBe("name");
  expect(lookOf("year", ["1", "2"])).toBeNull();
});
