import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IotmonError } from "../../../../../src/core/errors.ts";
import { KeyTable } from "../../../../../src/core/key-table.ts";
import { csv } from "../../../../../src/io/decoders/csv/csv.ts";
import type { Reject } from "../../../../../src/io/decoders/decode-context.ts";
import { TextDictionary } from "../../../../../src/io/decoders/rows/text-dictionary.ts";
import { readAllByCsvParse } from "../../../../support/csv-parse-oracle.ts";
import { layoutOf, plainRows, readCsv } from "../../../../support/read-csv.ts";

/** What csv-parse alone makes of the input. */
function readSlowly(bytes: Buffer, keys: KeyTable) {
  const profile = csv.profile(bytes, true, "readings.csv", { rename: {} });
  const layout = layoutOf(profile);
  const rejects: Reject[] = [];
  const batches = readAllByCsvParse(bytes, profile, {
    layout,
    keys,
    dictionaries: layout.text.map(() => new TextDictionary()),
    startMs: 0,
    source: 0,
    input: "readings.csv",
    reject: (reject) => rejects.push(reject),
  });
  return { rows: batches.flatMap((batch) => plainRows(batch, keys)), rejects };
}

const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: count, maxLength: count });
const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -99_999, max: 99_999 }).map((n) => `${n / 1000}`) },
  { weight: 2, arbitrary: fc.double({ noDefaultInfinity: true }).map(String) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(digits(3), fc.integer({ min: 9, max: 16 }).chain(digits))
      .map((parts) => parts.join(".")),
  },
  fc.constantFrom("", "NA", "-", "null", " 1.5", "2 ", "+3", "-0", ".5", "5.", "1e3", "-1.25E-7"),
  fc.constantFrom("123456789012345", "1234567890123456", "1,5", "1.013,25", '"7.5"', '" 8 "'),
  fc.constantFrom("TRUE", "false", "x", "--", "+", ".", "1.2.3", "inf", "-Infinity", "1e999"),
  fc.constantFrom("\t1", "1\t", "é", "\u00a01", "1\r"),
);
const time = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .integer({ min: 0, max: 59 })
      .map((s) => `2026-02-28 23:59:${`${s}`.padStart(2, "0")}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 0, max: 10 })
      .chain(digits)
      .map((part) => `2026-02-28T23:59:07.${part}`),
  },
  fc.constantFrom("2026-02-28T12:00:00Z", "2026-03-01", "2026-03-01 9:30", "2026-03-01T09:30"),
  fc.constantFrom("2026-03-01T09:30:15+02:00", "2026-03-01 09:30Z", "2026-12-31 23:59:60"),
  fc.constantFrom(
    "2026/03/01 10:00",
    "2026-03-01t00:00:00",
    "2026-01-01 00:00:00,5",
    '"2026-01-01 00:00"',
  ),
  fc.constantFrom(
    "2026-02-30 00:00:00",
    "2026-01-01 24:00:00",
    "2026-01-01 00:00:0",
    "",
    " 2026-01-01 ",
    "NaN",
  ),
);
const key = fc.constantFrom(
  "s1",
  "s2",
  "s3",
  "",
  " s1 ",
  '"s1"',
  '"s 4"',
  "é",
  "温度",
  "k".repeat(300),
);
const label = fc.constantFrom("0", "1", "0.0", "true", "", "2", "NA");
const note = fc.constantFrom("", "ok", "a b", '"x, y"', "é", '""');
const plain = fc.tuple(time, key, number, number, note, label).map((cells) => cells.join(","));
const odd = fc.oneof(
  fc.constantFrom("", " ", "\r", ",", ",,,,,", ",,,,,,", '"', "x", "time,sensor_id,a,b,note,label"),
  fc
    .constantFrom('"say ""hi"""', '"two\nlines"', '"open', 'in"ner', '"a"b', "1\0")
    .map((cell) => `2026-01-01,s1,1,2,${cell},0`),
  fc.tuple(plain, fc.constantFrom(",", ",1", ",\r", '"')).map((parts) => parts.join("")),
);
const HEADER = "time,sensor_id,a,b,note,label";
const PROPER = [
  "2026-01-01 00:00:00,s1,1.5,2,ok,0",
  "2026-01-01 00:00:01,s2,1.25,-3,hm,1",
  "2026-01-01 00:00:02,s2,1.25,-3,hm,0",
];
const content = (line: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.array(line, { maxLength: 60 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
    .map(([lines, newline, ended]) =>
      [HEADER, ...PROPER, ...lines].join(newline).concat(ended ? newline : ""),
    )
    .filter(hasNumbers);

/** Whether a column has enough numbers: an input without one is refused before its lines are read. */
function hasNumbers(text: string): boolean {
  try {
    csv.profile(Buffer.from(text), true, "readings.csv", { rename: {} });
    return true;
  } catch (error) {
    if (error instanceof IotmonError && error.message.startsWith("no numeric column")) return false;
    throw error;
  }
}

async function expectSame(bytes: Buffer, cuts: readonly number[] = []): Promise<void> {
  const fast = await readCsv(bytes, { cuts, keys: new KeyTable(5) });
  const slow = readSlowly(bytes, new KeyTable(5));
  expect(fast.rejects).toEqual(slow.rejects);
  expect(fast.rows).toEqual(slow.rows);
}

describe("lines that are read from bytes", () => {
  const cuts = fc.array(fc.nat(5000), { maxLength: 6 });

  it("give the same rows and rejects as csv-parse, for any cells", async () => {
    await fc.assert(
      fc.asyncProperty(content(plain), cuts, (text, at) => expectSame(Buffer.from(text), at)),
      { numRuns: 300 },
    );
  });

  it("do so between lines that csv-parse must read", async () => {
    const line = fc.oneof({ weight: 15, arbitrary: plain }, odd);
    await fc.assert(
      fc.asyncProperty(content(line), cuts, (text, at) => expectSame(Buffer.from(text), at)),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      "Latin-1",
      Buffer.from("Zeit;T \xb0C;Ort\n", "latin1"),
      Buffer.from("1.2.2026 10:00;1,5;K\xfcche\n1.2.2026 10:01;-2,25;Bad\nx;1;\n", "latin1"),
    ],
    [
      "tabs",
      Buffer.from("t\ta\n"),
      Buffer.from("2026-01-01 00:00\t1\n2026-01-01 00:01\t 2\t\n\n2026-01-01 00:02\t3\t4\n"),
    ],
    [
      "lone carriage returns",
      Buffer.from("time,a\r"),
      Buffer.from("2026-01-01,1\r\r2026-01-02,x\r2026-01-03,3\r"),
    ],
    ["one column", Buffer.from("a\n"), Buffer.from('1\n \n2\n\t\n"3"\n""\n\nNA\nx\n4,\n5\n')],
    ["decimal commas", Buffer.from("a;b\n"), Buffer.from("1;2\n1e5;,5\n1.000,5;2\n1.000;3\n")],
    [
      "epochs",
      Buffer.from("ts,a\n"),
      Buffer.from("1767225600,1\n1767225601.5,2\n,3\n1767225602,4\n"),
    ],
    [
      "invalid UTF-8",
      Buffer.from("time,a,note\n"),
      Buffer.from("2026-01-01,1,x\n2026-01-02,2,\xc3\n2026-01-03,3,y\n", "latin1"),
    ],
    [
      "NUL bytes",
      Buffer.from("time,a,note\n"),
      Buffer.from("2026-01-01,1,x\n2026-01-02,2,\0\n2026-01-03,3,y\n"),
    ],
  ])("do so with %s", async (_, header, body) => {
    const bytes = Buffer.concat([header, ...Array.from({ length: 40 }, () => body)]);
    await expectSame(bytes);
    expect((await readCsv(bytes)).rows.length).toBeGreaterThan(40);
  });

  it("do so over many blocks with few or only unusual lines", async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => {
      const time = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString();
      if (i % 997 === 5) return `${time},s1,"1",2,"a ""b""",0`;
      if (i % 1501 === 7) return `${time},s1,oops,2,"never closed,0`;
      if (i > 20_000) return `${time},s${i % 7},${i / 8},2,"a, ""b""",0`;
      return `${time},s${i % 7},${i / 8},${-i},note ${i % 50},${i % 2}`;
    });
    const bytes = Buffer.from(["time,sensor_id,a,b,note,label", ...lines].join("\n"));
    await expectSame(
      bytes,
      Array.from({ length: 40 }, (_, i) => i * 65_536),
    );
  });
});
