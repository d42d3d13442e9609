import fc from "fast-check";
import pl from "nodejs-polars";
import { describe, expect, it } from "vitest";
import { ReadingBuffer } from "../../src/buffer/reading-buffer.ts";
import type { Batch } from "../../src/core/batch.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import type { Layout } from "../../src/core/layout.ts";
import { timeColumn } from "../../src/core/timestamp/time-plan.ts";

interface Row {
  readonly ms: number;
  readonly key: string;
  readonly temperature: number | null;
  readonly humidity: number | null;
  readonly label: number | null;
  readonly note: string | null;
}

const layout: Layout = {
  timestamp: timeColumn("time", "iso8601"),
  key: "sensor",
  constantKey: "bench",
  numeric: ["temperature", "air humidity"],
  labels: ["anomaly"],
  text: ["note"],
  constants: { site: "north" },
};

function toBatch(rows: readonly Row[], keys: KeyTable, dictionary: string[]): Batch {
  const number = (pick: (row: Row) => number | null) =>
    Float64Array.from(rows, (row) => pick(row) ?? Number.NaN);
  const code = (text: string) => {
    if (!dictionary.includes(text)) dictionary.push(text);
    return dictionary.indexOf(text);
  };
  return {
    length: rows.length,
    timestamps: Float64Array.from(rows, (row) => row.ms),
    keys: Uint32Array.from(rows, (row) => keys.intern(row.key)),
    columns: [number((row) => row.temperature), number((row) => row.humidity)],
    labels: [number((row) => row.label)],
    texts: [{ codes: Uint32Array.from(rows, (row) => code(row.note ?? "")), values: dictionary }],
    rows: Uint32Array.from(rows, (_, i) => i + 1),
    source: 0,
  };
}

const asRecord = (row: Row) => ({
  time: new Date(row.ms),
  sensor: row.key,
  temperature: row.temperature,
  "air humidity": row.humidity,
  anomaly: row.label,
  note: row.note,
  site: "north",
});

const sample = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { freq: 8 });
const anyRow: fc.Arbitrary<Row> = fc.record({
  ms: fc.integer({ min: 0, max: 2e12 }),
  key: fc.constantFrom("a", "b", "温度 😀"),
  temperature: sample,
  humidity: sample,
  label: fc.constantFrom(0, 1, null),
  note: fc.option(fc.constantFrom("ok", "door open", "x, y"), { freq: 3 }),
});
const batches = fc.array(fc.array(anyRow, { maxLength: 60, size: "max" }), {
  maxLength: 8,
  size: "max",
});

function filled(parts: readonly (readonly Row[])[], maxRows: number) {
  const keys = new KeyTable();
  const buffer = new ReadingBuffer(layout, keys, { maxRows });
  const dictionaries: string[][] = [[], ["unused"]];
  const evicted = parts.map((part, i) => {
    return buffer.append(toBatch(part, keys, dictionaries[i % 2] as string[]));
  });
  return { buffer, evicted };
}

/** A frame takes milliseconds: shrinking a counterexample would go on for minutes. */
const runs = { numRuns: 30, interruptAfterTimeLimit: 15_000 };

const counter = (ms: number, key = "a"): Row => ({
  ms,
  key,
  temperature: ms,
  humidity: null,
  label: 0,
  note: null,
});
const counters = (count: number, first = 0): Row[] =>
  Array.from({ length: count }, (_, i) => counter(first + i));

