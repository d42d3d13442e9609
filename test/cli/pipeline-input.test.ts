import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, runCli } from "../support/run-cli.ts";

const BINARY = resolve("bin/iotmon.js");

const PIPELINE = `version: 1
name: oven
buffer:
  schema: { timestamp: datetime, sensor_id: str, temperature: float }
  key: sensor_id
  columns: { temperature: { max: 60 } }
features:
  - { name: peak, column: temperature, function: max, window: 5, min_periods: 1 }
detectors:
  - { name: too_hot, algorithm: threshold, when: temperature > 40 }
  - { name: was_hot, algorithm: threshold, when: peak > 40 }
`;

function csv(from: number, ...temperatures: number[]): string {
  const lines = temperatures.map((temperature, i) => {
    const time = new Date(Date.UTC(2026, 0, 1) + 1000 * (from + i)).toISOString();
    return `${time},a,${temperature}\n`;
  });
  return ["timestamp,sensor_id,temperature\n", ...lines].join("");
}

const history = csv(0, 22, 22, 22, 999, 999, 999, 22, 22);
const later = csv(8, 22, 22);

const scores = (stdout: string): unknown[] =>
  stdout.split("\n").flatMap((line) => {
    const score = /"detector":"was_hot".*?"is_anomaly":(true|false)/.exec(line)?.[1];
    return score === undefined ? [] : [score];
  });

describe("an implausible value", () => {
  it("is missing in `test` too", async () => {
    const test = `pipeline: oven.yaml
tests:
  - name: a sensor that reports 999
    series: { temperature: 22x3 999x3 22x5 }
    expect: { alerts: none }
`;
    const cwd = await folderWith({ "oven.yaml": PIPELINE, "oven.test.yaml": test });
    const { code, stdout } = await runCli(["test", "oven.test.yaml"], { cwd });
    expect(code, stdout).toBe(0);
  });

  it("is not learned by --warm-from", async () => {
    const cwd = await folderWith({ "oven.yaml": PIPELINE, "old.csv": history });
    const args = ["watch", "-", "-p", "oven.yaml", "--warm-from", "old.csv", "--all"];
    const run = await runCli([...args, "--format", "jsonl"], { cwd, input: later });
    expect(run.code, run.stderr).toBe(0);
    expect(scores(run.stdout)).toEqual(["false", "false"]);
  });

  it("is not learned by --save-state", async () => {
    const cwd = await folderWith({ "oven.yaml": PIPELINE, "old.csv": history });
    const replay = ["replay", "old.csv", "-p", "oven.yaml", "--save-state", "warm"];
    const saved = await runCli(replay, { cwd });
    expect(saved.code, saved.stderr).toBe(0);
    const args = ["watch", "-", "--state", "warm", "--all", "--format", "jsonl"];
    const run = await runCli(args, { cwd, input: later });
    expect(run.code, run.stderr).toBe(0);
    expect(scores(run.stdout)).toEqual(["false", "false"]);
  });
});

describe("a pipeline that comes from a pipe", () => {
  const bash = (cwd: string, command: string, input = "") =>
    spawnSync("bash", ["-c", command, process.execPath, BINARY], { cwd, input, encoding: "utf8" });

  it("is stored whole by `watch`, which continues with it", async () => {
    const cwd = await folderWith({ "oven.yaml": PIPELINE });
    const first = bash(cwd, '"$0" "$1" watch - -p <(cat oven.yaml) --state kept', later);
    expect(first.status, first.stderr).toBe(0);
    const second = await runCli(["watch", "-", "--state", "kept"], { cwd, input: csv(20, 22) });
    expect(second.code, second.stderr).toBe(0);
  });

  it("is stored whole by --save-state", async () => {
    const cwd = await folderWith({ "oven.yaml": PIPELINE, "old.csv": history });
    const first = bash(cwd, '"$0" "$1" replay old.csv -p <(cat oven.yaml) --save-state kept');
    expect(first.status, first.stderr).toBe(0);
    const second = await runCli(["watch", "-", "--state", "kept"], { cwd, input: later });
    expect(second.code, second.stderr).toBe(0);
  });

  it("is swept and written", async () => {
    const lines = csv(0, ...Array.from({ length: 60 }, (_, i) => (i < 40 ? 20 : 50))).split("\n");
    const label = (i: number): string => (i === 0 ? ",label" : i > 40 ? ",1" : ",0");
    const rows = lines.map((line, i) => (line === "" ? "" : line + label(i))).join("\n");
    const cwd = await folderWith({ "oven.yaml": PIPELINE, "old.csv": rows });
    const sweep = "--sweep features.0.window=5,10 --optimize row_f1 --write-pipeline best.yaml";
    const run = bash(cwd, `"$0" "$1" replay old.csv -p <(cat oven.yaml) --labels label ${sweep}`);
    expect(run.status, run.stderr).toBe(0);
    expect(await readFile(join(cwd, "best.yaml"), "utf8")).toContain("name: oven\n");
  });
});
