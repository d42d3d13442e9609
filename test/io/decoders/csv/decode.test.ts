import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyTable } from "../../../../src/core/key-table.ts";
import { timeColumn } from "../../../../src/core/timestamp/time-plan.ts";
import { readCsv } from "../../../support/read-csv.ts";

const second = (text: string): number => Date.parse(`2026-01-01T00:00:${text}Z`);

/** `[line, reason, detail]` of each reject. */
const facts = (rejects: readonly { line: number; reason: string; detail: string }[]) =>
  rejects.map(({ line, reason, detail }) => [line, reason, detail]);

describe("rows", () => {
  it("are columns of numbers, keys, labels and texts", async () => {
    const { rows, rejects } = await readCsv(
      [
        "timestamp,sensor_id,temperature,note,anomaly",
        '2026-01-01 00:00:00,s1,20.5,"hello, world",0.0',
        "2026-01-01 00:00:01,,NA, b ,1",
        "2026-01-01 00:00:02,s1,-inf,,TRUE",
        '"2026-01-01 00:00:03",s2,"21.5",b,NA',
      ].join("\n"),
    );
    expect(rejects).toEqual([]);
    expect(rows).toEqual([
      row(1, "s1", 20.5, "hello, world", 0),
      row(2, "readings", Number.NaN, "b", 1),
      row(3, "s1", Number.NaN, "", 1),
      row(4, "s2", 21.5, "b", Number.NaN),
    ]);
    function row(n: number, key: string, number: number, text: string, label: number) {
      const timestamp = second(`0${n - 1}`);
      return { row: n, timestamp, key, numbers: [number], labels: [label], texts: [text] };
    }
  });

  it("with decimal commas and day-first dates", async () => {
    const { rows } = await readCsv("Zeit;T [°C];Druck\r\n01.02.2026 12:00;21,5;1.013,25\r\n", {});
    expect(rows[0]).toMatchObject({
      timestamp: Date.parse("2026-02-01T12:00:00Z"),
      numbers: [21.5, 1013.25],
    });
  });

  it("without timestamps are a second apart by row number, including rejected rows", async () => {
    const { rows } = await readCsv("a,b\n1,2\nx,2\n3,4\n5,6\n");
    expect(rows.map(({ row, timestamp }) => [row, timestamp])).toEqual([
      [1, 0],
      [3, 2000],
      [4, 3000],
    ]);
  });

  it("have the right numbers after blank lines, multi-line cells and rejects", async () => {
    const content =
      'time,note,a\n\n2026-01-01,"x\ny\n",1\n  \n2026-01-02,z\n2026-01-03,z,oops\n\n2026-01-04,z,4\n';
    const { rows, rejects } = await readCsv(content);
    expect(rows.map(({ row, numbers }) => [row, numbers[0]])).toEqual([
      [1, 1],
      [4, 4],
    ]);
    expect(rows[0]?.texts).toEqual(["x\ny"]);
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [7, "cell count"],
      [8, "not a number"],
    ]);
  });

  it("are numbered from the header, or from the first line if there is no header", async () => {
    const late = await readCsv("# logger 7\ntime,a,b\n2026-01-01,1,2\n2026-01-02,3,4\n");
    expect(late.rows.map(({ row }) => row)).toEqual([1, 2]);
    expect(late.rejects).toEqual([]);
    const bare = await readCsv("2026-01-01,1,2\n2026-01-02,3\n2026-01-03,3,4\n");
    expect(bare.rows.map(({ row }) => row)).toEqual([1, 3]);
  });

  it("come in batches of at most 32,768, or fewer with many columns", async () => {
    const tall = await readCsv(`a\n${"1\n".repeat(40_000)}`);
    expect(tall.rows).toHaveLength(40_000);
    expect(Math.max(...tall.batchRows)).toBe(32_768);
    const names = Array.from({ length: 5000 }, (_, i) => `c${i}`).join(",");
    const wide = await readCsv(`${names}\n${`${"1,".repeat(4999)}1\n`.repeat(220)}`);
    expect(wide.rows).toHaveLength(220);
    expect(Math.max(...wide.batchRows)).toBeLessThanOrEqual(209);
  }); // more than a million cells

  it("have only the columns of the layout, and NaN for columns that the input lacks", async () => {
    const { rows } = await readCsv("time,a,b\n2026-01-01,1,2\n", {
      layout: { numeric: ["b", "c"], labels: ["truth"], text: ["place"], key: "device" },
    });
    expect(rows[0]).toEqual({
      row: 1,
      timestamp: Date.parse("2026-01-01"),
      key: "readings",
      numbers: [2, Number.NaN],
      labels: [Number.NaN],
      texts: [""],
    });
  });

  it("have numbers as keys if the layout has such a key", async () => {
    const { rows } = await readCsv("time,node,a\n2026-01-01,007,1\n", {
      layout: { key: "node", numeric: ["a"] },
    });
    expect(rows[0]).toMatchObject({ key: "007", numbers: [1] });
  });
});

