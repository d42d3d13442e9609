import { describe, expect, it } from "vitest";
import { csv } from "../../../../../src/io/decoders/csv/csv.ts";
import { withNewHeader } from "../../../../../src/io/decoders/csv/lines/new-header.ts";

const LINES = ["time,sensor,temp", "2026-01-01T00:00:00Z,a,1.5", "2026-01-01T00:00:01Z,b,2.5"];

function reheaded(line: string, rename: Readonly<Record<string, string>> = {}) {
  const profile = csv.lines.profile(LINES, "x.csv", { rename });
  return profile === null ? null : withNewHeader(profile, line, { rename });
}

const namesAfter = (line: string, rename?: Readonly<Record<string, string>>) =>
  reheaded(line, rename)?.columns.map(({ name }) => name);

describe("withNewHeader", () => {
  it("accepts a header with more, fewer or reordered columns", () => {
    expect(namesAfter("time,sensor,hum,temp")).toEqual(["time", "sensor", "hum", "temp"]);
    expect(namesAfter("temp,time")).toEqual(["temp", "time"]);
    expect(namesAfter('"sensor","time","temp"')).toEqual(["sensor", "time", "temp"]);
    expect(reheaded("temp,time")?.columns[1]).toMatchObject({ timestampFormat: "iso8601" });
  });

  it("renames its columns", () => {
    expect(namesAfter("temp,hum,time", { temp: "t", hum: "h" })).toEqual(["t", "h", "time"]);
  });

  it("ignores an equal header, readings, and lines with few of its names", () => {
    for (const line of [
      ...LINES,
      "sensor is out of order, again",
      "time out",
      "boot,ok,ready",
      "temp,temp,time",
      "a,2026-01-01T00:00:01Z,2.5",
      "time,sensor,7",
      "",
    ]) {
      expect(reheaded(line), line).toBeNull();
    }
  });

  it("ignores lines of a source without a header", () => {
    const profile = csv.lines.profile(["a,1.5", "b,2.5", "a,2.5"], "x.csv", { rename: {} });
    expect(profile?.dialect.header).toBeNull();
    if (profile !== null)
      expect(withNewHeader(profile, "column_1,column_2", { rename: {} })).toBeNull();
  });
});
