import { describe, expect, it } from "vitest";
import { rotatedNames } from "../../../../src/io/sources/follow/rotated-names.ts";

describe("rotatedNames", () => {
  it("finds numbered files, the highest number first", () => {
    const names = ["x.log", "x.log.1", "x.log.10", "x.log.2", "y.log.1", "x.log.1.gz", "x.log.bak"];
    expect(rotatedNames("/var/x.log", names)).toEqual(["x.log.10", "x.log.2", "x.log.1"]);
  });

  it("finds dated files, the oldest first", () => {
    const names = ["x.log-20260131", "x.log-20260130", "x.log-20260130-1769760000", "x.log"];
    expect(rotatedNames("x.log", names)).toEqual([
      "x.log-20260130",
      "x.log-20260130-1769760000",
      "x.log-20260131",
    ]);
    const timed = ["x.log.2026-01-31T12:00", "x.log.2026-01-30_23"];
    expect(rotatedNames("x.log", timed)).toEqual(timed.toReversed());
  });

  it("finds files with the extension after the number", () => {
    const names = ["x.1.log", "x.2.log", "x-20260131.log", "x.csv", "x.old.log", "x..log"];
    expect(rotatedNames("x.log", names)).toEqual(["x-20260131.log", "x.2.log", "x.1.log"]);
  });

  it("ignores the file itself and files that only begin with its name", () => {
    expect(rotatedNames("data.1", ["data.1", "data.1.1", "data1", "data.12"])).toEqual([
      "data.1.1",
    ]);
    expect(rotatedNames("log", ["log", "log.1", "log1", "logs.1"])).toEqual(["log.1"]);
  });
});
