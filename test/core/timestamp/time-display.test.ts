import { describe, expect, it } from "vitest";
import { timesIn, timesOfInput } from "../../../src/core/timestamp/time-display.ts";
import { timeColumn } from "../../../src/core/timestamp/time-plan.ts";

const SUMMER = Date.UTC(2026, 6, 1, 12, 30, 15);

describe("timesIn", () => {
  it.each([
    ["UTC", "2026-07-01 12:30:15"],
    ["Europe/Berlin", "2026-07-01 14:30:15"],
    ["America/New_York", "2026-07-01 08:30:15"],
    ["+05:30", "2026-07-01 18:00:15"],
  ])("shows times in %s", (zone, text) => {
    expect(timesIn(zone).text(SUMMER)).toBe(text);
    expect(timesIn(zone).name).toBe(zone);
  });

  it("rejects a zone that does not exist", () => {
    expect(() => timesIn("Europe/Atlantis")).toThrow(RangeError);
  });
});

describe("timesOfInput", () => {
  it("shows times without a date since the start, and those with one in the zone", () => {
    const elapsed = timeColumn("t", "elapsed_s");
    expect(timesOfInput(undefined, elapsed).text(90_250)).toBe("+00:01:30.250");
    expect(timesOfInput("Europe/Berlin", timeColumn("t", "%H:%M:%S")).text(-1000)).toBe(
      "-00:00:01",
    );
    const dated = { ...elapsed, start: SUMMER };
    expect(timesOfInput("Europe/Berlin", dated).text(SUMMER)).toBe("2026-07-01 14:30:15");
    expect(timesOfInput(undefined, null).text(SUMMER)).toBe("2026-07-01 12:30:15");
  });
});
