import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { recordingLines } from "../../../support/recording.ts";
import { type CliRun, folderWith, runCli } from "../../../support/run-cli.ts";

const [head = "", ...rows] = recordingLines({ rows: 60 });

/** The recording with one line in place of line 31 of the file. */
function withLine(line: string | Uint8Array, end = "\n"): Buffer {
  const text = (list: readonly string[]): string => list.map((row) => `${row}\n`).join("");
  return Buffer.concat([
    Buffer.from(text([head, ...rows.slice(0, 29)])),
    Buffer.from(line),
    Buffer.from(end),
    Buffer.from(text(rows.slice(30))),
  ]);
}

const good = rows[29] ?? "";
const faults: Readonly<Record<string, readonly [content: Buffer, reason: string, detail: string]>> =
  {
    "a malformed line": [withLine("garbage"), "cell count", "1 cell instead of 4"],
    "too many cells": [withLine(`${good},1,2`), "cell count", "6 cells instead of 4"],
    "text in a number column": [
      withLine(good.replace(/,pump-\d,/, ",pump-1,warm ")),
      "not a number",
      'temperature: "warm',
    ],
    "an impossible date": [
      withLine("2024-02-30T00:00:00Z,pump-1,1,2"),
      "bad timestamp",
      'time: "2024-02-30T00:00:00Z" is not a time',
    ],
    "a line of 2 MB": [withLine(good + "y".repeat(2_000_000)), "line too long", "1048576 bytes"],
    "invalid UTF-8": [
      withLine(Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0xfe])])),
      "invalid UTF-8",
      "invalid UTF-8",
    ],
    "NUL bytes": [withLine(`${good}\0\0`), "NUL byte", "NUL byte"],
  };

let folder = "";
beforeAll(async () => {
  folder = await folderWith({
    "empty.csv": "",
    "blank.csv": "\n\n \n",
    "heading.csv": `${head}\n`,
    "text.csv": "a,b\nx,y\nz,w\n",
    "good.csv": withLine(good),
    "secret.csv": withLine(good),
    "quote.csv": `${withLine(good)}2024-03-01T10:00:00Z,pump-1,"12,3\n`,
    "binary.csv": Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)),
    "useless.csv": `${head}\n${rows.slice(0, 40).join("\n")}\n`,
    "p.yaml": [
      "version: 1",
      "features:",
      "  - { name: m, column: temprature, function: mean, window: 10 }",
      "detectors:",
      "  - { name: d, algorithm: ecod, features: [m, presure] }",
      "",
    ].join("\n"),
    ...Object.fromEntries(
      Object.entries(faults).map(([name, [content]]) => [`${name}.csv`, content]),
    ),
  });
  await mkdir(join(folder, "data"));
  await chmod(join(folder, "secret.csv"), 0);
});

const replay = (...args: string[]): Promise<CliRun> => runCli(["replay", ...args], { cwd: folder });

const isRoot = process.getuid?.() === 0;

