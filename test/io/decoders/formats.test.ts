import { deepStrictEqual } from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import pl from "nodejs-polars";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStream, type Stream } from "../../support/read-stream.ts";
import { RECORDINGS, sampleReadings, writeRecordings } from "../../support/recordings.ts";

const ROWS = 1200;
let folder = "";
let expected: Stream;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "iotmon-formats-"));
  await writeRecordings(folder, sampleReadings(ROWS));
  expected = await readStream(folder, ["history.csv"]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("one recording", () => {
  it.each(RECORDINGS)("gives the same readings as %s", async (name) => {
    const { rows, rejects, format } = await readStream(folder, [name]);
    expect(format).toBe(name.split(".")[1]);
    expect(rejects).toEqual([]);
    expect(rows).toHaveLength(ROWS);
    deepStrictEqual(rows, expected.rows);
  });

  it.each(RECORDINGS)("has the same columns in the same roles as %s", async (name) => {
    const { columns } = await readStream(folder, [name]);
    expect(columns.map(({ name, role }) => [name, role])).toEqual(
      expected.columns.map(({ name, role }) => [name, role]),
    );
  });

  it("is named after its file, compressed or not", async () => {
    const stems = await Promise.all(
      RECORDINGS.map(async (name) => (await readStream(folder, [name])).stem),
    );
    expect(new Set(stems)).toEqual(new Set(["history"]));
  });

  it("is one stream with others, each in its own format", async () => {
    const { rows, rejects } = await readStream(folder, [...RECORDINGS]);
    expect(rejects).toEqual([]);
    expect(rows).toHaveLength(RECORDINGS.length * ROWS);
    expect(rows.slice(-ROWS).map(({ source }) => source)).toContain(RECORDINGS.length - 1);
    expect(rows.slice(-ROWS).map((row) => ({ ...row, source: 0 }))).toEqual(expected.rows);
  });

  it.each([
    "history.csv.gz",
    "history.jsonl.gz",
    "history.jsonl",
    "history.keyvalue",
    "history.influx.gz",
  ])("gives the same readings as %s from a pipe, however it is split", async (name) => {
    const bytes = await readFile(join(folder, name));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(bytes.length), { maxLength: 8 }),
        fc.boolean(),
        async (cuts, dribbling) => {
          const early = dribbling ? [1, 2, 3, 4, 5] : [];
          const edges = [0, ...early, ...cuts, bytes.length].sort((a, b) => a - b);
          const chunks = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
          const { rows } = await readStream(folder, ["-"], Readable.from(chunks));
          deepStrictEqual(rows, expected.rows);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe("gzip", () => {
  it("of several members is read to the end", async () => {
    const text = await readFile(join(folder, "history.csv"));
    const third = Math.floor(text.length / 3);
    const parts = [
      text.subarray(0, third),
      text.subarray(third, 2 * third),
      text.subarray(2 * third),
    ];
    await writeFile(join(folder, "parts.gz"), Buffer.concat(parts.map((part) => gzipSync(part))));
    deepStrictEqual((await readStream(folder, ["parts.gz"])).rows, expected.rows);
  });

  it("with padding after it is read to its own end", async () => {
    const packed = await readFile(join(folder, "history.csv.gz"));
    for (const bytes of [1, 200_000]) {
      await writeFile(join(folder, "tail.gz"), Buffer.concat([packed, Buffer.alloc(bytes)]));
      deepStrictEqual((await readStream(folder, ["tail.gz"])).rows, expected.rows);
    }
  });

  it("that is truncated gives all readable rows, and a reject with the line", async () => {
    const packed = await readFile(join(folder, "history.csv.gz"));
    await writeFile(join(folder, "cut.csv.gz"), packed.subarray(0, packed.length / 2));
    const { rows, rejects } = await readStream(folder, ["cut.csv.gz", "history.csv"]);
    const last = rejects.at(-1);
    const saved = rows.filter(({ source }) => source === 0);
    expect(saved.length).toBeGreaterThan(100);
    expect(saved).toEqual(expected.rows.slice(0, saved.length));
    expect(rows.length - saved.length).toBe(ROWS);
    expect(last).toMatchObject({ input: "cut.csv.gz", reason: "damaged gzip" });
    expect(last?.detail).toBe("the rest is lost: the gzip file is damaged: it ends too early");
    expect(last?.line).toBeGreaterThanOrEqual(saved.length);
  });

  it("with damaged bytes gives the same rows and rejects, however it is split", async () => {
    const noisy = Array.from({ length: 40_000 }, (_, i) => `${Math.sin(i)},${Math.cos(i * i)}\n`);
    const packed = gzipSync(`a,b\n${noisy.join("")}`);
    packed.fill(0xff, 400_000, 400_200);
    const read = (size: number) =>
      readStream(
        folder,
        ["-"],
        Readable.from(
          Array.from({ length: Math.ceil(packed.length / size) }, (_, i) =>
            packed.subarray(i * size, (i + 1) * size),
          ),
        ),
      );
    const whole = await read(packed.length);
    expect(whole.rows.length).toBeGreaterThan(1000);
    expect(whole.rejects.at(-1)).toMatchObject({ reason: "damaged gzip" });
    for (const size of [777, 65_536, 100_000]) {
      const pieces = await read(size);
      deepStrictEqual(pieces.rows, whole.rows);
      deepStrictEqual(pieces.rejects, whole.rejects);
    }
  });

  it("that can't be decompressed at all is an error", async () => {
    await writeFile(
      join(folder, "bad.gz"),
      Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff),
    );
    await expect(readStream(folder, ["bad.gz"])).rejects.toMatchObject({
      code: "ERR_DATA",
      at: "bad.gz",
      message: expect.stringMatching(/^the gzip file is damaged: /),
    });
  });
});

describe("Parquet", () => {
  it("reads whole numbers, booleans, dates and categories, and ignores lists", async () => {
    const frame = pl.DataFrame({
      day: [new Date(0), new Date(86_400_000)],
      n: [1, 2],
      on: [true, false],
      place: ["a", "b"],
    });
    frame
      .withColumns(
        pl.col("day").cast(pl.Date),
        pl.col("n").cast(pl.Int32),
        pl.col("place").cast(pl.Categorical),
        pl.concatList([pl.col("n"), pl.col("n")]).alias("list"),
      )
      .writeParquet(join(folder, "types.parquet"));
    const { rows, notes } = await readStream(folder, ["types.parquet"]);
    expect(rows.map(({ timestamp, numbers, texts }) => [timestamp, ...numbers, ...texts])).toEqual([
      [0, 1, 1, "a"],
      [86_400_000, 2, 0, "b"],
    ]);
    expect(notes).toContain("neither numbers, times nor text");
  });

  it("rows without a time are rejected by their number", async () => {
    pl.DataFrame({ time: [new Date(0), null, new Date(1000)], a: [1, 2, 3] }).writeParquet(
      join(folder, "gaps.parquet"),
    );
    const { rows, rejects } = await readStream(folder, ["gaps.parquet"]);
    expect(rows.map(({ row }) => row)).toEqual([1, 3]);
    expect(rejects).toMatchObject([{ line: 2, reason: "no timestamp", detail: "time: empty" }]);
  });

  it("that is damaged, empty or from a pipe is an error in one sentence", async () => {
    const bytes = await readFile(join(folder, "history.parquet"));
    await writeFile(join(folder, "half.parquet"), bytes.subarray(0, bytes.length / 2));
    await writeFile(join(folder, "four.parquet"), "PAR1");
    for (const name of ["half.parquet", "four.parquet"]) {
      await expect(readStream(folder, [name])).rejects.toMatchObject({
        code: "ERR_DATA",
        at: name,
        message: expect.stringMatching(/^the Parquet file can't be read: .+/),
      });
    }
    pl.DataFrame({ a: [1] })
      .filter(pl.col("a").gt(1))
      .writeParquet(join(folder, "none.parquet"));
    await expect(readStream(folder, ["none.parquet"])).rejects.toThrow(
      "the Parquet file has no rows",
    );
    await expect(readStream(folder, ["-"], Readable.from([bytes]))).rejects.toThrow(
      "Parquet can't be read from a pipe",
    );
  });

  it("with damaged pages loses at most rows of those pages", async () => {
    const bytes = await readFile(join(folder, "history.parquet"));
    bytes.fill(0xaa, 100, 400);
    await writeFile(join(folder, "page.parquet"), bytes);
    const { rows, rejects } = await readStream(folder, ["history.csv", "page.parquet"]);
    const [sound, damaged] = [0, 1].map((n) => rows.filter(({ source }) => source === n));
    expect(sound).toEqual(expected.rows);
    expect(damaged?.length).toBeLessThanOrEqual(ROWS);
    expect(new Set(rejects.map(({ input }) => input))).toEqual(new Set(["page.parquet"]));
  });
});

describe("JSON Lines", () => {
  const lines = async (...texts: readonly (string | Buffer)[]): Promise<Stream> => {
    const good = '{"time":"2026-01-01T00:00:00Z","a":1,"b":{"c":[2,{"d":3}]},"ok":true}';
    const all = [good, ...texts, good].map((text) =>
      Buffer.concat([Buffer.from(text), Buffer.of(10)]),
    );
    await writeFile(join(folder, "lines.jsonl"), Buffer.concat(all));
    return readStream(folder, ["lines.jsonl"]);
  };

  it("names nested fields by their path", async () => {
    const { columns, rows } = await lines();
    expect(columns.map(({ name }) => name)).toEqual(["time", "a", "b.c.0", "b.c.1.d", "ok"]);
    expect(rows[0]?.numbers).toEqual([1, 2, 3, 1]);
  });

  it("reads numbers in quotes, and null, missing and unknown fields, in any order", async () => {
    const { rows, rejects } = await lines(
      '{"ok":false,"zzz":1,"b":{"c":["2.5",null]},"a":"NA","time":"2026-01-01"}',
    );
    expect(rejects).toEqual([]);
    expect(rows[1]?.numbers).toEqual([Number.NaN, 2.5, Number.NaN, 0, 1]);
  });

  const bad: readonly (readonly [string | Buffer, string, string])[] = [
    ['{"time":"2026-01-01","a":', "not JSON", "the line is not JSON"],
    ["[1,2]", "not an object", "the line is an array, not an object"],
    ["42", "not an object", "the line is 42, not an object"],
    ['{"time":"2026-01-01","a":"abc"}', "not a number", 'a: "abc" is not a number'],
    ['{"time":"2026-02-30","a":1}', "bad timestamp", 'time: "2026-02-30" is not a time (iso8601)'],
    ['{"a":1}', "no timestamp", "time: empty"],
    ['{"time":"2026-01-01","a":"\0"}', "NUL byte", "the line has a NUL byte"],
    [Buffer.of(0x7b, 0xff, 0x7d), "invalid UTF-8", "the line has invalid UTF-8"],
    [`{"a":"${"x".repeat(1_100_000)}"}`, "line too long", "the line is longer than 1048576 bytes"],
  ];
  it.each(bad.map(([text, reason, detail]) => ({ text, reason, detail })))(
    "rejects a line: $reason, $detail",
    async ({ text, reason, detail }) => {
      const { rows, rejects } = await lines("", " ", text);
      expect(rows.map(({ row }) => row)).toEqual([1, 3]);
      expect(rejects).toMatchObject([{ line: 4, reason, detail }]);
      expect(rejects[0]?.text.length).toBeLessThanOrEqual(4096);
    },
  );

  it("gives the same rows and rejects, however faulty input is split", async () => {
    const line = fc.oneof(
      fc.constantFrom(
        "",
        "{",
        "[]",
        "é",
        '{"time":"2026-01-01","a":2}',
        '{"time":1,"a":"x"}',
        "\0",
      ),
      fc
        .record({
          time: fc.constantFrom("2026-01-01", "", null),
          a: fc.oneof(fc.double(), fc.json()),
        })
        .map((object) => JSON.stringify(object)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        fc.array(fc.nat(4000), { maxLength: 8 }),
        async (texts, cuts) => {
          const good = Array.from({ length: 100 }, (_, i) => `{"time":"2026-01-01","a":${i}}`);
          const bytes = Buffer.from([...good, ...texts].join("\n"));
          const read = (edges: readonly number[]) =>
            readStream(
              folder,
              ["-"],
              Readable.from(edges.slice(1).map((end, i) => bytes.subarray(edges[i], end))),
            );
          const whole = await read([0, bytes.length]);
          const sorted = cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b);
          const pieces = await read([0, ...sorted, bytes.length]);
          expect(pieces).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("that is not one object per line is an error with a hint", async () => {
    await writeFile(join(folder, "pretty.json"), '{\n  "a": 1\n}\n');
    await expect(readStream(folder, ["pretty.json"])).rejects.toMatchObject({
      code: "ERR_DATA",
      message: "no line is a JSON object",
    });
    await writeFile(join(folder, "array.json"), "[1, 2]\n");
    await expect(readStream(folder, ["array.json"])).rejects.toMatchObject({
      hint: "Give a line to each element: jq -c '.[]' FILE",
    });
  });
});
