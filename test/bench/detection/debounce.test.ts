import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { debounce } from "../../../bench/detection/metrics/debounce.ts";

describe("debounce", () => {
  it("keeps a score that exceeds all earlier scores within the rest period", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 12 }), (values, rest) => {
        const expected = values.map((value, i) =>
          values.slice(Math.max(0, i - rest), i).every((earlier) => earlier < value) ? value : 0,
        );
        expect([...debounce(Float64Array.from(values), rest)]).toEqual(expected);
      }),
    );
  });
});
