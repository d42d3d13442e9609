import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellSettings } from "../../../../src/io/decoders/cells/cell-plan.ts";
import { CellReader } from "../../../../src/io/decoders/cells/cell-reader.ts";
import { decideCells } from "../../../../src/io/decoders/cells/decide-cells.ts";
import { findSentinels } from "../../../../src/io/decoders/cells/find-sentinels.ts";

const DOT = ".".charCodeAt(0);
const COMMA = ",".charCodeAt(0);

/** Reads cells with the plan that they lead to. */
function read(cells: readonly string[], mark: number, settings: CellSettings = {}) {
  const { plan, isDoubtful } = decideCells("x", cells, mark, settings);
  if (plan === null) return null;
  const reader = new CellReader(plan);
  return { values: cells.map((cell) => reader.read(cell)), isDoubtful, reader };
}

describe("cells of a column", () => {
  it("have no plan if they are plain numbers, or no numbers", () => {
    expect(read(["1.5", "-2", "NaN", "true"], DOT)).toBeNull();
    expect(read(["1,5", "21.5"], COMMA)).toBeNull();
    expect(read(["auto", "heat", "3"], DOT)).toBeNull();
    expect(read(["1A", "2A", "17C"], DOT)).toBeNull();
    expect(read(["2026-03-01 09:30:00", "2026-03-01 09:31:00"], DOT)).toBeNull();
  });

  it.each([
    [["21.4 \u00b0C", "-3.5\u00b0C", "7 \u00b0C"], DOT, [21.4, -3.5, 7]],
    [["21,4 \u00b0C", "\u22123,5 \u00b0C"], DOT, [21.4, -3.5]],
    [["45 %", "46%"], DOT, [45, 46]],
    [["1,480.5 rpm", "980 rpm"], DOT, [1480.5, 980]],
    [["1.480", "1.475", "980"], COMMA, [1480, 1475, 980]],
    [["1.480,25", "980,5"], DOT, [1480.25, 980.5]],
    [["1 480,5", "12 480,5", "980"], COMMA, [1480.5, 12480.5, 980]],
    [["1\u00a0480.5", "1\u202f480"], DOT, [1480.5, 1480]],
    [["1'480.5", "2\u2019480'000"], DOT, [1480.5, 2480000]],
    [["21.4 \u00b0C", "--.- \u00b0C", "n/a"], DOT, [21.4, Number.NaN, Number.NaN]],
  ])("%j are numbers with a unit or with groups of thousands", (cells, mark, values) => {
    expect(read(cells, mark)).toMatchObject({ values, isDoubtful: false });
  });

  it("are doubtful if a comma may group thousands or be the decimal mark, unless a setting decides", () => {
    const cells = ["1,480", "1,475"];
    expect(read(cells, DOT)).toMatchObject({ values: [1480, 1475], isDoubtful: true });
    expect(read(cells, DOT, { decimalMark: "," })?.values).toEqual([1.48, 1.475]);
    expect(read(cells, DOT, { decimalMark: "." })?.isDoubtful).toBe(false);
  });

  it("have one unit: a cell with another unit is not a number", () => {
    expect(read(["1.2 kW", "950 W"], DOT)).toBeNull();
    expect(read(["1.2 kW", "1.3 kW"], DOT)?.reader.read("950 W")).toBeUndefined();
  });

  it("have the numbers and missing words of the settings", () => {
    const settings = {
      values: { x: { Open: 1, ajar: 0.5 } },
      missing: { "*": ["Err"], x: ["offline"] },
    };
    expect(read(["open", "AJAR", "err", "offline", "2"], DOT, settings)?.values).toEqual([
      ...[1, 0.5, Number.NaN, Number.NaN, 2],
    ]);
  });

  it("written in any notation give the same numbers as written plainly", () => {
    const written = fc.record({
      numbers: fc.array(fc.integer({ min: -9_999_999, max: 9_999_999 }), {
        minLength: 3,
        maxLength: 30,
      }),
      mark: fc.constantFrom(".", ","),
      group: fc.constantFrom("", " ", "\u00a0", "'", "other"),
      unit: fc.constantFrom("", " \u00b0C", "%", " m/s"),
    });
    fc.assert(
      fc.property(written, ({ numbers, mark, group, unit }) => {
        const values = numbers.map((number) => number / 100);
        const other = mark === "," ? "." : ",";
        const format = { mark, between: group === "other" ? other : group, unit };
        const result = read(
          values.map((value) => write(value, format)),
          mark === "," ? COMMA : DOT,
        );
        // without a plan, the cells are plain numbers
        expect(result === null ? unit : "").toBe("");
        if (result !== null) expect(result.values).toEqual(values);
      }),
    );
  });
});

function write(
  value: number,
  { mark, between, unit }: { mark: string; between: string; unit: string },
): string {
  const [whole = "", fraction = ""] = value.toFixed(2).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, between) + mark + fraction + unit;
}

describe("numbers that stand for no value", () => {
  const usual = Array.from({ length: 100 }, (_, i) => 20 + (i % 7) / 2);
  const codes = (numbers: readonly number[], settings?: CellSettings) =>
    findSentinels("x", numbers, settings).map(({ value, count }) => [value, count]);

  it("are known codes far from all other values", () => {
    expect(codes([...usual, -127])).toEqual([[-127, 1]]);
    expect(codes([...usual, -9999, 65535, 65535])).toEqual([
      [-9999, 1],
      [65535, 2],
    ]);
    expect(codes([85, ...usual, 85])).toEqual([[85, 2]]);
  });

  it("are not values near the others, unknown ones, and a single one that could be a value", () => {
    expect(codes([...usual, 85])).toEqual([]);
    expect(codes([...usual, 500, 500])).toEqual([]);
    expect(codes(usual.map((x) => x + 63))).toEqual([]);
    expect(codes([...usual, ...usual.map((x) => x + 80), 85, 85])).toEqual([]);
  });

  it("are a clear code alone, as of a sensor that is not connected", () => {
    expect(codes([-127, -127, -127])).toEqual([[-127, 3]]);
    expect(codes([85, 85, 85])).toEqual([]);
  });

  it("are those of the settings, and no others", () => {
    expect(codes([...usual, 85, -127], { missing: { x: [85] } })).toEqual([[85, 1]]);
    expect(codes([...usual, -127], { missing: { x: [] } })).toEqual([]);
    expect(codes([...usual, -127], { missing: { y: [] } })).toEqual([[-127, 1]]);
  });
});
