import fc from "fast-check";
import { expect, it } from "vitest";
import { BlankRuns } from "../../../../../src/io/decoders/csv/bytes/blank-runs.ts";

it("makes one blank of many and none at the ends of lines, however the bytes arrive", () => {
  const text = fc.string({ unit: fc.constantFrom(" ", " ", "a", "7", "\n", "\r\n", "°") });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (content, length) => {
      const bytes = Buffer.from(content);
      const runs = new BlankRuns();
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += length) {
        pieces.push(runs.push(bytes.subarray(at, at + length)));
      }
      const plain = content
        .split(/(\r?\n)/)
        .map((line) => (line.endsWith("\n") ? line : line.replace(/ +/g, " ").replace(/^ /, "")))
        .join("")
        .replace(/ (?=\r?\n)/g, "");
      const read = Buffer.concat(pieces).toString();
      // a blank at the very end waits for what follows
      expect(read).toBe(plain.replace(/ $/, ""));
    }),
  );
});
