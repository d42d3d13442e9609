import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Framer, type Framing } from "../../../../../src/io/decoders/csv/records/framer.ts";
import { parseRecords } from "../../../../../src/io/decoders/csv/records/parse-records.ts";
import { recordText } from "../../../../../src/io/decoders/csv/records/record-block.ts";

const COMMA = ",".charCodeAt(0);
const LF = 10;
const MIB = 1_048_576;

const framing = (cells: number | null): Framing => ({
  delimiter: COMMA,
  newline: LF,
  encoding: "utf8",
  firstCells: cells,
  cells,
});

interface Framed {
  readonly records: readonly { line: number; cells: readonly string[] }[];
  readonly faults: readonly { line: number; reason: string; text: string }[];
}

function frame(pieces: readonly Uint8Array[], how: Framing): Framed {
  const framer = new Framer(how);
  const records: { line: number; cells: readonly string[] }[] = [];
  const faults: { line: number; reason: string; text: string }[] = [];
  for (const block of [...pieces.map((piece) => framer.push(piece)), framer.finish()]) {
    for (const [i, cells] of parseRecords(block, how).entries()) {
      records.push({ line: block.lines[i] as number, cells });
    }
    faults.push(...block.faults.map(({ line, reason, text }) => ({ line, reason, text })));
  }
  return { records, faults };
}

const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  edges.sort((a, b) => a - b);
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge));
};

/** Bytes that make trouble, in any order. */
const soup = fc
  .array(
    fc.constantFrom(
      ...["a", "1.5", '"', '""', ",", ",", "\n", "\n", "\r\n", "\r", " ", "\t", "é", "°C"].map(
        (text) => Buffer.from(text),
      ),
      Buffer.of(0),
      Buffer.of(0xff),
      Buffer.of(0xc3),
      Buffer.of(0xef, 0xbb, 0xbf),
    ),
    { maxLength: 80 },
  )
  .map((parts) => Buffer.concat(parts));

