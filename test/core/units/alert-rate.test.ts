import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAlertRate, parseAlertRate, RATE_UNITS } from "../../../src/core/units/alert-rate.ts";

describe("parseAlertRate", () => {
  it.each([
    ["1/week", 1],
    ["2 / day", 14],
    ["0.5/hour", 84],
    ["3/month", 0.7],
  ])("reads %s", (text, perWeek) => {
    expect(parseAlertRate(text)).toBeCloseTo(perWeek, 12);
  });

  it.each(["", "1", "week", "1/wek", "1/weeks", "0/day", "-1/day", "1e3/day", "1/day/day"])(
    "rejects %j",
    (text) => {
      expect(parseAlertRate(text)).toBeNull();
    },
  );
});

describe("formatAlertRate", () => {
  it("uses the unit with the fewest digits", () => {
    expect([1, 14, 1008, 0.7, 0.5].map(formatAlertRate)).toEqual([
      "1/week",
      "2/day",
      "6/hour",
      "3/month",
      "0.5/week",
    ]);
  });

  it("writes what parseAlertRate reads, to four digits", () => {
    const amount = fc.double({ min: 0.01, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(amount, fc.constantFrom(...RATE_UNITS), (number, unit) => {
        const perWeek = parseAlertRate(`${number.toFixed(4)}/${unit}`) as number;
        const again = parseAlertRate(formatAlertRate(perWeek)) as number;
        expect(Math.abs(again / perWeek - 1)).toBeLessThan(1e-3);
      }),
    );
  });
});
