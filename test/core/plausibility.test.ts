import fc from "fast-check";
import { expect, it } from "vitest";
import { describeImplausible, screenColumns } from "../../src/core/plausibility.ts";

it("makes values outside their range missing, and leaves all others", () => {
  const value = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value)),
      fc.integer({ min: -20, max: 20 }),
      (rows, min) => {
        const columns = [0, 1].map((i) => Float64Array.from(rows, (row) => row[i] as number));
        const told: unknown[] = [];
        const range = { name: "b", column: 1, min, max: min + 10, unit: "" };
        screenColumns(columns, rows.length, [range], (row, _, was) => told.push([row, was]));
        const bad = rows.map(([, b]) => b < min || b > min + 10);
        expect([...(columns[0] ?? [])]).toEqual(rows.map(([a]) => a));
        expect([...(columns[1] ?? [])]).toEqual(rows.map(([, b], i) => (bad[i] ? Number.NaN : b)));
        expect(told).toEqual(rows.flatMap(([, b], i) => (bad[i] ? [[i, b]] : [])));
      },
    ),
  );
});

it("says which bound was passed", () => {
  const range = { name: "t", column: 0, min: -40, max: 85, unit: "°C" };
  expect(describeImplausible(range, -127)).toBe("-127 °C is below -40 °C");
  expect(describeImplausible({ ...range, unit: "" }, 86)).toBe("86 is above 85");
});
