import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, runCli, runProgram } from "../../../support/run-cli.ts";

const rows = Array.from({ length: 60 }, (_, i) => {
  const time = new Date(Date.UTC(2024, 0, 1, 0, i)).toISOString();
  return `${i},${time},${["a", "b", "c"][i % 3]},${20 + (i % 7)}.5,${i % 5}.25,${i === 40 ? 1 : 0}`;
});
const csv = [",time,device,temperature,Volume Flow,anomaly", ...rows, ""].join("\n");

describe("iotmon init", () => {
  it("writes a commented pipeline to stdout, and its assumptions to stderr", async () => {
    const folder = await folderWith({ "in.csv": csv });
    const { code, stdout, stderr } = await runProgram(["init", "in.csv"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("\nversion: 1\n");
    expect(stdout).toContain("  path: in.csv\n");
    expect(stdout).toContain("  labels: [ anomaly ]\n");
    expect(stdout).toContain("    Volume Flow: float\n");
    expect(stdout).toContain("  key: device\n");
    const opening = [
      "format: csv; cells are separated by commas",
      'time: "time", ISO 8601; from 2024-01-01 00:00:00 on, a reading of each sensor every 3m',
      'sensors: named by "device", 3 in the sample',
      "watched: temperature, Volume Flow",
      "not watched: column_1 (a running number), anomaly (a label)",
    ];
    expect(stderr.split("\n").slice(0, opening.length)).toEqual(opening);
    expect(stdout).toContain(opening.map((line) => `#   ${line}\n`).join(""));
    expect((await runCli(["init", "-q", "in.csv"], { cwd: folder })).stderr).toBe("");
  });

  it("refuses an input with doubts if --strict is set", async () => {
    const folder = await folderWith({ "in.csv": "a,b\n1.5,2\n2.5,3\n" });
    const { code, stdout, stderr } = await runCli(["init", "in.csv"], { cwd: folder });
    expect([code, stdout.includes("schema:")]).toEqual([0, true]);
    expect(stderr).toContain("\ncheck: no column holds a time: ");
    const strict = await runCli(["init", "in.csv", "--strict"], { cwd: folder });
    expect([strict.code, strict.stdout]).toEqual([65, ""]);
    expect(strict.stderr).toMatch(/^error: no column holds a time: .*\n {2}at in\.csv\n/);
  });

  it("writes a file that check accepts without a warning, and never overwrites one", async () => {
    const folder = await folderWith({ "in.csv": csv });
    const args = ["init", "in.csv", "-o", "p.yaml"];
    const written = await runCli(args, { cwd: folder });
    expect([written.code, written.stdout]).toEqual([0, ""]);
    const checked = await runCli(["check", "p.yaml"], { cwd: folder });
    expect([checked.code, checked.stderr]).toEqual([0, ""]);
    expect(checked.stdout).toContain("detector   anomaly: ecod over 8 features\n");
    const text = await readFile(join(folder, "p.yaml"), "utf8");
    const again = await runCli(args, { cwd: folder });
    expect(again.code).toBe(73);
    expect(again.stderr).toBe(
      "error: the pipeline file can't be written: it exists already\n  at p.yaml\n" +
        "  Choose another name, or delete it first\n",
    );
    expect(await readFile(join(folder, "p.yaml"), "utf8")).toBe(text);
  });

  it("reads a sample from stdin", async () => {
    const { code, stdout } = await runProgram(["init", "-"], { input: csv });
    expect(code).toBe(0);
    expect(stdout).toContain("  type: stdin\n");
    const folder = await folderWith({ "p.yaml": stdout });
    const checked = await runCli(["check", "p.yaml"], { cwd: folder });
    expect([checked.code, checked.stderr]).toEqual([0, ""]);
  });

  it("exits 66 for a missing sample, 65 for one without readings, 73 for a missing folder", async () => {
    const folder = await folderWith({ "in.csv": csv, "empty.csv": "" });
    const missing = await runCli(["init", "inn.csv"], { cwd: folder });
    expect(missing.code).toBe(66);
    expect(missing.stderr).toContain('Did you mean "in.csv"?');
    const empty = await runCli(["init", "empty.csv"], { cwd: folder });
    expect([empty.code, empty.stdout]).toEqual([65, ""]);
    const nowhere = await runCli(["init", "in.csv", "-o", "none/p.yaml"], { cwd: folder });
    expect(nowhere.code).toBe(73);
  });
});
