import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, it } from "vitest";
import { KeyTable } from "../../src/core/key-table.ts";
import type { Layout } from "../../src/core/layout.ts";
import { timeColumn } from "../../src/core/timestamp/time-plan.ts";
import type { Reject } from "../../src/io/decoders/decode-context.ts";
import { Readings } from "../../src/io/readings.ts";
import { expandInputs } from "../../src/io/sources/inputs/expand-inputs.ts";
import { layoutOf, type PlainRow, plainRows } from "../support/read-csv.ts";
import { tempFolder } from "../support/temp-folder.ts";

const stdin = Readable.from([]);

interface Stream {
  readonly rows: readonly (PlainRow & { readonly source: number })[];
  readonly rejects: readonly Reject[];
  readonly notes: readonly string[];
}

async function open(files: Record<string, string>): Promise<Readings> {
  const cwd = await tempFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
  const inputs = await expandInputs(Object.keys(files), { cwd, stdin });
  return Readings.open(inputs, "csv", { rename: {} });
}

async function read(readings: Readings, layout: Partial<Layout> = {}): Promise<Stream> {
  const keys = new KeyTable();
  const rejects: Reject[] = [];
  const notes: string[] = [];
  const rows: (PlainRow & { source: number })[] = [];
  const batches = readings.batches({
    layout: { ...layoutOf(readings.profile), ...layout },
    keys,
    reject: (reject) => rejects.push(reject),
    note: (text) => notes.push(text),
  });
  for await (const batch of batches) {
    rows.push(...plainRows(batch, keys).map((row) => ({ ...row, source: batch.source })));
  }
  return { rows, rejects, notes };
}

it("several inputs are one stream, each in its own dialect, with columns matched by name", async () => {
  const readings = await open({
    "a.csv": "time,sensor_id,a,b,note\n2026-01-01,s1,1.5,2,x\n",
    "b.csv": "b;a;sensor_id;time\n20;1,5;s2;02.01.2026\n21;2,5;s1;03.01.2026\n",
    "c.csv": "extra|time|a|note\n9|2026-01-04|4|y\n9|oops|4|y\n",
  });
  const { rows, rejects, notes } = await read(readings);
  expect(
    rows.map(({ source, row, timestamp, key, numbers, texts }) => [
      source,
      row,
      new Date(timestamp).toISOString().slice(0, 10),
      key,
      ...numbers,
      ...texts,
    ]),
  ).toEqual([
    [0, 1, "2026-01-01", "s1", 1.5, 2, "x"],
    [1, 1, "2026-01-02", "s2", 1.5, 20, ""],
    [1, 2, "2026-01-03", "s1", 2.5, 21, ""],
    [2, 1, "2026-01-04", "readings", 4, Number.NaN, "y"],
  ]);
  expect(rejects).toMatchObject([{ input: "c.csv", line: 3, reason: "bad timestamp" }]);
  expect(notes).toEqual([
    "b.csv: missing columns, taken as empty: note",
    "c.csv: missing columns, taken as empty: sensor_id, b",
    "c.csv: ignored columns: extra",
  ]);
});

it("an unusable input is skipped and reported", async () => {
  const readings = await open({
    "empty.csv": "",
    "a.csv": "time,a\n2026-01-01,1\n",
    "header.csv": "time,a\n",
    "b.csv": "time,a\n2026-01-02,2\n",
  });
  expect(readings.first.label).toBe("a.csv");
  expect(readings.skipped).toEqual(["empty.csv: skipped, the input is empty"]);
  const { rows, notes } = await read(readings);
  expect(rows.map(({ source }) => source)).toEqual([1, 3]);
  expect(notes).toEqual(["header.csv: skipped, a header but no reading (columns: time, a)"]);
});

it("if all inputs are unusable, an error describes the first", async () => {
  await expect(open({ "a.csv": "", "b.csv": "x\n" })).rejects.toMatchObject({
    code: "ERR_DATA",
    at: "a.csv",
    message: "the input is empty",
  });
});

it("an input without a usable row is an error with counts and the first reason", async () => {
  const readings = await open({ "a.csv": "time,a\n2026-01-01,1\n2026-01-02,2\n" });
  const layout = { timestamp: timeColumn("t", "iso8601") };
  await expect(read(readings, layout)).rejects.toMatchObject({
    code: "ERR_DATA",
    message: "no usable row: all were rejected (2 no timestamp)",
    at: "a.csv:2",
    hint: 'The first one: the input has no column "t"',
  });
});

it("every row of a later input without the timestamp column is rejected", async () => {
  const readings = await open({ "a.csv": "time,a\n2026-01-01,1\n", "b.csv": "a\n1\n2\n" });
  const { rows, rejects, notes } = await read(readings);
  expect(rows).toHaveLength(1);
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [2, "no timestamp"],
    [3, "no timestamp"],
  ]);
  expect(notes).toEqual(['b.csv: column "time" is missing: its rows are rejected']);
});

it("without timestamps, time continues from one input to the next", async () => {
  const readings = await open({ "a.csv": "a\n1\n2\n", "b.csv": "a\n3\n4\n" });
  const { rows } = await read(readings);
  expect(rows.map(({ row, timestamp }) => [row, timestamp])).toEqual([
    [1, 0],
    [2, 1000],
    [1, 2000],
    [2, 3000],
  ]);
});

it("all inputs share the dictionary of a text column", async () => {
  const readings = await open({
    "a.csv": "time,a,note\n2026-01-01,1,x\n",
    "b.csv": "time,a,note\n2026-01-02,2,y\n2026-01-03,2,x\n",
  });
  const dictionaries = new Set<unknown>();
  const codes: number[] = [];
  const keys = new KeyTable();
  const ignore = (): void => {};
  for await (const { texts, length } of readings.batches({
    layout: layoutOf(readings.profile),
    keys,
    reject: ignore,
    note: ignore,
  })) {
    dictionaries.add(texts[0]?.values);
    codes.push(...(texts[0]?.codes.subarray(0, length) ?? []));
  }
  expect(dictionaries.size).toBe(1);
  expect(codes).toEqual([0, 1, 0]);
});

it("a recording of 70 MB is read completely in little memory", async () => {
  const cwd = await tempFolder();
  const file = createWriteStream(join(cwd, "long.csv"));
  file.write("time,a,note\n");
  const filler = "x".repeat(460);
  const rows = 150_000;
  for (let i = 0; i < rows; i += 1000) {
    const lines = Array.from(
      { length: 1000 },
      (_, k) => `${1_600_000_000 + i + k},${k},${filler}\n`,
    );
    if (!file.write(lines.join(""))) await once(file, "drain");
  }
  file.end();
  await finished(file);
  const inputs = await expandInputs(["long.csv"], { cwd, stdin });
  const readings = await Readings.open(inputs, "csv", { rename: {} });
  expect(readings.first.size).toBeGreaterThan(70_000_000);
  const ignore = (): void => {};
  const before = process.memoryUsage().rss;
  let read = 0;
  let most = 0;
  for await (const { length } of readings.batches({
    layout: layoutOf(readings.profile),
    keys: new KeyTable(),
    reject: ignore,
    note: ignore,
  })) {
    read += length;
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect(read).toBe(rows);
  expect(readings.first.bytesRead).toBe(readings.first.size);
  expect(most).toBeLessThan(150_000_000);
});
