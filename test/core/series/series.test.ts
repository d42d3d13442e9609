import { describe, expect, it } from "vitest";
import { parseSeries, type SeriesTerm } from "../../../src/core/series/parse-series.ts";
import { seededNoise } from "../../../src/core/series/seeded-noise.ts";
import { seriesLength, seriesValues } from "../../../src/core/series/series-values.ts";

function terms(text: string): readonly SeriesTerm[] {
  const parsed = parseSeries(text);
  if ("terms" in parsed) return parsed.terms;
  throw new Error(parsed.message);
}

const values = (text: string, rows = seriesLength(terms(text)), seed = "1") =>
  seriesValues(terms(text), rows, seed);

describe("parseSeries", () => {
  it("takes constants, ramps, missing values and gaps", () => {
    expect(values("5x3 1..4x4 _x2 -x1 -3.5 1e2")).toEqual([
      5,
      5,
      5,
      1,
      2,
      3,
      4,
      null,
      null,
      undefined,
      -3.5,
      100,
    ]);
    expect(values("-1..-2x3 0x1 +7")).toEqual([-1, -1.5, -2, 0, 7]);
  });

  it("repeats a last term of x* up to the length of the longest column", () => {
    expect(values("1 2x*", 4)).toEqual([1, 2, 2, 2]);
    expect(values("0..3x*", 4)).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ["", 0, "has no values"],
    ["22x5  35y5", 6, '"35y5" is not a term such as'],
    ["22x0", 0, "must have 1 to 1000000 rows"],
    ["22x2000000", 0, "must have 1 to 1000000 rows"],
    ["22~-1x5", 0, "has noise below zero"],
    ["1e999", 0, "is too large"],
    ["1x* 2", 4, "a term with x* must be the last one"],
  ])("says where %j is wrong", (text, index, message) => {
    expect(parseSeries(text)).toMatchObject({ index, message: expect.stringContaining(message) });
  });
});

describe("seriesValues", () => {
  it("gives the same noise for the same seed, and other noise for another", () => {
    expect(values("22~0.2x50")).toEqual(values("22~0.2x50"));
    expect(values("22~0.2x50")).not.toEqual(values("22~0.2x50", 50, "2"));
    // the numbers themselves: what tests of users were written against must not change
    expect(values("22~0.2x3")).toEqual([22.063805, 22.28047, 21.947721]);
  });

  it("has noise with the given deviation", () => {
    const noise = seededNoise("any");
    const drawn = Array.from({ length: 20_000 }, noise);
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThan(6);
    const beyondTwo = drawn.filter((x) => Math.abs(x) > 2).length / drawn.length;
    expect(beyondTwo).toBeGreaterThan(0.035);
    expect(beyondTwo).toBeLessThan(0.055);
  });
});
