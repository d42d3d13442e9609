import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RoundingGrid } from "../../../../../src/core/detectors/ecod/warm-up/rounding-grid.ts";

/** A grid that knows its steps from these rows. */
function chosen(rows: readonly number[][], columns: number[], raw: number[]): RoundingGrid {
  const steps = { memory: { numbers: new Float64Array(columns.length) }, at: 0 };
  const room = { memory: { numbers: new Float64Array(4) }, at: 1, length: 3 }; // not for all rows
  const grid = new RoundingGrid(columns, raw, rows.length, steps, room);
  for (const row of rows) grid.hold(Float64Array.from(row));
  return grid;
}

function rounded(grid: RoundingGrid, row: readonly number[]): number[] {
  const values = Float64Array.from(row);
  grid.round(values);
  return [...values];
}

/** Nearest multiple of 2^exponent, ties to even, with exact integers. Both numbers must have few digits. */
function nearestMultiple(x: number, exponent: number): number {
  const scale = 2n ** 200n;
  const parts = BigInt(Math.round(x * 2 ** 100)) * 2n ** 100n; // x * 2^200, exact for these x
  const step = exponent >= 0 ? scale << BigInt(exponent) : scale >> BigInt(-exponent);
  const floor = parts / step - (parts % step < 0n ? 1n : 0n);
  const rest = 2n * (parts - floor * step);
  const isUp = rest > step || (rest === step && floor % 2n !== 0n);
  return Number(floor + (isUp ? 1n : 0n)) * 2 ** exponent;
}

describe("RoundingGrid", () => {
  it("rounds to the nearest multiple of 2^-40 of the magnitude, half to even", () => {
    const small = fc.integer({ min: -(2 ** 45), max: 2 ** 45 }).map((n) => n / 2 ** 43);
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), fc.array(small), (size, values) => {
        const grid = chosen([[1.5 * 2 ** size]], [0], [0]);
        for (const value of values) {
          expect(rounded(grid, [value])).toEqual([nearestMultiple(value, size - 40) + 0]);
        }
      }),
    );
  });

  it("does not let a garbage reading set the step", () => {
    const rows = Array.from({ length: 20 }, (_, i) => [i === 7 ? 1e30 : 1 + i / 100]);
    const grid = chosen(rows, [0], [0]);
    expect(rounded(grid, [1 + 2 ** -30])).toEqual([1 + 2 ** -30]);
    expect(rounded(grid, [1 + 2 ** -45])).toEqual([1]);
  });

  it("takes the magnitude of a column from its raw feature, else from all of its features", () => {
    const rows = [[1024, 1e-3, 1e-3, 2e-3]];
    const grid = chosen(rows, [0, 0, 1, 1], [0]);
    const tiny = 1e-3 + 2 ** -47;
    const [, first, , second] = rounded(grid, [0, tiny, 0, tiny]);
    expect(first).toBe(Math.round(tiny * 2 ** 30) / 2 ** 30);
    expect(second).toBe(Math.round(tiny * 2 ** 49) / 2 ** 49);
  });

  it("leaves missing values, and values of a column without a magnitude", () => {
    const grid = chosen([[Number.NaN, 3]], [0, 1], [0, 1]);
    expect(rounded(grid, [0.1, Number.NaN])).toEqual([0.1, Number.NaN]);
    expect(rounded(chosen([[0]], [0], [0]), [1 / 3])).toEqual([1 / 3]);
    expect(rounded(chosen([[1]], [0], [0]), [1e300])).toEqual([1e300]);
  });

  it("has no negative zero", () => {
    expect(rounded(chosen([[1]], [0], [0]), [-(2 ** -60)])).toEqual([0]);
  });

  it("shows values of the grid as the decimals that they stand for", () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999, max: 99_999 }), (cents) => {
        const grid = chosen([[999]], [0], [0]);
        const [value] = rounded(grid, [cents / 100]);
        expect(grid.decimal(0, value as number)).toBe(cents / 100);
      }),
    );
    expect(chosen([[1e300]], [0], [0]).decimal(0, 1.5)).toBe(1.5);
  });
});
