import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberTexts, rarityText } from "../../../src/io/messages/number-text.ts";

describe("numberTexts", () => {
  it("shows four significant digits, and whole numbers in full", () => {
    expect(numberTexts([2.08123, 71.3, 0.00012345, 101_325.4])).toEqual([
      "2.081",
      "71.3",
      "0.0001234",
      "101325",
    ]);
  });

  it("shows more digits if different numbers would look the same", () => {
    expect(numberTexts([101.34, 101.31, 101.31])).toEqual(["101.34", "101.31", "101.31"]);
  });

  it("never shows different numbers as the same text", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 4 }), (numbers) => {
        expect(new Set(numberTexts(numbers)).size).toBe(new Set(numbers).size);
      }),
    );
  });

  it("is within half a unit of the fourth digit", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (number) => {
        const error = Math.abs(Number(numberTexts([number])[0]) - number);
        expect(error).toBeLessThanOrEqual(number * 5.0001e-4);
      }),
    );
  });
});

describe("rarityText", () => {
  it("has two significant digits", () => {
    expect(rarityText(1 / 4321)).toBe("1 in 4300");
    expect(rarityText(0.7)).toBe("1 in 1.4");
    expect(rarityText(1)).toBe("1 in 1");
  });

  it("limits rarities that no recording could show", () => {
    expect(rarityText(1e-300)).toBe("less than 1 in 1000000000");
  });

  it("is null without a p", () => {
    expect(rarityText(Number.NaN)).toBeNull();
  });
});
