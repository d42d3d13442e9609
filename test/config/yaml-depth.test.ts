import fc from "fast-check";
import { expect, it } from "vitest";
import { parseYaml } from "../../src/config/document.ts";
import { tooDeepAt } from "../../src/config/yaml-depth.ts";

const TOO_DEEP = [{ message: "lists and sections are nested more than 100 levels deep" }];
const faultsOf = (text: string) => parseYaml(text, "p.yaml").faults;

it.each([
  [100, -1],
  [101, 101],
  [150, 101],
  [5000, 201],
])("a YAML text of %i levels of brackets has its fault at column %i", (levels, column) => {
  const faults = faultsOf("[".repeat(levels) + "]".repeat(levels));
  expect(faults).toMatchObject(column < 0 ? [] : [{ at: `p.yaml:1:${column}`, ...TOO_DEEP[0] }]);
});

it.each(["{", '{"a":', "- ", "? ", "- ? ", "- - a: ", "- &a ", "!!seq - "])(
  "a YAML text of many %j is refused before it is parsed",
  (part) => {
    expect(faultsOf(part.repeat(100_000))).toMatchObject(TOO_DEEP);
  },
);

it("brackets in texts, comments and block texts are no levels", () => {
  const many = "[".repeat(500);
  const text = `a: "${many}"\nb: x${many}\n# ${many}\nc: |\n  ${many}\n'${many}': 1\n`;
  expect(faultsOf(text)).toEqual([]);
});

it("a YAML text of up to 90 levels passes, however they are written", () => {
  const kind = fc.constantFrom("map", "list", "indented list", "brackets");
  fc.assert(
    fc.property(fc.array(kind, { maxLength: 90 }), (kinds) => {
      expect(tooDeepAt(nested(kinds), 100)).toBe(-1);
      expect(faultsOf(nested(kinds))).toEqual([]);
    }),
  );
});

/** A text with a level of each kind, the outermost first; inside brackets all are brackets. */
function nested(kinds: readonly string[]): string {
  let text = "";
  let indent = 0;
  const flowAt = kinds.indexOf("brackets");
  const block = flowAt < 0 ? kinds : kinds.slice(0, flowAt);
  for (const kind of block) {
    text += `${" ".repeat(indent)}${kind === "map" ? "key:" : "-"}\n`;
    indent += kind === "list" ? 1 : 2;
  }
  const rest = kinds.length - block.length;
  return `${text}${" ".repeat(indent)}${"[".repeat(rest)}1${"]".repeat(rest)}\n`;
}