describe("Framer", () => {
  it("gives the same records and faults, however the bytes are split", () => {
    fc.assert(
      fc.property(
        soup,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(null, 1, 2, 3),
        (bytes, cuts, cells) => {
          const whole = frame([bytes], framing(cells));
          expect(frame(cutAt(bytes, cuts), framing(cells))).toEqual(whole);
          const singles = Array.from(bytes, (byte) => Buffer.of(byte));
          expect(frame(singles, framing(cells))).toEqual(whole);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("finds the same records as csv-parse in any well-formed table", () => {
    const cell = fc
      .array(fc.constantFrom("a", "1", " ", ",", '"', "\n", "\r\n", ";", "é"), { maxLength: 6 })
      .map((parts) => parts.join(""));
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 20 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n"), fc.boolean(), (rows, newline, last) => {
        const quoted = rows.map((row) =>
          row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","),
        );
        const text = quoted.join(newline) + (last ? newline : "");
        const { records, faults } = frame([Buffer.from(text)], framing(3));
        expect(faults).toEqual([]);
        expect(records.map(({ cells }) => cells)).toEqual(rows);
        let line = 1;
        for (const [i, record] of records.entries()) {
          expect(record.line).toBe(line);
          line += (quoted[i] as string).split("\n").length;
        }
      }),
    );
  });

  it("leaves stray quotes in a line to csv-parse, which finds the same line", () => {
    const line = fc
      .array(fc.constantFrom("a", '"', '""', ",", " ", "1"), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const { records } = frame([Buffer.from(lines.join("\n"))], framing(null));
        for (const { line: number, cells } of records) {
          const one = lines[number - 1] as string;
          const alone = frame([Buffer.from(one)], framing(null));
          if (alone.records.length === 0) continue;
          expect(cells).toEqual(
            parse(one, { relax_quotes: true, relax_column_count: true }).flat(),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("loses only the first line of a quote that is never closed", () => {
    const text = 'a,1\n"b,2\nc,3\nd,4';
    const { records, faults } = frame([Buffer.from(text)], framing(2));
    expect(records.map(({ line }) => line)).toEqual([1, 3, 4]);
    expect(faults).toEqual([{ line: 2, reason: "unclosed quote", text: '"b,2' }]);
  });

  it("loses one line for each of two missing quotes", () => {
    const text = 'a,1\nx,"b\nc,3\ny,"d\ne,5\n';
    const { records, faults } = frame([Buffer.from(text)], framing(2));
    expect(records.map(({ line }) => line)).toEqual([1, 3, 5]);
    expect(faults.map(({ line }) => line)).toEqual([2, 4]);
  });

  it("ends a quoted cell whose record has the wrong number of cells", () => {
    const text = 'a,1\nx,"b\nc,3\nd,4"\n';
    const { records, faults } = frame([Buffer.from(text)], framing(2));
    expect(faults).toEqual([]);
    expect(records[1]?.cells).toEqual(["x", "b\nc,3\nd,4"]);
    const wide = frame([Buffer.from('a,1,\nx,"b\nc,3,\nd,4,"\n')], framing(3));
    expect(wide.records.map(({ line }) => line)).toEqual([1, 3]);
    expect(wide.faults.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "unclosed quote"],
      [4, "unclosed quote"],
    ]);
  });

  it("accepts at most 64 lines in a quoted cell", () => {
    const cell = (lines: number): Buffer => Buffer.from(`"${"\n".repeat(lines - 1)}",1\n`);
    expect(frame([cell(64)], framing(2)).records.map(({ line }) => line)).toEqual([1]);
    expect(frame([cell(65)], framing(2)).faults[0]).toMatchObject({
      line: 1,
      reason: "unclosed quote",
    });
  });

  it("rejects a line over 1 MiB and keeps only its start", () => {
    const long = Buffer.concat([
      Buffer.from("a,1\nb,"),
      Buffer.alloc(2 * MIB, "7"),
      Buffer.from("\nc,3\n"),
    ]);
    const pieces = cutAt(long, [5, 100_000, 700_001, 1_500_000, 2_000_000]);
    for (const input of [[long], pieces]) {
      const { records, faults } = frame(input, framing(2));
      expect(records.map(({ line }) => line)).toEqual([1, 3]);
      expect(faults).toEqual([{ line: 2, reason: "line too long", text: `b,${"7".repeat(4094)}` }]);
    }
    const exact = Buffer.concat([Buffer.from("b,"), Buffer.alloc(MIB - 2, "7"), Buffer.from("\n")]);
    expect(frame([exact], framing(2)).records).toHaveLength(1);
  });

  it("rejects a line over 1 MiB at the end of the input", () => {
    const { records, faults } = frame(
      [Buffer.from("a,1\n"), Buffer.alloc(MIB + 1, "x")],
      framing(2),
    );
    expect(records).toHaveLength(1);
    expect(faults).toMatchObject([{ line: 2, reason: "line too long" }]);
  });

  it("loses only the first line of a quoted cell over 1 MiB", () => {
    const lines = `${"x".repeat(100_000)}\n`.repeat(12);
    const { records, faults } = frame([Buffer.from(`a,1\n"${lines}b,2\n`)], framing(2));
    expect(records.map(({ line }) => line)).toEqual([1, 14]);
    expect(faults[0]).toMatchObject({ line: 2, reason: "unclosed quote" });
    expect(faults.slice(1).every(({ reason }) => reason === "cell count")).toBe(true);
  });

  it("rejects only lines with NUL bytes, invalid UTF-8 or a wrong number of cells", () => {
    const bytes = Buffer.concat([
      Buffer.from("a,1\n\nb\0,2\n"),
      Buffer.of(0xff, 0xfe),
      Buffer.from(",3\né,4\ne\n  \t \nf,6,7\ng,8,\n"),
    ]);
    const { records, faults } = frame([bytes], framing(2));
    expect(records.map(({ line }) => line)).toEqual([1, 5, 9]);
    expect(faults.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "NUL byte"],
      [4, "invalid UTF-8"],
      [6, "cell count"],
      [8, "cell count"],
    ]);
  });

  it("drops a byte order mark", () => {
    const bytes = Buffer.from("\ufeffa,1\n");
    expect(frame([bytes], framing(2)).records[0]?.cells).toEqual(["a", "1"]);
    expect(frame([Buffer.from("a")], framing(1)).records[0]?.cells).toEqual(["a"]);
  });
});

it("recordText truncates long records and removes the line break", () => {
  expect(recordText(Buffer.from("a,b\r\n"), "utf8")).toBe("a,b");
  expect(recordText(Buffer.alloc(5000, "x"), "utf8")).toHaveLength(4096);
});
