import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { KeyTable } from "../../../../src/core/key-table.ts";
import type { Layout } from "../../../../src/core/layout.ts";
import { Readings } from "../../../../src/io/readings.ts";
import { stdinInput } from "../../../../src/io/sources/stdin.ts";
import { Random } from "../../../support/random.ts";

const CONSTANT = {
  timestamp: null,
  key: null,
  constantKey: "it",
  labels: [],
  text: [],
  constants: {},
};

interface ReadText {
  readonly values: readonly (readonly number[])[];
  readonly rejected: readonly number[];
  readonly notes: readonly string[];
}

/** Reads a text in chunks of a size. */
async function read(
  text: string,
  columns: readonly string[],
  { size = 1_000_000, format = "auto" } = {},
): Promise<ReadText> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const readings = await Readings.open([stdinInput(Readable.from(chunks))], format, { rename: {} });
  const layout: Layout = { ...CONSTANT, numeric: columns };
  const values: number[][] = [];
  const rejected: number[] = [];
  const notes: string[] = [];
  const batches = readings.batches({
    layout,
    keys: new KeyTable(1),
    reject: ({ line }) => void rejected.push(line),
    note: (note) => void notes.push(note),
  });
  for await (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      values.push([batch.rows[i] as number, ...batch.columns.map((column) => column[i] as number)]);
    }
  }
  return { values, rejected, notes };
}

const random = new Random(7);
const cells = (count: number): string =>
  Array.from({ length: count }, () => (20 + random.normal()).toFixed(2)).join(",");
const lines = (count: number, line: () => string): string[] => Array.from({ length: count }, line);

it("reads lines with more cells once most of 50 are rejected, and says so", async () => {
  const text = [...lines(150, () => cells(2)), ...lines(150, () => cells(3))].join("\n");
  const { values, rejected, notes } = await read(text, ["column_1", "column_2"]);
  expect(rejected).toEqual(Array.from({ length: 26 }, (_, i) => 151 + i));
  const all = text
    .split("\n")
    .map((line, i) => [i + 1, ...line.split(",").slice(0, 2).map(Number)]);
  expect(values).toEqual([...all.slice(0, 150), ...all.slice(176)]);
  expect(notes).toEqual([
    "stdin: most lines up to line 176 are rejected: they look like csv with column_1, column_2, column_3, and are read as that from now on",
  ]);
});

it("changes between any two formats that have the same columns", async () => {
  const value = (): string => (20 + random.normal()).toFixed(2);
  const writers: Record<string, () => string> = {
    jsonl: () => `{"temp":${value()}}`,
    keyvalue: () => `temp: ${value()} hum: ${value()}`,
    influx: () => `room temp=${value()}`,
  };
  for (const [from, first] of Object.entries(writers)) {
    for (const [to, second] of Object.entries(writers)) {
      if (from === to) continue;
      const text = [...lines(150, first), ...lines(150, second)].join("\n");
      const { values, rejected } = await read(text, ["temp"]);
      expect([from, to, values.length, rejected.length]).toEqual([from, to, 274, 26]);
      expect(values.at(-1)?.[0]).toBe(300);
    }
  }
});

it("does not change a format that is set, or to columns that the pipeline does not read", async () => {
  const two = [...lines(150, () => cells(2)), ...lines(150, () => cells(3))].join("\n");
  const set = await read(two, ["column_1"], { format: "csv" });
  expect([set.values.length, set.notes[0]]).toEqual([
    150,
    expect.stringContaining("but the format is set to csv: change it, or remove it"),
  ]);
  const other = [
    ...lines(150, () => `{"temp":${cells(1)}}`),
    ...lines(150, () => `speed=${cells(1)}`),
  ];
  const unread = await read(other.join("\n"), ["temp"]);
  expect([unread.values.length, unread.notes[0]]).toEqual([
    150,
    expect.stringContaining("but the pipeline reads temp"),
  ]);
});

it("does not take another quantity for a column without a name", async () => {
  const shifted = [...lines(150, () => cells(2)), ...lines(150, () => `1400,${cells(2)}`)].join(
    "\n",
  );
  const { values, notes } = await read(shifted, ["column_1", "column_2"]);
  expect([values.length, notes[0]]).toEqual([
    150,
    expect.stringContaining("but have other values in column_1"),
  ]);
});

it("does not depend on the chunks", async () => {
  const noise = fc.constantFrom("1,2", "1.5,2.5,3.5", "x", '"1","2"', "", "# note", "1,2,3,4");
  const text = fc
    .array(fc.tuple(noise, fc.integer({ min: 1, max: 60 })), { minLength: 2, maxLength: 8 })
    .map((parts) =>
      ["1.1,2.1", ...parts.flatMap(([line, times]) => lines(times, () => line))].join("\n"),
    );
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 300 }), async (content, size) => {
      const columns = ["column_1", "column_2"];
      const whole = await read(content, columns).catch((error: Error) => error.message);
      const pieces = await read(content, columns, { size }).catch((error: Error) => error.message);
      expect(pieces).toEqual(whole);
    }),
    { numRuns: 150 },
  );
});
