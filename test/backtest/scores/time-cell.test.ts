import fc from "fast-check";
import { expect, it } from "vitest";
import { TimeCell } from "../../../src/backtest/scores/time-cell.ts";

it("TimeCell writes the same as Date, for times in any order", () => {
  const near = fc.double({ min: -200_000, max: 200_000, noNaN: true });
  const day = fc.constantFrom(0, Date.UTC(2024, 1, 29), Date.UTC(-5, 0, 1), Date.UTC(12_000, 5, 1));
  fc.assert(
    fc.property(day, fc.array(near, { maxLength: 50 }), (start, offsets) => {
      const cell = new TimeCell((time) => `,"timestamp":"${time}"`);
      for (const offset of offsets) {
        const time = start + offset;
        const expected = new Date(Math.floor(time)).toISOString();
        expect(Buffer.from(cell.of(time)).toString()).toBe(`,"timestamp":"${expected}"`);
      }
    }),
  );
});

it("TimeCell rejects an invalid time", () => {
  expect(() => new TimeCell((time) => time).of(Number.NaN)).toThrow(RangeError);
});
