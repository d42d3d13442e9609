import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import pl from "nodejs-polars";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScoresOptions } from "../../../src/backtest/scores/scores-lines.ts";
import { ScoresWriter } from "../../../src/backtest/scores/scores-writer.ts";
import { KeyTable } from "../../../src/core/key-table.ts";
import { detectorPlan, planOf, type ScoredRow, scored } from "../support.ts";

const start = Date.UTC(2013, 11, 2, 21, 15);
const keys = new KeyTable();
keys.intern("pump-1");
keys.intern('odd, "name"');

const rows: readonly ScoredRow[] = [
  {
    time: start,
    features: [Number.NaN],
    scores: [{ raw: Number.NaN, p: Number.NaN, score: 0, anomalous: false }],
  },
  {
    time: start + 1500,
    key: 1,
    features: [0.1],
    scores: [{ raw: 30.5, p: 1e-7, score: 0.96, anomalous: true }],
  },
  {
    time: start + 2000,
    features: [-2],
    scores: [{ raw: 4.25, p: 0.1 + 0.2, score: 0.25, anomalous: false }],
  },
];

const options: ScoresOptions = {
  plan: planOf([detectorPlan("pump")]),
  keys,
  inputs: ["a.csv"],
  features: false,
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "iotmon-scores-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function written(
  name: string,
  changes: Partial<ScoresOptions> = {},
  list = rows,
): Promise<string> {
  const path = join(folder, name);
  const writer = await ScoresWriter.open(path, { ...options, ...changes });
  const { batch, output } = scored(list, 4);
  await writer.write(batch, output);
  await writer.close();
  return await readFile(path, "utf8");
}

describe("ScoresWriter", () => {
  it("writes CSV: one line per reading, empty cells if not scored", async () => {
    expect(await written("s.csv")).toBe(
      "row,timestamp,sensor_id,detector,raw_score,p,anomaly_score,is_anomaly,severity\n" +
        "5,2013-12-02T21:15:00.000Z,pump-1,pump,,,0,0,\n" +
        '6,2013-12-02T21:15:01.500Z,"odd, ""name""",pump,30.5,1e-7,0.96,1,critical\n' +
        "7,2013-12-02T21:15:02.000Z,pump-1,pump,4.25,0.30000000000000004,0.25,0,\n",
    );
  });

  it("writes JSON lines: null if not scored", async () => {
    const lines = (await written("s.jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      row: 5,
      timestamp: "2013-12-02T21:15:00.000Z",
      sensor_id: "pump-1",
      detector: "pump",
      raw_score: null,
      p: null,
      anomaly_score: 0,
      is_anomaly: false,
      severity: null,
    });
    expect(lines[1]).toMatchObject({
      sensor_id: 'odd, "name"',
      is_anomaly: true,
      severity: "critical",
    });
  });

  it("accepts the extension in any case", async () => {
    expect(await written("S.JSONL")).toMatch(/^\{"row":5,/);
  });

  it("has a line for each detector, with that detector's severities", async () => {
    const lax = detectorPlan("lax");
    const plan = planOf([
      detectorPlan("strict"),
      { ...lax, alerts: { ...lax.alerts, severity: { warning: 0.95, critical: 0.99 } } },
    ]);
    const both = rows.map((row) => ({ ...row, scores: [...row.scores, ...row.scores] }));
    const lines = parse(await written("s.csv", { plan }, both), { columns: true }) as {
      detector: string;
      severity: string;
    }[];
    expect(lines.map(({ detector, severity }) => `${detector} ${severity}`)).toEqual([
      "strict ",
      "lax ",
      "strict critical",
      "lax warning",
      "strict ",
      "lax ",
    ]);
  });

  it("names the input of a reading if there are several", async () => {
    const text = await written("s.csv", { inputs: ["a,1.csv", "b.csv"] });
    expect(text.split("\n").slice(0, 2)).toEqual([
      "row,file,timestamp,sensor_id,detector,raw_score,p,anomaly_score,is_anomaly,severity",
      '5,"a,1.csv",2013-12-02T21:15:00.000Z,pump-1,pump,,,0,0,',
    ]);
  });

  it("adds feature values on request", async () => {
    const text = await written("s.csv", { features: true });
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => line.split(",").at(-1))).toEqual(["value_std_50", "", "0.1", "-2"]);
    const json = (await written("s.jsonl", { features: true })).split("\n");
    expect(json[0]).toContain('"severity":null,"value_std_50":null}');
  });

  it("renames a feature whose name is taken", async () => {
    const plan = planOf([detectorPlan("pump")], ["p", "feature_p"]);
    const list = rows.map((row) => ({ ...row, features: [1, 2] }));
    const header = (await written("s.csv", { plan, features: true }, list)).split("\n")[0];
    expect(header).toMatch(/,severity,feature_feature_p,feature_p$/);
  });

  it("writes only the rows asked for", async () => {
    const path = join(folder, "s.csv");
    const writer = await ScoresWriter.open(path, options);
    const { batch, output } = scored(rows);
    await writer.write(batch, output, 1, 2);
    await writer.close();
    expect((await readFile(path, "utf8")).split("\n")[1]).toMatch(/^2,/);
  });

  it("writes numbers that read back unchanged, over several chunks", async () => {
    const random = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      numRuns: 5000,
      seed: 1,
    });
    const list = random.map((raw, i) => ({
      time: start + i,
      scores: [{ raw, p: raw, score: raw, anomalous: false }],
    }));
    const lines = (await written("s.jsonl", {}, list)).trimEnd().split("\n");
    const read = lines.map((line) => JSON.parse(line) as { row: number; raw_score: number });
    expect(read.map(({ row }) => row)).toEqual(list.map((_, i) => i + 5));
    expect(read.map(({ raw_score }) => raw_score)).toEqual(random.map((raw) => raw + 0));
  });

  it("writes the same text however the rows are cut into batches", async () => {
    const path = join(folder, "cut.csv");
    const writer = await ScoresWriter.open(path, options);
    for (const [i, row] of rows.entries()) {
      const { batch, output } = scored([row], 4 + i);
      await writer.write(batch, output);
    }
    await writer.close();
    expect(await readFile(path, "utf8")).toBe(await written("s.csv"));
  });
});