describe("iotmon replay, given bad lines", () => {
  let run: CliRun;
  beforeAll(async () => {
    const files = Object.keys(faults).map((name) => `${name}.csv`);
    run = await replay("--each", ...files, "--rejects", "{stem}.jsonl");
  });

  it.each(Object.entries(faults))("continues after %s", async (name, [, reason, detail]) => {
    const { code, stdout, stderr } = run;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^${name}\\.csv\\n59 readings .* 1 rejected \\(1 ${reason}\\)`, "m"),
    );
    expect(stderr).toContain(`warning: 1 row rejected: 1 ${reason}\n  ${name}.csv:31 `);
    expect(stderr).toContain(detail);
    expect(stderr).toContain(`  ${name}.jsonl has all of them\n`);
    const kept = JSON.parse(await readFile(join(folder, `${name}.jsonl`), "utf8"));
    expect(kept).toMatchObject({ input: `${name}.csv`, line: 31, reason });
    expect(kept.detail).toContain(detail);
  });

  it("reads a file that ends inside a quoted cell to its end", async () => {
    const { code, stdout, stderr } = await replay("quote.csv");
    expect(code).toBe(0);
    expect(stdout).toContain("\n60 readings · ");
    expect(stderr).toContain("  quote.csv:62 ");
  });

  it("shows the first three, and how to keep the rest", async () => {
    const files = Object.keys(faults).map((name) => `${name}.csv`);
    const { stderr, stdout } = await replay(...files);
    expect(stdout).toContain(`${files.length} rejected (`);
    expect(stderr.match(/^ {2}.*\.csv:31 .*$/gm)).toHaveLength(3);
    expect(stderr).toContain(`  and ${files.length - 3} more: --rejects FILE keeps all of them\n`);
  });

  it("fails with 65 when more are rejected than --max-rejects allows", async () => {
    const [count, share, enough] = await Promise.all([
      replay("NUL bytes.csv", "-q", "--max-rejects", "0"),
      replay("NUL bytes.csv", "-q", "--max-rejects", "1%"),
      replay("NUL bytes.csv", "-q", "--max-rejects", "1"),
    ]);
    expect([count.code, share.code, enough.code]).toEqual([65, 65, 0]);
    expect(count.stderr).toMatch(
      /^error: 1 row rejected; --max-rejects allows 0\n {2}at NUL bytes\.csv:31\n {2}The first one: /,
    );
    expect(share.stderr).toMatch(/^error: 1 of 60 rows rejected; --max-rejects allows 1 %\n/);
    expect([count.stdout, share.stdout]).toEqual(["", ""]);
  });
});

describe.concurrent("iotmon replay, given nothing usable", () => {
  it.each([
    ["an empty file", "empty.csv", "the input is empty"],
    ["blank lines", "blank.csv", "the input is blank"],
    ["a heading only", "heading.csv", "a header but no reading (columns: time, device, "],
    ["no numbers", "text.csv", "no numeric column in the first 2 rows: a (text), b (text)"],
    ["a binary file", "binary.csv", "the input is binary"],
  ])("exits 65 for %s, saying what was seen and what was expected", async (_, file, seen) => {
    const { code, stdout, stderr } = await replay(file);
    expect([code, stdout]).toEqual([65, ""]);
    expect(stderr).toContain(`error: ${seen}`);
    expect(stderr).toMatch(new RegExp(`\\n  at ${file}\\n  Expected CSV: [^\\n]+\\n$`));
  });

  it("exits 65 when every row is rejected, with reasons and the first one", async () => {
    const { code, stderr } = await replay("useless.csv", "-q", "--labels", "pressure");
    expect(code).toBe(65);
    expect(stderr).toMatch(
      /^error: no usable row: all were rejected \(40 not a label\)\n {2}at useless\.csv:2\n {2}The first one: pressure: /,
    );
  });
});

describe.concurrent("iotmon replay, given the wrong names", () => {
  it.each([
    [
      "a missing file",
      ["godo.csv"],
      66,
      /^error: there is no such file\n {2}at godo\.csv\n {2}Did you mean "good\.csv"\?\n$/,
    ],
    [
      "a folder",
      ["data"],
      66,
      /^error: the input is a folder\n {2}at data\n {2}Name its files: "data\/\*\.csv"\n$/,
    ],
    [
      "a pattern that matches nothing",
      ["x*.csv"],
      66,
      /^error: no file matches the pattern\n {2}at x\*\.csv\n/,
    ],
    ["no file at all", [], 64, /^error: no recording to replay\n {2}Name a file, or - for stdin: /],
    [
      "a missing pipeline",
      ["good.csv", "-p", "q.yaml"],
      66,
      /^error: the pipeline file does not exist\n {2}at q\.yaml\n/,
    ],
    [
      "an unknown format",
      ["good.csv", "--input-format", "xml"],
      64,
      /^error: --input-format "xml" is not valid\n {2}Choices are: auto, csv, /,
    ],
  ])("reports %s", async (_, args, expected, message) => {
    const { code, stdout, stderr } = await replay(...args);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toMatch(message);
  });

  it("exits 78 for columns that the input does not have, each at its place", async () => {
    const { code, stdout, stderr } = await replay("good.csv", "-p", "p.yaml");
    expect([code, stdout]).toEqual([78, ""]);
    expect(stderr).toContain(
      'there is no column "temprature"\n  at p.yaml:3:24\n  Did you mean "temperature"? Numeric columns are: temperature, pressure\n',
    );
    expect(stderr).toMatch(
      /"presure" is not [^\n]+\n {2}at p\.yaml:5:47\n {2}Did you mean "pressure"\? Known names are: [^\n]*temperature, pressure\n/,
    );
  });

  it.skipIf(isRoot)("exits 77 for an unreadable file", async () => {
    const { code, stderr } = await replay("secret.csv");
    expect(code).toBe(77);
    expect(stderr).toMatch(/^error: no permission to read the file\n {2}at secret\.csv\n/);
  });
});
