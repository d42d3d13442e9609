import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LabelPattern } from "../../../src/io/sinks/label-pattern.ts";

function pattern(text: string): LabelPattern {
  const found = LabelPattern.of(text);
  if (found === null) throw new Error(text);
  return found;
}

const { value: source } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("a", "b", "-", "\\d", "\\w", "\\p{L}", "[^a]", "[a-c1]", ".", "\\u{e9}", "\\."),
    fc.tuple(tie("value"), tie("value")).map(([left, right]) => `${left}${right}`),
    fc.tuple(tie("value"), tie("value")).map(([left, right]) => `(?:${left}|${right})`),
    tie("value").map((inner) => `(${inner})*`),
    tie("value").map((inner) => `(?<n>${inner})?`.replaceAll("?<n>", "")),
    fc
      .tuple(tie("value"), fc.integer({ min: 0, max: 3 }))
      .map(([inner, n]) => `(?:${inner}){${n}}`),
  ),
}));

describe("LabelPattern", () => {
  it("matches what a JavaScript expression matches", () => {
    const label = fc.string({
      unit: fc.constantFrom("a", "b", "c", "1", "-", "é", "A"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(source, label, fc.boolean(), fc.boolean(), (inner, text, whole, anyCase) => {
        const written = whole ? `^(?:${inner})$` : inner;
        const expected = new RegExp(written, anyCase ? "iu" : "u").test(text);
        expect(pattern(`/${written}/${anyCase ? "i" : ""}`).test(text), written).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("takes linear time", () => {
    for (const text of [
      "/^(a+)+$/",
      "/(a|a)*b/",
      "/(.*)*x(.*)*y/",
      "/^(([a-z])+.)+[A-Z]([a-z])+$/",
    ]) {
      const begun = performance.now();
      expect(pattern(text).test(`${"a".repeat(100_000)}!`)).toBe(false);
      expect(performance.now() - begun, text).toBeLessThan(5000);
    }
  });

  it.each([
    ["/(?=a)b/", "must not use lookahead and lookbehind"],
    ["/a(?!b)/", "must not use lookahead and lookbehind"],
    ["/(?<=a)b/", "must not use lookahead and lookbehind"],
    ["/(?<!a)b/", "must not use lookahead and lookbehind"],
    ["/(a)\\1/", "must not use backreferences"],
    ["/(?<n>a)\\k<n>/", "must not use backreferences"],
    ["/(/", "must be a regular expression between slashes"],
    ["/\\p{Script=Greek}/", "must be an expression of RE2: invalid character class range"],
    ["/a{1001}/", "must be an expression of RE2: invalid repeat count {1001}"],
    ["/(?:a{30}){33}(?:b{30}){30}/", "repeats too much"],
    ["/(((a{10}){10}){10}){10}/", "must be an expression of RE2: invalid repeat count"],
    [`/${"a".repeat(501)}/`, "must be an expression of at most 500 characters"],
  ])("says why it can't use %s", (text, message) => {
    const { fault } = pattern(text);
    expect(fault?.message).toContain(message);
    expect(fault?.hint).not.toBe("");
  });

  it("accepts a backslash before a backslash, a digit and a bracket", () => {
    for (const [text, label] of [
      ["/^a\\\\1$/", "a\\1"],
      ["/[(?=]/", "="],
      ["/\\(\\?=/", "(?="],
    ] as const) {
      expect(pattern(text).test(label), text).toBe(true);
    }
  });

  it("equals a pattern with the same text, also after use", () => {
    const used = pattern("/a/i");
    used.test("A");
    expect(isDeepStrictEqual(used, pattern("/a/i"))).toBe(true);
    expect(isDeepStrictEqual(used, pattern("/a/"))).toBe(false);
  });
});