describe("ScoresWriter as a file", () => {
  it("keeps an earlier file until it is closed", async () => {
    const path = join(folder, "s.csv");
    await writeFile(path, "earlier");
    const writer = await ScoresWriter.open(path, options);
    const { batch, output } = scored(rows);
    await writer.write(batch, output);
    expect(await readFile(path, "utf8")).toBe("earlier");
    await writer.close();
    expect(await readFile(path, "utf8")).toMatch(/^row,/);
    expect(await readdir(folder)).toEqual(["s.csv"]);
  });

  it("leaves nothing behind when it is discarded", async () => {
    const writer = await ScoresWriter.open(join(folder, "s.csv"), options);
    await writer.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it("writes through a symbolic link", async () => {
    await mkdir(join(folder, "real"));
    await writeFile(join(folder, "real", "s.csv"), "earlier");
    await symlink(join(folder, "real", "s.csv"), join(folder, "s.csv"));
    await written("s.csv");
    expect(await readFile(join(folder, "real", "s.csv"), "utf8")).toMatch(/^row,/);
  });

  it("writes the same table as typed Parquet, and leaves no other file", async () => {
    const changes = { features: true, inputs: ["a.csv", 'two\nlines, "b".csv'] };
    const lines = parse(await written("s.csv", changes), { columns: true });
    const path = join(folder, "s.parquet");
    await written("s.parquet", changes);
    expect(await readdir(folder)).toEqual(["s.csv", "s.parquet"]);
    const table = pl.readParquet(path);
    expect(table.columns).toEqual(Object.keys(lines[0] ?? {}));
    expect(Object.values(table.schema).map(String)).toEqual(
      [
        ...["Int64", "String", "Datetime(ms,)", "String", "String"],
        ...["Float64", "Float64", "Float64", "Bool", "String", "Float64"],
      ].map((type) => `DataType(${type})`),
    );
    const cell = (value: unknown): string => {
      if (value instanceof Date) return value.toISOString();
      if (typeof value === "boolean") return value ? "1" : "0";
      return value === null ? "" : String(value);
    };
    const records = table
      .toRecords()
      .map((record) =>
        Object.fromEntries(Object.entries(record).map(([name, value]) => [name, cell(value)])),
      );
    expect(records).toEqual(lines);
  });

  it("rejects Parquet into a pipe or device", async () => {
    await symlink("/dev/null", join(folder, "null.parquet"));
    await expect(ScoresWriter.open(join(folder, "null.parquet"), options)).rejects.toMatchObject({
      code: "ERR_USAGE",
      message: "scores can't be written as Parquet into a pipe or device",
    });
  });

  it("throws ERR_USAGE for another extension, with the valid ones", async () => {
    for (const name of ["s.xlsx", "s"]) {
      await expect(ScoresWriter.open(join(folder, name), options)).rejects.toMatchObject({
        code: "ERR_USAGE",
        hint: "Use a name that ends in .csv, .jsonl or .parquet",
      });
    }
  });

  it("throws ERR_CANT_CREATE for a missing folder, with its name", async () => {
    await expect(ScoresWriter.open(join(folder, "no", "s.csv"), options)).rejects.toMatchObject({
      code: "ERR_CANT_CREATE",
      message: expect.stringContaining(`there is no folder ${join(folder, "no")}`),
    });
  });

  it("throws ERR_CANT_CREATE for a folder, or a file in place of the folder", async () => {
    await mkdir(join(folder, "s.csv"));
    const folderAsFile = ScoresWriter.open(join(folder, "s.csv"), options);
    await expect(folderAsFile).rejects.toMatchObject({ code: "ERR_CANT_CREATE" });
    await writeFile(join(folder, "file"), "");
    const fileAsFolder = ScoresWriter.open(join(folder, "file", "s.csv"), options);
    await expect(fileAsFolder).rejects.toMatchObject({ code: "ERR_CANT_CREATE" });
  });

  it.runIf(process.platform === "linux")("throws ERR_IO while rows are still coming", async () => {
    await symlink("/dev/full", join(folder, "s.csv"));
    const writer = await ScoresWriter.open(join(folder, "s.csv"), options);
    const { batch, output } = scored(Array.from({ length: 20_000 }, () => rows[1] as ScoredRow));
    await expect(writer.write(batch, output)).rejects.toMatchObject({ code: "ERR_IO" });
    await writer.discard();
  });

  it.runIf(process.platform === "linux")("throws ERR_IO when the disk is full", async () => {
    await symlink("/dev/full", join(folder, "s.csv"));
    const writer = await ScoresWriter.open(join(folder, "s.csv"), options);
    await expect(writer.close()).rejects.toMatchObject({
      code: "ERR_IO",
      message: expect.stringContaining("the disk is full"),
    });
  });
});
