import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pl from "nodejs-polars";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FORMAT_NAMES } from "../../../../src/io/decoders/registry.ts";
import { RECORDINGS, sampleReadings, writeRecordings } from "../../../support/recordings.ts";
import { runCli } from "../../../support/run-cli.ts";

let cwd = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "iotmon-formats-"));
  await writeRecordings(cwd, sampleReadings(2000));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

it("replay writes the same scores for every format of a recording", async () => {
  const scores = new Map<string, string>();
  for (const name of RECORDINGS) {
    const { code, stdout } = await runCli(["replay", name, "--scores", "scores.csv"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("2,000 readings");
    scores.set(name, await readFile(join(cwd, "scores.csv"), "utf8"));
  }
  const [first] = scores.values();
  expect(first?.split("\n")).toHaveLength(2002);
  for (const [name, text] of scores) expect([name, text === first]).toEqual([name, true]);
});

it("replay writes scores as Parquet", async () => {
  const run = await runCli(["replay", "history.csv", "--scores", "scores.parquet"], { cwd });
  expect(run.code).toBe(0);
  const table = pl.readParquet(join(cwd, "scores.parquet"));
  expect(table.height).toBe(2000);
  expect(table.filter(pl.col("is_anomaly")).height).toBeGreaterThan(0);
});

it("replay reads the format of --input-format, or reports an error", async () => {
  await writeFile(join(cwd, "history.log"), await readFile(join(cwd, "history.jsonl")));
  const fine = await runCli(["replay", "history.log", "--input-format", "jsonl"], { cwd });
  expect(fine.code).toBe(0);
  const wrong = await runCli(["replay", "history.jsonl", "--input-format", "csv"], { cwd });
  expect(wrong.code).toBe(65);
  expect(wrong.stderr).toContain("the input looks like JSON");
  const unknown = await runCli(["replay", "history.csv", "--input-format", "xml"], { cwd });
  expect(unknown.code).toBe(64);
  expect(unknown.stderr).toContain(`Choices are: auto, ${FORMAT_NAMES.join(", ")}`);
});

it("a damaged file loses only its damaged part, or is an error", async () => {
  const parquet = await readFile(join(cwd, "history.parquet"));
  await writeFile(join(cwd, "half.parquet"), parquet.subarray(0, parquet.length / 2));
  const half = await runCli(["replay", "half.parquet"], { cwd });
  expect(half.code).toBe(65);
  expect(half.stderr).toMatch(/the Parquet file can't be read: .*\n.*half\.parquet/);
  expect(half.stderr).not.toMatch(/^ {4}at /m);
  const packed = await readFile(join(cwd, "history.csv.gz"));
  await writeFile(join(cwd, "half.csv.gz"), packed.subarray(0, packed.length / 2));
  const cut = await runCli(["replay", "half.csv.gz", "--rejects", "rejects.jsonl"], { cwd });
  expect(cut.code).toBe(0);
  expect(await readFile(join(cwd, "rejects.jsonl"), "utf8")).toContain('"reason":"damaged gzip"');
});

it("replay reports implausible values, and uses the rest of their rows", async () => {
  const lines = Array.from({ length: 300 }, (_, i) => {
    const temp = i === 250 ? -127 : 20 + Math.sin(i);
    return `temp: ${temp} C, hum=${40 + Math.cos(i)}`;
  });
  await writeFile(join(cwd, "loose.log"), `${lines.join("\n")}\n`);
  const pipeline = "version: 1\nbuffer: { columns: { temp: { unit: °C, min: -40 } } }\n";
  await writeFile(join(cwd, "loose.yaml"), pipeline);
  const options = ["-p", "loose.yaml", "--rejects", "bad.jsonl", "--format", "json"];
  const { code, stdout, stderr } = await runCli(["replay", "loose.log", ...options], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    readings: 300,
    rejected: 0,
    implausible: { temp: 1 },
  });
  expect(stderr).toContain("1 implausible value taken as missing: 1 temp");
  expect(stderr).toContain("loose.log row 251 temp: -127 °C is below -40 °C");
  expect(JSON.parse(await readFile(join(cwd, "bad.jsonl"), "utf8"))).toEqual({
    input: "loose.log",
    row: 251,
    column: "temp",
    value: -127,
    reason: "implausible",
    detail: "temp: -127 °C is below -40 °C",
  });
});
