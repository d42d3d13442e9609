import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeBytes,
  decodeScores,
  decodeTimes,
  decodeValues,
} from "../../../src/report/client/data/decode.ts";
import {
  encodeArray,
  encodeScores,
  encodeTimes,
  encodeValues,
  shortNumber,
  timeCode,
} from "../../../src/report/data/encode.ts";

describe("arrays of a report", () => {
  it("round-trips bytes, at the length of base64", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const text = encodeArray(bytes);
        expect([...decodeBytes(text)]).toEqual([...bytes]);
        expect(text.length).toBe(4 * Math.ceil(bytes.length / 3));
      }),
    );
  });

  it("round-trips times to the millisecond within 49 days, and to their share of longer spans", () => {
    const from = Date.UTC(2024, 0, 1);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1 }),
        fc.constantFrom(4e9, 4e12),
        (offsets, span) => {
          const times = offsets.map((offset) => from + (offset % span));
          const code = timeCode(from, from + span);
          const back = decodeTimes(encodeTimes([...times, Number.NaN], code), code);
          expect(back.at(-1)).toBeNaN();
          for (const [i, time] of times.entries()) {
            expect(Math.abs((back[i] ?? 0) - time)).toBeLessThanOrEqual(
              span < 4.2e9 ? 0 : span / 2 ** 32,
            );
          }
        },
      ),
    );
  });

  it("has a time code without times", () => {
    expect(timeCode(Number.NaN, Number.NaN)).toEqual({ base: 0, unit: 1 });
  });

  it("round-trips values to seven digits of their distance from the base, and missing ones as null", () => {
    const value = fc.double({ noNaN: true, min: -1e30, max: 1e30 });
    fc.assert(
      fc.property(fc.array(value), value, (values, base) => {
        const back = decodeValues(encodeValues([...values, Number.NaN], base), base);
        expect(back.at(-1)).toBeNull();
        for (const [i, one] of values.entries()) {
          const off = Math.abs((back[i] ?? Number.NaN) - one);
          expect(off).toBeLessThanOrEqual(
            1e-7 * Math.abs(one - base) + 1e-15 * Math.abs(base) + 1e-44,
          );
        }
      }),
    );
  });

  it("clips values beyond the range of f32", () => {
    const [back = null] = decodeValues(encodeValues([1e300], 0), 0);
    expect(back).toBeGreaterThan(1e38);
    expect(back).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it("round-trips scores to four digits, the alarm boundary exactly, and missing ones as null", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (scores) => {
        const back = decodeScores(encodeScores([...scores, 0.5, Number.NaN]));
        for (const [i, score] of scores.entries()) expect(back[i]).toBeCloseTo(score, 4);
        expect(back.slice(-2)).toEqual([0.5, null]);
      }),
    );
  });

  it("shortens numbers to six digits", () => {
    expect([shortNumber(1 / 3), shortNumber(123_456_789), shortNumber(Number.NaN)]).toEqual([
      0.333333,
      123_457_000,
      null,
    ]);
  });
});
