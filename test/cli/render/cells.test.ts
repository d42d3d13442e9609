import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellWidth, cutCells, fitCells, plainCells } from "../../../src/cli/render/cells.ts";

describe("cells of a terminal", () => {
  it("count wide characters twice and combining ones not at all", () => {
    expect(cellWidth("kühl")).toBe(4);
    expect(cellWidth("ku\u0308hl")).toBe(4);
    expect(cellWidth("温度計")).toBe(6);
    expect(cellWidth("🔥")).toBe(2);
  });

  it("are filled exactly for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(40), (text, width) => {
        const fitted = fitCells(plainCells(text), width);
        expect(cellWidth(fitted)).toBe(width);
        expect(fitted).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it("mark a cut text, also inside a wide character", () => {
    expect(cutCells("temperature", 5)).toBe("temp…");
    expect(cutCells("温度計", 4)).toBe("温…");
    expect(fitCells("温度計", 5)).toBe("温度…");
    expect(cutCells("fits", 4)).toBe("fits");
    expect(cutCells("gone", 0)).toBe("");
  });

  it("contain no characters that change the writing direction or move the cursor", () => {
    expect(plainCells("a\u202eb\u001b[2Jc")).toBe("a\\u202eb\u{FFFD}[2Jc");
  });
});