describe("rejects", () => {
  const good = "2026-01-01 00:00:01,1.5,2\n".repeat(6);

  it.each([
    ["2026-01-01 00:00:01,1.5", "cell count", "2 cells instead of 3"],
    ["2026-01-01 00:00:01,1.5,2,3", "cell count", "4 cells instead of 3"],
    ["hello", "cell count", "1 cell instead of 3"],
    ["2026-01-01 00:00:01,abc,2", "not a number", 'a: "abc" is not a number'],
    ["2026-01-01 00:00:01,1,20 V", "not a number", 'b: "20 V" is not a number'],
    [
      "2026-02-31 00:00:01,1,2",
      "bad timestamp",
      'time: "2026-02-31 00:00:01" is not a time (iso8601)',
    ],
    ["yesterday,1,2", "bad timestamp", 'time: "yesterday" is not a time (iso8601)'],
    [",1,2", "no timestamp", "time: empty"],
    ["NaN,1,2", "no timestamp", "time: empty"],
    ["time,a,b", "repeated header", "the header again, as in joined files"],
    ["2026-01-01 00:00:01,1\0,2", "NUL byte", "the line has a NUL byte"],
    ['2026-01-01 00:00:01,"1,2', "unclosed quote", "a quoted cell has no proper end"],
  ])("%j is rejected: %s, but not the rows after it", async (bad, reason, detail) => {
    const { rows, rejects } = await readCsv(`time,a,b\n${good}${bad}\n${good}`);
    expect(facts(rejects)).toEqual([[8, reason, detail]]);
    expect(rejects[0]).toMatchObject({ input: "readings.csv", text: bad });
    expect(rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]);
  });

  it("are the same at the end of the input without a line break", async () => {
    for (const end of ['2026-01-01,"1', '2026-01-01,"1\n', "2026-01-01 00:0"]) {
      const { rows, rejects } = await readCsv(`time,a,b\n${good}${end}`);
      expect(rows).toHaveLength(6);
      expect(rejects.map(({ line }) => line)).toEqual([8]);
    }
  });

  it("invalid UTF-8 loses only its line", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`time,a,b\n${good}`),
      Buffer.of(0x32, 0xff, 10),
      Buffer.from(good),
    ]);
    const { rows, rejects } = await readCsv(bytes);
    expect(facts(rejects)).toEqual([[8, "invalid UTF-8", "the line has invalid UTF-8"]]);
    expect(rows).toHaveLength(12);
  });

  it("a line of 2 MB loses only itself, also directly after the header", async () => {
    const { rows, rejects } = await readCsv(`time,a,b\n${"9".repeat(2_000_000)}\n${good}`);
    expect(rejects).toMatchObject([{ line: 2, reason: "line too long" }]);
    expect(rejects[0]?.text).toHaveLength(4096);
    expect(rows.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it("a label that is neither true nor false", async () => {
    const { rejects } = await readCsv(
      `time,a,label\n${"2026-01-01,1,0\n".repeat(5)}2026-01-01,1,2\n`,
      {
        layout: { labels: ["label"], numeric: ["a"] },
      },
    );
    expect(facts(rejects)).toEqual([[7, "not a label", 'label: "2" is not 0, 1, true or false']]);
  });

  it("keys above the limit, and keys that are too long", async () => {
    const lines = ["s1,1", "s2,2", "s3,3", "s1,4", `${"k".repeat(300)},5`];
    const { rows, rejects } = await readCsv(`sensor_id,a\n${lines.join("\n")}\n`, {
      keys: new KeyTable(2),
    });
    expect(rows.map(({ key }) => key)).toEqual(["s1", "s2", "s1"]);
    expect(facts(rejects)).toEqual([
      [4, "too many keys", 'sensor_id: "s3" would be key 3, the limit is 2'],
      [6, "key too long", "sensor_id: a key of 300 characters, the limit is 256"],
    ]);
  });

  it("a timestamp column that the input does not have", async () => {
    const { rows, rejects } = await readCsv("a,b\n1,2\n", {
      layout: { timestamp: timeColumn("time", "iso8601") },
    });
    expect(rows).toEqual([]);
    expect(facts(rejects)).toEqual([[2, "no timestamp", 'the input has no column "time"']]);
  });

  it("come in the order of the lines", async () => {
    const { rejects } = await readCsv(
      `time,a,b\n${good}x,1,2\nx\n2026-01-01,x,2\n\0\n,1,2\n${good}`,
    );
    expect(rejects.map(({ line }) => line)).toEqual([8, 9, 10, 11, 12]);
  });
});

describe("any input", () => {
  const bad = fc.constantFrom(
    ...["x,1,2", "1", '"', 'a,"b', '"a" b,"c",1', ",,,", "2026-01-01,1\0,2", "\r", " ", "time,a,b"],
    ...["2026-01-01,é,2", "2026-01-01,NA,", '"2026-01-01","1\n","2"', '2026-01-01,1,2"', "\ufeff"],
  );
  const fine = fc
    .tuple(fc.integer({ min: 0, max: 59 }), fc.double({ noNaN: true }), fc.integer())
    .map(([s, a, b]) => `2026-01-01 00:00:${String(s).padStart(2, "0")},${a},${b}`);
  const lines = fc.array(fc.oneof({ weight: 3, arbitrary: fine }, { weight: 1, arbitrary: bad }), {
    maxLength: 30,
  });
  const newline = fc.constantFrom("\n", "\r\n");
  const content = fc
    .tuple(lines, newline)
    .map(([rest, end]) => ["time,a,b", "2026-01-01,1,2", "2026-01-01,3,4", ...rest].join(end));

  it("gives the same rows and rejects, however its bytes are split", async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.nat(1500), { maxLength: 10 }), async (text, cuts) => {
        const whole = await readCsv(text);
        const pieces = await readCsv(text, { cuts });
        expect(pieces.rows).toEqual(whole.rows);
        expect(pieces.rejects).toEqual(whole.rejects);
      }),
    );
  });

  it("gives every row once, as a reading or as a reject", async () => {
    await fc.assert(
      fc.asyncProperty(content, async (text) => {
        const { rows, rejects } = await readCsv(text);
        const numbers = rows.map(({ row }) => row);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        expect(numbers.at(-1) ?? 0).toBeLessThanOrEqual(rows.length + rejects.length);
      }),
      { examples: [["time,a,b\n2026-01-01,1,2\n2026-01-01,3,4\ntime,a,b\ntime,a,b"]] },
    );
  });

  it("gives the same rows as csv-parse for clean tables", async () => {
    const cells = fc.tuple(
      fc.integer({ min: 0, max: 4e12 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ maxLength: 12 }).filter((text) => !text.includes("\0")),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(cells, { minLength: 1, maxLength: 20 }),
        newline,
        async (table, end) => {
          const lines = table.map(
            ([time, a, note, quoted]) =>
              `${new Date(time).toISOString()},${quoted ? `"${a}"` : a},"${note.replaceAll('"', '""')}"`,
          );
          const text = ["time,a,note", ...lines].join(end);
          const { rows, rejects } = await readCsv(text, {
            layout: { numeric: ["a"], text: ["note"] },
          });
          expect(rejects).toEqual([]);
          const [, ...theirs] = parse(text);
          expect(rows.map(({ timestamp, numbers }) => [timestamp, numbers[0]])).toEqual(
            theirs.map(([time = "", a = ""]) => [Date.parse(time), Number(a)]),
          );
          expect(rows.map(({ texts }) => texts[0])).toEqual(
            theirs.map(([, , note = ""]) =>
              note.trim().replace(/^"(.*)"$/s, (_, inner: string) => inner.trim()),
            ),
          );
        },
      ),
    );
  });
});
