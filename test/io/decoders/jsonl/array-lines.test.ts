import fc from "fast-check";
import { expect, it } from "vitest";
import { ArrayLines, isObjectArray } from "../../../../src/io/decoders/jsonl/array-lines.ts";

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), {
  minLength: 1,
});

it("each object of an array becomes a line, in chunks of any size and any indentation", () => {
  fc.assert(
    fc.property(objects, fc.nat(4), fc.integer({ min: 1, max: 40 }), (array, indent, size) => {
      const bytes = Buffer.from(`\ufeff ${JSON.stringify(array, null, indent)}\r\n`);
      expect(isObjectArray(bytes)).toBe(true);
      const lines = new ArrayLines();
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        parts.push(lines.push(bytes.subarray(at, at + size)));
      }
      const text = Buffer.concat(parts).toString();
      expect(
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ).toEqual(array.map((object) => JSON.parse(JSON.stringify(object))));
    }),
  );
});

it("a cut text costs only its line", () => {
  const text = new ArrayLines().push(Buffer.from('[{"a":1},\n{"a":"x\n},\n{"a":3}]')).toString();
  expect(text.split("\n")).toEqual(['{"a":1}', '{"a":"x', "}", '{"a":3}', ""]);
});

it.each(["[1, 2]", '{"a": [{"b": 1}]}', "[[{}]]", "time,a", ""])(
  "%j is no array of objects",
  (text) => {
    expect(isObjectArray(Buffer.from(text))).toBe(false);
  },
);
