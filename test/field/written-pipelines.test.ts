import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { FIELD_CASES } from "./cases.ts";

const files = FIELD_CASES.flatMap((entry) => ("times" in entry ? [entry.file] : []));

const pathOf = (file: string): string => fileURLToPath(new URL(`files/${file}`, import.meta.url));

interface Scored {
  readonly scores: string;
  readonly opening: string;
}

async function scored(cwd: string, file: string, ...args: readonly string[]): Promise<Scored> {
  const run = await runCli(["replay", file, "--scores", "scores.csv", ...args], { cwd });
  expect(run.code, run.stderr).toBe(0);
  return { scores: await readFile(join(cwd, "scores.csv"), "utf8"), opening: run.stderr };
}

async function written(cwd: string, file: string): Promise<string> {
  const init = await runCli(["init", file, "-o", "written.yaml"], { cwd });
  expect(init.code, init.stderr).toBe(0);
  return readFile(join(cwd, "written.yaml"), "utf8");
}

it.each(files)(
  "the pipeline that init writes for %s gives the same scores without a doubt",
  async (file) => {
    const cwd = await tempFolder();
    await written(cwd, pathOf(file));
    const inferred = await scored(cwd, pathOf(file));
    const declared = await scored(cwd, pathOf(file), "-p", "written.yaml", "--strict");
    expect(declared.scores === inferred.scores).toBe(true);
    expect(declared.opening).not.toContain("check:");
  },
);

/** A table with one row for each minute. */
async function table(cwd: string, header: string, row: (i: number) => string): Promise<string> {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const time = new Date(Date.UTC(2026, 2, 1, 0, i)).toISOString();
    return `${time};${row(i)}`;
  });
  await writeFile(join(cwd, "plant.csv"), [`time;${header}`, ...rows, ""].join("\n"));
  return "plant.csv";
}

it("an error code that comes only after the sample is missing with and without the written pipeline", async () => {
  const cwd = await tempFolder();
  const rows = Array.from({ length: 12_000 }, (_, i) => {
    const time = new Date(Date.UTC(2026, 2, 1, 0, i)).toISOString();
    return `${time},${i === 11_000 ? -127 : i % 90 === 7 ? 85 : `2${i % 7}.5`}`;
  });
  await writeFile(join(cwd, "plant.csv"), ["time,temp", ...rows, ""].join("\n"));
  await written(cwd, "plant.csv");
  const inferred = await scored(cwd, "plant.csv");
  const declared = await scored(cwd, "plant.csv", "-p", "written.yaml", "--strict");
  expect(inferred.opening).toContain("135 implausible values taken as missing: 135 temp");
  expect(declared.opening).toContain("135 implausible values taken as missing: 135 temp");
  expect(declared.scores === inferred.scores).toBe(true);
});

it.each<[string, string, (i: number) => string, string]>([
  [
    "words",
    "door",
    (i) => (i % 9 === 0 ? "open" : "closed"),
    "values: { door: { open: 1, closed: 0 } }",
  ],
  [
    "error codes",
    "temp",
    (i) => (i % 90 === 7 ? "85" : `2${i % 7}.5`),
    "missing: { temp: [ -99999,",
  ],
  ["a decimal comma", "temp", (i) => `2${i % 7},5`, 'decimal_mark: ","'],
  ["units", "temp", (i) => `2${i % 7}.5 °C`, "columns: { temp: { unit: °C } }"],
])("init writes down %s, which are then read without a decision", async (_, header, row, part) => {
  const cwd = await tempFolder();
  const file = await table(cwd, header, row);
  expect(await written(cwd, file)).toContain(part);
  const inferred = await scored(cwd, file);
  const declared = await scored(cwd, file, "-p", "written.yaml", "--strict");
  expect(declared.scores === inferred.scores).toBe(true);
});
