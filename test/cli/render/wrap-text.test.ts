import { Chalk } from "chalk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wrapText } from "../../../src/cli/render/wrap-text.ts";

const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 30 });

describe("wrapText", () => {
  it("makes no line wider than the limit, and loses no word", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 60 }), fc.nat(3), (list, width, indent) => {
        const lines = wrapText(list.join(" "), width, " ".repeat(indent)).split("\n");
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
        expect(lines.flatMap((line) => line.trim().split(" "))).toEqual(list);
        for (const line of lines.slice(1)) expect(line).toMatch(new RegExp(`^ {${indent}}[a-z]`));
      }),
    );
  });

  it("fills every line: the next word would not have fitted", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 60 }), (list, width) => {
        const lines = wrapText(list.join(" "), width).split("\n");
        for (const [i, line] of lines.slice(1).entries()) {
          const first = line.split(" ", 1)[0] ?? "";
          expect((lines[i] ?? "").length + 1 + first.length).toBeGreaterThan(width);
        }
      }),
    );
  });

  it("keeps a longer word whole, a dot with the word before it, and the indent of the text", () => {
    expect(wrapText("a abcdefghij b", 5)).toBe("a\nabcdefghij\nb");
    expect(wrapText("aaa bbb · ccc", 9, "  ")).toBe("aaa bbb ·\n  ccc");
    expect(wrapText("  aaa bbb", 6, "    ")).toBe("  aaa\n    bbb");
  });

  it("does not count colours, and leaves text without a terminal unchanged", () => {
    const { red } = new Chalk({ level: 1 });
    expect(wrapText(`${red("aaaa")} bbbb`, 9)).toBe(`${red("aaaa")} bbbb`);
    expect(wrapText("a ".repeat(500), Number.POSITIVE_INFINITY)).toBe("a ".repeat(500));
  });
});
