import { expect, it } from "vitest";
import { isZone, parseOffset } from "../../../../src/core/timestamp/zone/zone.ts";

it.each([
  ["+01:00", 3_600_000],
  ["-0330", -12_600_000],
  ["UTC+2", 7_200_000],
  ["GMT", 0],
  ["Z", 0],
])("reads the offset %s", (zone, ms) => {
  expect(parseOffset(zone)).toBe(ms);
});

it("knows zones by name and offset", () => {
  for (const zone of ["Europe/Berlin", "UTC", "Asia/Kolkata", "+05:45"]) {
    expect(isZone(zone)).toBe(true);
  }
  for (const zone of ["Europe/Atlantis", "+25:00", "", "Berlin"]) expect(isZone(zone)).toBe(false);
});
