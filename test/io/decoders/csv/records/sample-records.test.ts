import fc from "fast-check";
import { expect, it } from "vitest";
import { Framer } from "../../../../../src/io/decoders/csv/records/framer.ts";
import { parseRecords } from "../../../../../src/io/decoders/csv/records/parse-records.ts";
import { sampleRecords } from "../../../../../src/io/decoders/csv/records/sample-records.ts";

const pieces = ["a", "1.5", ",", ",", "\n", "\n", "\r\n", "\r", " ", "\t", "é", "°C", "\ufeff"];

it("finds the same cells as csv-parse, with and without quotes", () => {
  let quoted = 0;
  let plain = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...pieces) }, fc.constant('"'))),
      fc.constantFrom("\n", "\r"),
      fc.constantFrom<"utf8" | "latin1">("utf8", "latin1"),
      fc.constantFrom(",", ";", "\t"),
      (texts, newline, encoding, delimiter) => {
        const bytes = Buffer.from(texts.join(""), encoding);
        const [cell, line] = [delimiter, newline].map((mark) => mark.charCodeAt(0)) as [
          number,
          number,
        ];
        const dialect = { delimiter: cell, newline: line, encoding };
        const framer = new Framer({ ...dialect, firstCells: null, cells: null });
        for (const block of [framer.push(bytes), framer.finish()]) {
          if (block.ends.length > 0) bytes.includes('"') ? quoted++ : plain++;
          expect(sampleRecords(block, dialect)).toEqual(parseRecords(block, dialect));
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(Math.min(quoted, plain)).toBeGreaterThan(100);
});
