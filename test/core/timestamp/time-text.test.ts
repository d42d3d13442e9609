import fc from "fast-check";
import { expect, it } from "vitest";
import { TimeText } from "../../../src/core/timestamp/time-text.ts";

it("TimeText writes the same as Date, for times in any order", () => {
  const time = fc.integer({ min: Date.UTC(1700, 0), max: Date.UTC(2300, 0) });
  fc.assert(
    fc.property(fc.array(time), (times) => {
      const text = new TimeText();
      for (const ms of times) expect(text.of(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});

it("TimeText rounds down to milliseconds, also before 1970", () => {
  expect(new TimeText().of(1.9)).toBe("1970-01-01T00:00:00.001Z");
  expect(new TimeText().of(-0.1)).toBe("1969-12-31T23:59:59.999Z");
});

it("TimeText rejects an invalid time", () => {
  expect(() => new TimeText().of(Number.NaN)).toThrow(RangeError);
});
