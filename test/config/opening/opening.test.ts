import { expect, it } from "vitest";
import { openingLines } from "../../../src/config/opening/opening-lines.ts";
import { openingRemarks } from "../../../src/config/opening/opening-remarks.ts";
import { refuseDoubts, refuseUnreadTime } from "../../../src/config/opening/refuse-doubts.ts";
import { parsePipeline } from "../../../src/config/parse.ts";
import { resolvePipeline } from "../../../src/config/resolve.ts";
import type { IotmonError } from "../../../src/core/errors.ts";
import type { InputProfile, Remark } from "../../../src/io/decoders/input-profile.ts";
import { column, profile } from "../../support/profiles.ts";

const input = profile(
  column("time", "timestamp"),
  column("sent", "timestamp"),
  column("device", "text", { distinct: 3 }),
  column("temperature", "number"),
  column("humidity", "number"),
  column("anomaly", "label", { numbers: 100 }),
  column("n", "index"),
  column("spare", "empty"),
  column("door", "text", { examples: ["open", "closed"] }),
);

/** How a pipeline reads an input. */
function opened(given: InputProfile, text = "version: 1", isLive = false) {
  const pipeline = parsePipeline(text, "p.yaml", {});
  const { layout, plan } = resolvePipeline(pipeline, given, "stem");
  return { profile: given, layout, plan, isLive };
}

const linesOf = (given: InputProfile, text?: string, isLive?: boolean): readonly string[] =>
  openingLines(given.format, openingRemarks(opened(given, text, isLive)));

const checkOf = (text: string): Remark => ({ topic: "check", text, setting: "source.x" });

function errorOf(act: () => void): IotmonError {
  try {
    act();
  } catch (error) {
    return error as IotmonError;
  }
  throw new Error("nothing was thrown");
}

it("openingLines tell format, time, sensors, watched columns, and why others are not watched", () => {
  const remarks: Remark[] = [
    checkOf("a doubt"),
    { topic: "format", text: "tabs" },
    { topic: "time", column: "time", text: '"time", ISO 8601' },
    { topic: "time", column: "sent", text: '"sent", ISO 8601' },
    { topic: "missing", text: "-999 in humidity" },
  ];
  expect(linesOf({ ...input, remarks }, DETECTORS)).toEqual([
    "format: csv; tabs",
    'time: "time", ISO 8601',
    'sensors: named by "device", 3 in the sample',
    "watched: temperature",
    'not watched: sent (another time), humidity (no detector uses it), anomaly (a label), n (a running number), spare (empty), door (text, such as "open")',
    "taken as missing: -999 in humidity",
    "check: a doubt (setting: source.x)",
  ]);
});

const DETECTORS = `
version: 1
features: [{ name: slope, column: temperature, function: slope, window: 10 }]
detectors: [{ name: a, algorithm: ecod, features: [slope] }]
`;

it("openingLines name the columns that buffer.schema does not have", () => {
  const lines = linesOf(input, "{ version: 1, buffer: { schema: { temperature: float } } }");
  expect(lines.find((line) => line.startsWith("not watched"))).toContain(
    "humidity (not in buffer.schema), anomaly (not in buffer.schema)",
  );
});

it("a recording without a time has a doubt, and a live source has none", () => {
  const untimed = profile(column("temperature", "number"));
  expect(linesOf(untimed)).toContain(
    "check: no column holds a time: rows count as 1 s apart, from 1970-01-01 on (setting: buffer.schema: { COLUMN: datetime })",
  );
  const live = linesOf(untimed, undefined, true);
  expect(live).toContain("time: that of the arrival: no column holds a time");
  expect(live.some((line) => line.startsWith("check:"))).toBe(false);
});

it("a doubt about the column that names the sensor is not shown", () => {
  const remarks = [{ ...checkOf("numbers as text"), column: "device" }];
  expect(linesOf({ ...input, remarks }).join()).not.toContain("numbers as text");
});

it("openingLines are at most eight, and hide no doubt", () => {
  const doubts = ["one", "two", "three", "four", "five", "six"];
  const lines = linesOf({ ...input, remarks: doubts.map(checkOf) });
  expect(lines).toHaveLength(8);
  for (const doubt of doubts) expect(lines.join("\n")).toContain(doubt);
});

it("openingLines have no control characters of the input", () => {
  const names = profile(column("a\u001b[31m\n", "text"), column("b", "number"));
  for (const line of linesOf(names)) expect(line).not.toMatch(/\p{Cc}/u);
});

it("refuseDoubts throws all doubts", () => {
  expect(() => refuseDoubts([{ topic: "format", text: "tabs" }], "x.csv")).not.toThrow();
  const error = errorOf(() => refuseDoubts([checkOf("one"), checkOf("two")], "x.csv"));
  expect(error.code).toBe("ERR_DATA");
  expect(error.faults.map(({ at, message }) => [at, message])).toEqual([
    ["x.csv", "one (setting: source.x)"],
    ["x.csv", "two (setting: source.x)"],
  ]);
});

const date = column("Date", "text", { timeLook: "date", examples: ["13/01/2026"] });
const clock = column("Time", "text", { timeLook: "clock", examples: ["10:00:00"] });
const number = column("a", "number");

it.each([
  ["a date", profile(date, number), 'the time in "Date" is not understood: "13/01/2026"'],
  ["a time of day", profile(clock, number), 'the time in "Time" is not understood: "10:00:00"'],
  [
    "rising numbers under the name of a time",
    profile(column("Time (s)", "number", { timeLook: "name", examples: ["0.25"] }), number),
    'the time in "Time (s)" is not understood: "0.25"',
  ],
  [
    "a time of day beside dates",
    profile(column("Date", "timestamp", { examples: ["2026-01-01"] }), clock, number),
    '"Date" has dates only, and the time of day in "Time" is not understood: "10:00:00"',
  ],
])("a recording with %s that is not understood is refused", (_, given, message) => {
  const error = errorOf(() => refuseUnreadTime(opened(given), "x.csv", false));
  expect(error).toMatchObject({ code: "ERR_DATA", message, at: "x.csv" });
  expect(error.hint).toContain("buffer.schema");
});

it("times that the pipeline declares as something else, and second times, are not refused", () => {
  expect(() => refuseUnreadTime(opened(profile(date, number)), "x.csv", true)).not.toThrow();
  const timed = profile(
    column("time", "timestamp", { examples: ["2026-01-01 10:00"] }),
    date,
    number,
  );
  expect(() => refuseUnreadTime(opened(timed), "x.csv", false)).not.toThrow();
});

it("a live source is refused for a date only: other columns may count since its start", () => {
  const refuse = (given: InputProfile) => () =>
    refuseUnreadTime(opened(given, undefined, true), "x", false);
  expect(refuse(profile(date, number))).toThrow("is not understood");
  expect(refuse(profile(clock, number))).not.toThrow();
});
