import fc from "fast-check";
import { expect, it } from "vitest";
import { describeImplausible, findImplausible } from "../../src/core/plausibility.ts";

it("finds the values outside their range, row by row", () => {
  const value = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value)),
      fc.integer({ min: -20, max: 20 }),
      (rows, min) => {
        const columns = [0, 1].map((i) => Float64Array.from(rows, (row) => row[i] as number));
        const found: unknown[] = [];
        const range = { name: "b", column: 1, min, max: min + 10, unit: "" };
        findImplausible(columns, rows.length, [range], (row, _, was) => found.push([row, was]));
        const bad = rows.map(([, b]) => b < min || b > min + 10);
        expect(found).toEqual(rows.flatMap(([, b], i) => (bad[i] ? [[i, b]] : [])));
      },
    ),
  );
});

it("names the bound that a value exceeds", () => {
  const range = { name: "t", column: 0, min: -40, max: 85, unit: "°C" };
  expect(describeImplausible(range, -127)).toBe("-127 °C is below -40 °C");
  expect(describeImplausible({ ...range, unit: "" }, 86)).toBe("86 is above 85");
});