describe("ReadingBuffer", () => {
  it("holds the same rows as a plain list of the newest rows, however rows are split", () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 200 }), (parts, maxRows) => {
        const { buffer, evicted } = filled(parts, maxRows);
        const all = parts.flat();
        const kept = all.slice(-maxRows);
        expect(buffer.frame().toRecords()).toEqual(kept.map(asRecord));
        expect(buffer.rows).toBe(kept.length);
        expect(buffer.appended).toBe(all.length);
        expect(buffer.evicted).toBe(all.length - kept.length);
        expect(evicted.reduce((sum, rows) => sum + rows, 0)).toBe(buffer.evicted);
      }),
      runs,
    );
  });

  it("answers tail, forKey, since and samples as the plain list does", () => {
    fc.assert(
      fc.property(
        batches,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 2e12 }),
        (parts, maxRows, n, ms) => {
          const { buffer } = filled(parts, maxRows);
          const kept = parts.flat().slice(-maxRows);
          const newest = (rows: readonly Row[]) => rows.slice(Math.max(0, rows.length - n));
          const ofB = kept.filter((row) => row.key === "b");
          expect(buffer.tail(n).toRecords()).toEqual(newest(kept).map(asRecord));
          expect(buffer.forKey("b").toRecords()).toEqual(ofB.map(asRecord));
          expect(buffer.readings(n, "b")).toEqual(newest(ofB).map(asRecord));
          expect(buffer.select({ sinceMs: ms }).toRecords()).toEqual(
            kept.filter((row) => row.ms >= ms).map(asRecord),
          );
          expect([...buffer.samples("b", "temperature", n)]).toEqual(
            newest(ofB).map((row) => row.temperature ?? Number.NaN),
          );
        },
      ),
      runs,
    );
  });

  it("gives the same frame whether or not it was looked at after every append", () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 200 }), (parts, maxRows) => {
        const keys = new KeyTable();
        const watched = new ReadingBuffer(layout, keys, { maxRows });
        const dictionary: string[] = [];
        for (const part of parts) {
          watched.append(toBatch(part, keys, dictionary));
          watched.frame();
        }
        const { buffer } = filled(parts, maxRows);
        expect(watched.frame().toRecords()).toEqual(buffer.frame().toRecords());
      }),
      runs,
    );
  });

  it("makes real Polars frames with the types of the columns", () => {
    const { buffer } = filled([counters(3)], 10);
    const frame = buffer.frame();
    expect(pl.DataFrame.isDataFrame(frame)).toBe(true);
    const types = Object.entries(frame.schema).map(([name, type]) => `${name}: ${type}`);
    expect(types).toEqual([
      "time: DataType(Datetime(ms,))",
      "sensor: DataType(String)",
      "temperature: DataType(Float64)",
      "air humidity: DataType(Float64)",
      "anomaly: DataType(Float64)",
      "note: DataType(String)",
      "site: DataType(String)",
    ]);
  });

  it("has the same columns when it is empty or the key is unknown", () => {
    const { buffer } = filled([counters(3)], 10);
    const empty = new ReadingBuffer(layout, new KeyTable(), { maxRows: 10 });
    expect(empty.frame().height).toBe(0);
    expect(empty.frame().schema).toEqual(buffer.frame().schema);
    expect(buffer.forKey("nobody").columns).toEqual(buffer.frame().columns);
    expect(buffer.samples("nobody", "temperature")).toEqual(new Float64Array(0));
  });

  it("keeps the newest rows of a batch larger than itself", () => {
    const { buffer, evicted } = filled([counters(5), counters(30, 100)], 10);
    expect(evicted[1]).toBe(25);
    expect(buffer.samples("a", "temperature")).toEqual(
      Float64Array.from({ length: 10 }, (_, i) => 120 + i),
    );
  });

  it("evicts across chunks in order of arrival", () => {
    const parts = Array.from({ length: 30 }, (_, i) => counters(1000, i * 1000));
    const { buffer } = filled(parts, 10_000);
    expect(buffer.evicted).toBe(20_000);
    expect(buffer.tail(2).getColumn("temperature").toArray()).toEqual([29_998, 29_999]);
    const held = buffer.frame().getColumn("temperature").toTypedArray() as Float64Array;
    expect(held).toEqual(Float64Array.from({ length: 10_000 }, (_, i) => 20_000 + i));
    expect(buffer.samples("a", "temperature")).toEqual(held);
    expect(buffer.select({ sinceMs: 0 }).height).toBe(10_000);
  });

  it("copies what it is given: the batch may be reused", () => {
    const keys = new KeyTable();
    const buffer = new ReadingBuffer(layout, keys, { maxRows: 10 });
    const batch = toBatch(counters(3), keys, []);
    buffer.append(batch);
    batch.columns[0]?.fill(-1);
    batch.timestamps.fill(-1);
    expect([...buffer.samples("a", "temperature")]).toEqual([0, 1, 2]);
  });

  it("reads only `length` rows of a batch with longer arrays", () => {
    const keys = new KeyTable();
    const buffer = new ReadingBuffer(layout, keys, { maxRows: 10 });
    buffer.append({ ...toBatch(counters(5), keys, []), length: 2 });
    expect(buffer.rows).toBe(2);
    expect([...buffer.samples("a", "temperature")]).toEqual([0, 1]);
  });

  it("names timestamp and key columns that the input lacks without taking a column's name", () => {
    const bare: Layout = {
      ...layout,
      timestamp: null,
      key: null,
      numeric: ["timestamp", "x"],
      labels: [],
      text: ["sensor_id"],
      constants: {},
    };
    const buffer = new ReadingBuffer(bare, new KeyTable(), { maxRows: 10 });
    expect(buffer.frame().columns).toEqual([
      "timestamp_2",
      "sensor_id_2",
      "timestamp",
      "x",
      "sensor_id",
    ]);
  });

  it("describes each numeric column by hand-computed numbers", () => {
    const rows = [4, 1, 3, 2, null].map((temperature, i) => ({ ...counter(i), temperature }));
    const { buffer } = filled([rows], 10);
    expect(buffer.describe()).toEqual([
      {
        column: "temperature",
        count: 4,
        nulls: 1,
        mean: 2.5,
        std: Math.sqrt(5 / 3),
        min: 1,
        q25: 1.75,
        median: 2.5,
        q75: 3.25,
        max: 4,
      },
      {
        column: "air humidity",
        count: 0,
        nulls: 5,
        mean: null,
        std: null,
        min: null,
        q25: null,
        median: null,
        q75: null,
        max: null,
      },
    ]);
  });

  it("describes an empty buffer", () => {
    const empty = new ReadingBuffer(layout, new KeyTable(), { maxRows: 10 });
    expect(empty.describe()[0]).toMatchObject({ count: 0, nulls: 0, mean: null, median: null });
  });

  it("holds no more than max_rows over a million rows", () => {
    const keys = new KeyTable();
    const buffer = new ReadingBuffer(layout, keys, { maxRows: 10_000 });
    const batch = toBatch(counters(8192), keys, []);
    const memory = () => process.memoryUsage().rss / 2 ** 20;
    const run = (rows: number, lookEvery: number) => {
      for (let i = 0; i < rows / batch.length; i++) {
        buffer.append(batch);
        if (i % lookEvery === 0) buffer.tail(100);
      }
    };
    run(300_000, 10);
    const before = memory();
    run(1_000_000, 10);
    expect(buffer.rows).toBe(10_000);
    expect(memory() - before).toBeLessThan(60);
  });

  it("rejects a max_rows that is not a positive integer", () => {
    for (const maxRows of [0, -1, 1.5, Number.NaN]) {
      expect(() => new ReadingBuffer(layout, new KeyTable(), { maxRows })).toThrow(RangeError);
    }
  });

  it("rejects samples of a column that is not numeric", () => {
    const { buffer } = filled([counters(3)], 10);
    expect(() => buffer.samples("a", "note")).toThrow("No numeric column note");
  });
});
