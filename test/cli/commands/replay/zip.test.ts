import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sampleReadings, writeRecordings } from "../../../support/recordings.ts";
import { runCli } from "../../../support/run-cli.ts";
import { type ZipEntry, zipOf } from "../../../support/zip.ts";

let cwd = "";
let history = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "iotmon-zip-"));
  await writeRecordings(cwd, sampleReadings(2000));
  history = await readFile(join(cwd, "history.csv"), "utf8");
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

async function zipped(name: string, ...entries: readonly ZipEntry[]): Promise<string> {
  await writeFile(join(cwd, name), zipOf(...entries));
  return name;
}

async function scoresOf(...args: readonly string[]): Promise<string> {
  const { code, stderr } = await runCli(["replay", ...args, "--scores", "scores.csv"], { cwd });
  expect(code, stderr).toBe(0);
  return readFile(join(cwd, "scores.csv"), "utf8");
}

it("the only file in a zip file gives the same scores as unpacked", async () => {
  const plain = await scoresOf("history.csv");
  const deflated = await zipped("history.zip", { name: "data/history.csv", content: history });
  expect(await scoresOf(deflated)).toBe(plain);
  const stored = { name: "x.csv", content: history, method: "stored" } as const;
  expect(await scoresOf(await zipped("history.csv.zip", stored))).toBe(plain);
});

it("what macOS adds to an archive does not count as a file", async () => {
  const name = await zipped(
    "history.zip",
    { name: "out/", content: "", method: "stored" },
    { name: "out/history.csv", content: history },
    { name: "__MACOSX/out/._history.csv", content: "Mac OS X" },
    { name: "out/.DS_Store", content: "x" },
  );
  expect(await scoresOf(name)).toBe(await scoresOf("history.csv"));
});

it("--from and --to, several files, JSON Lines and init work with zip files", async () => {
  const lines = history.trimEnd().split("\n");
  const [header = "", ...rows] = lines;
  const part = (from: number, to?: number): string =>
    [header, ...rows.slice(from, to), ""].join("\n");
  await zipped("history-1.zip", { name: "1.csv", content: part(0, 1000) });
  await writeFile(join(cwd, "history-2.csv"), part(1000));
  await writeFile(join(cwd, "history-1.csv"), part(0, 1000));
  // with several inputs, the scores name them
  const both = (await scoresOf("history-1.zip", "history-2.csv")).replaceAll(".zip", ".csv");
  expect(both === (await scoresOf("history-1.csv", "history-2.csv"))).toBe(true);
  const time = (row: number): string => rows[row]?.split(",")[0] ?? "";
  const span = ["--from", time(300), "--to", time(900)];
  expect(await scoresOf("history-1.zip", ...span)).toBe(await scoresOf("history-1.csv", ...span));
  const json = await readFile(join(cwd, "history.jsonl"));
  expect(await scoresOf(await zipped("history.zip", { name: "j", content: json }))).toBe(
    await scoresOf("history.csv"),
  );
  const init = await runCli(["init", "history-1.zip"], { cwd });
  expect([init.code, init.stderr]).toEqual([0, expect.stringContaining("sensors: ")]);
});

const csv = { content: "time,a\n", method: "stored" } as const;

it.each<[string, readonly ZipEntry[], readonly string[]]>([
  [
    "with several files",
    [
      { name: "a.csv", ...csv },
      { name: "b.csv", ...csv },
    ],
    ["the zip file has 2 files in it: a.csv, b.csv", "unzip -p FILE 'a.csv' | iotmon replay -"],
  ],
  ["without a file", [], ["the zip file has no file in it"]],
  [
    "with a password",
    [{ name: "a.csv", content: "time,a\n", isEncrypted: true }],
    ["the zip file is encrypted", "Unpack it with its password"],
  ],
  [
    "that is a spreadsheet",
    [
      { name: "[Content_Types].xml", ...csv },
      { name: "xl/workbook.xml", ...csv },
    ],
    ["the input is a ZIP archive or a spreadsheet", "Save a sheet as CSV"],
  ],
])("a zip file %s is refused in plain words", async (_, entries, parts) => {
  const name = await zipped("refused.zip", ...entries);
  const { code, stderr } = await runCli(["replay", name], { cwd });
  expect(code).toBe(65);
  for (const part of [...parts, "refused.zip"]) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/^ {4}at /m);
});

it("a damaged zip file is refused, or loses only its damaged part", async () => {
  const whole = zipOf({ name: "a.csv", content: history, method: "stored" });
  await writeFile(join(cwd, "cut.zip"), whole.subarray(0, whole.length / 2));
  const cut = await runCli(["replay", "cut.zip"], { cwd });
  expect([cut.code, cut.stderr]).toEqual([65, expect.stringContaining("the zip file is damaged")]);
  const at = Math.floor(whole.length / 2);
  whole[at] = whole[at] === 0x37 ? 0x38 : 0x37;
  await writeFile(join(cwd, "flipped.zip"), whole);
  const flipped = await runCli(["replay", "flipped.zip", "--rejects", "r.jsonl"], { cwd });
  expect(flipped.code, flipped.stderr).toBe(0);
  expect(flipped.stderr).toContain("damaged zip");
  expect(await readFile(join(cwd, "r.jsonl"), "utf8")).toContain("its checksum is wrong");
});

it("a zip file in a pipe is refused with the command that unpacks it", async () => {
  const stdin = zipOf({ name: "a.csv", content: history });
  const { code, stderr } = await runCli(["replay", "-"], { cwd, input: stdin });
  expect(code).toBe(65);
  expect(stderr).toContain("unzip -p FILE | iotmon replay -");
});
