import { spawnSync } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../../support/random.ts";
import { runCli, runProgram } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { undisturbedMs } from "../../../support/undisturbed-ms.ts";
import { WatchProcess } from "../../../support/watch-process.ts";

const BINARY = resolve("bin/iotmon.js");

const PIPELINE = `version: 1
name: kiln
features:
  - { name: temp_mean_10, column: temperature, function: mean, window: 10 }
detectors:
  - { name: anomaly, algorithm: ecod, features: [temperature, temp_mean_10], warmup_period: 60 }
  - { name: too_hot, algorithm: threshold, when: temperature > 40, severity: critical }
alerts: { cooldown: 30s, resolve_after: 3 }
`;

function csv(count: number, first = 0): string {
  const random = new Random(5 + first);
  const lines = Array.from({ length: count }, (_, k) => {
    const i = first + k;
    const time = new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString();
    const temperature = (i % 83 === 82 ? 47 : 22) + random.normal() / 2;
    return `${time},k-${i % 2},${temperature.toFixed(2)}\n`;
  });
  return lines.join("");
}

const HEADER = "timestamp,sensor_id,temperature\n";

async function kiln(rows: number): Promise<string> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "kiln.yaml"), PIPELINE);
  await writeFile(join(cwd, "kiln.csv"), HEADER + csv(rows));
  return cwd;
}

const rowsIn = (lines: readonly string[]): number[] =>
  lines.filter((line) => line.startsWith('{"row"')).map((line) => JSON.parse(line).row);

describe("iotmon watch", () => {
  it("reads stdin to its end with the results of replay for the same rows", async () => {
    const cwd = await kiln(400);
    const input = await readFile(join(cwd, "kiln.csv"), "utf8");
    const args = ["watch", "-", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const watched = await runProgram(args, { cwd, input });
    const replay = ["replay", "kiln.csv", "-p", "kiln.yaml", "--format", "jsonl"];
    const replayed = await runCli([...replay, "--scores", "scores.jsonl"], { cwd });
    expect(watched.code, watched.stderr).toBe(0);
    const lines = watched.stdout.split("\n").slice(0, -1);
    const scores = lines.filter((line) => line.startsWith('{"row"'));
    const alerts = lines.filter((line) => !line.startsWith('{"row"'));
    expect(`${scores.join("\n")}\n`).toBe(await readFile(join(cwd, "scores.jsonl"), "utf8"));
    expect(`${alerts.join("\n")}\n`).toBe(replayed.stdout);
    expect(alerts.length).toBeGreaterThan(3);
  });

  it("needs no pipeline, reports its assumptions, and shows the lines of a board within five seconds", async () => {
    const cwd = await tempFolder();
    const watch = new WatchProcess(["-", "--all"], cwd);
    const tookMs = undisturbedMs(watch.child);
    watch.write("boot v1.2\ntemp:23.4,hum:45.1\n");
    for (let i = 0; i < 3; i++) watch.write(`temp:23.${i},hum:45.${i}\n`);
    await watch.until(() => watch.stdout.includes("temp 23.4 hum 45.1"));
    expect(tookMs()).toBeLessThan(5000);
    watch.child.stdin?.end();
    expect(await watch.ended).toBe(0);
    expect(watch.stderr).toContain("watched: temp, hum");
    expect(watch.stderr).toContain("keyvalue");
  });

  it.each(["watch", "replay"])("%s reports that stdin is a folder", async (command) => {
    const cwd = await tempFolder();
    const run = spawnSync("sh", ["-c", `"$0" "$1" ${command} - < .`, process.execPath, BINARY], {
      cwd,
      encoding: "utf8",
    });
    expect(run.stderr).toContain("it is a folder");
    expect(run.status).toBe(74);
  });

  it("exits with 65 when every line is rejected, and shows a text that is not a number", async () => {
    const cwd = await kiln(0);
    const garbage = Buffer.from([0x54, 0xff, 0x01, 0xfe, 0x9f, 0x0a]).toString("latin1");
    const input = Array.from({ length: 30 }, () => garbage).join("");
    const unknown = await runCli(["watch", "-"], { cwd, input: Buffer.from(input, "latin1") });
    expect(unknown.code).toBe(65);
    expect(unknown.stderr).toContain('such as "T\\ufffd\\u0001\\ufffd\\ufffd"');
    expect(unknown.stderr).toContain("This does not look like text");
    const known = await runCli(["watch", "-", "-p", "kiln.yaml"], { cwd, input: HEADER + csv(20) });
    expect(known.code, known.stderr).toBe(0);
    const none = await runCli(["watch", "-", "-p", "kiln.yaml"], { cwd, input: "x\ny\n" });
    expect(none.code, none.stderr).toBe(65);
    expect(none.stderr).toContain("every line was rejected");
  });

  it("continues a file at the exact line, with its format and pipeline", async () => {
    const cwd = await kiln(300);
    const args = ["kiln.csv", "--all", "--format", "jsonl"];
    const first = await runProgram(["watch", ...args, "--limit", "123"], { cwd });
    expect(first.code, first.stderr).toBe(0);
    await appendFile(join(cwd, "kiln.csv"), csv(10, 300));
    const second = new WatchProcess(args, cwd);
    await second.until(() => second.stdout.includes('{"row":310,'));
    expect(await second.stop("SIGTERM")).toBe(0);
    const rows = [...rowsIn(first.stdout.split("\n")), ...rowsIn(second.lines)];
    expect(rows).toEqual(Array.from({ length: 310 }, (_, i) => i + 1));
    expect(second.stderr).not.toContain("no pipeline given");
  });

  it("identifies a file by its location, under any name", async () => {
    const cwd = await kiln(30);
    const args = ["--all", "--format", "jsonl", "--state", "s", "--limit"];
    const first = await runCli(["watch", "kiln.csv", ...args, "20"], { cwd });
    expect(first.code, first.stderr).toBe(0);
    const second = await runCli(["watch", "./kiln.csv", ...args, "10"], { cwd });
    expect(rowsIn(second.stdout.split("\n"))).toEqual(Array.from({ length: 10 }, (_, i) => 21 + i));
    const pattern = await runCli(["watch", "*.log", ...args, "10"], { cwd });
    expect(pattern).toMatchObject({ code: 64 });
    const twice = await runCli(["watch", "kiln.csv", "./kiln.csv", ...args, "10"], { cwd });
    expect(twice).toMatchObject({ code: 64 });
    expect(twice.stderr).toContain("named twice, as kiln.csv and as ./kiln.csv");
  });

  it("appends rejected lines to a file, with their reason", async () => {
    const cwd = await kiln(1);
    const args = ["watch", "-", "-p", "kiln.yaml", "--rejects", "bad.jsonl"];
    const input = `${HEADER}${csv(30)}rubbish\n${csv(5, 30)}`;
    for (const run of [1, 2]) {
      const { code, stderr } = await runCli(args, { cwd, input });
      expect(code, stderr).toBe(0);
      const kept = (await readFile(join(cwd, "bad.jsonl"), "utf8")).split("\n").slice(0, -1);
      expect(kept).toHaveLength(run);
      expect(JSON.parse(kept[0] ?? "")).toMatchObject({
        input: "stdin",
        line: 32,
        text: "rubbish",
      });
    }
    const nowhere = await runCli([...args.slice(0, -1), "none/bad.jsonl"], { cwd, input });
    expect(nowhere).toMatchObject({ code: 73 });
  });

  it("continues after a header with other columns, also after a restart", async () => {
    const cwd = await kiln(50);
    const lines = csv(20, 50)
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split(","));
    const other = lines.map(([time, sensor, value]) => `${value},9,${time},${sensor}\n`);
    const header = "temperature,load,timestamp,sensor_id\n";
    await appendFile(join(cwd, "kiln.csv"), header + other.slice(0, 12).join(""));
    const args = ["kiln.csv", "-p", "kiln.yaml", "--all", "--format", "jsonl", "--limit"];
    const first = await runCli(["watch", ...args, "55"], { cwd });
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).toContain("the header has changed");
    expect(first.stderr).toContain("not watched: load (not in buffer.schema)");
    await appendFile(join(cwd, "kiln.csv"), header + other.slice(12).join(""));
    const second = await runCli(["watch", ...args, "15"], { cwd });
    expect(second.stderr).not.toContain("rejected");
    const shown = [...first.stdout.split("\n"), ...second.stdout.split("\n")];
    const scores = shown
      .filter((line) => line.includes('"anomaly"'))
      .map((line) => JSON.parse(line));
    const rows = scores.filter(({ row }) => row !== undefined);
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 70 }, (_, i) => i + 1));
    expect(rows.at(-1)).toMatchObject({ sensor_id: lines[19]?.[1], timestamp: lines[19]?.[0] });
  });

  it("keeps the unchanged parts of an edited pipeline, and names those that start again", async () => {
    const cwd = await kiln(200);
    const args = ["watch", "kiln.csv", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    expect((await runCli([...args, "--limit", "150"], { cwd })).code).toBe(0);
    await writeFile(join(cwd, "kiln.yaml"), PIPELINE.replace("> 40", "> 41"));
    const edited = await runCli([...args, "--limit", "10"], { cwd });
    expect(edited.stderr).toContain("restarted: detectors.too_hot");
    expect(edited.stderr).toContain("detectors.anomaly");
    const scores = edited.stdout.split("\n").filter((line) => line.includes('"anomaly"'));
    expect(scores[0]).toMatch(/"row":151,.*"raw_score":\d/);
  });

  it("loses at most the unread part of stdin when it is killed, and repeats no row", async () => {
    const cwd = await kiln(1);
    const lines = csv(400).split("\n").slice(0, -1);
    const args = ["-", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const killed = new WatchProcess(args, cwd);
    killed.write(`${HEADER}${lines.slice(0, 200).join("\n")}\n`);
    await killed.until(() => killed.stdout.includes('{"row":200,'));
    await killed.stop("SIGKILL");
    const next = await runCli(["watch", ...args], {
      cwd,
      input: `${lines.slice(200).join("\n")}\n`,
    });
    expect(next.code, next.stderr).toBe(0);
    const shown = new Set([...killed.lines, ...next.stdout.split("\n")]);
    expect([...new Set(rowsIn([...shown]))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 400 }, (_, i) => i + 1),
    );
  });

  it("starts warm from a recording without sending its alerts", async () => {
    const cwd = await kiln(300);
    const args = ["watch", "-", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const input = HEADER + csv(20, 300);
    const warm = await runCli([...args, "--warm-from", "kiln.csv"], { cwd, input });
    expect(warm.code, warm.stderr).toBe(0);
    expect(warm.stderr).toContain("learned from 300 readings of kiln.csv");
    expect(rowsIn(warm.stdout.split("\n")).at(0)).toBe(1);
    expect(warm.stdout.split("\n")[0]).toMatch(/"raw_score":\d/);
    const again = await runCli([...args, "--warm-from", "kiln.csv"], { cwd, input });
    expect(again.stderr).toContain("kiln.csv is not read");
  });

  it("saves the state of a replay up to its --to and its --limit", async () => {
    const cwd = await kiln(300);
    const replay = ["replay", "kiln.csv", "-p", "kiln.yaml", "--save-state"];
    const info = async (state: string): Promise<number> => {
      const { stdout } = await runCli(["state", "info", "--state", state, "--format", "json"], {
        cwd,
      });
      return Number(/"rows": (\d+)/.exec(stdout)?.[1]);
    };
    const to = new Date(Date.UTC(2026, 0, 1) + 99_000).toISOString();
    expect((await runCli([...replay, "to", "--to", to], { cwd })).stderr).toContain("100 readings");
    expect((await runCli([...replay, "some", "--limit", "70"], { cwd })).code).toBe(0);
    expect([await info("to"), await info("some")]).toEqual([100, 70]);
  });

  it("starts warm with the saved state of a replay", async () => {
    const cwd = await kiln(300);
    const replay = ["replay", "kiln.csv", "-p", "kiln.yaml", "--save-state", "warm"];
    expect((await runCli(replay, { cwd })).code).toBe(0);
    expect(await runCli(replay, { cwd })).toMatchObject({ code: 73 });
    const args = ["watch", "-", "--state", "warm", "--all", "--format", "jsonl"];
    const { code, stdout, stderr } = await runCli(args, { cwd, input: HEADER + csv(5, 300) });
    expect(code, stderr).toBe(0);
    expect(stdout.split("\n")[0]).toMatch(/"detector":"anomaly","raw_score":\d/);
  });

  it("reports no sensor as silent for its own downtime, only one that stays away", async () => {
    const cwd = await tempFolder();
    const rules = [
      "{ name: hot, algorithm: threshold, when: temperature > 40 }",
      "{ name: quiet, algorithm: silent, after: 5s }",
    ];
    const lines = ["version: 1", "buffer: { key: sensor }", "detectors:"];
    const text = [...lines, ...rules.map((rule) => `  - ${rule}`), ""].join("\n");
    await writeFile(join(cwd, "quiet.yaml"), text);
    const reading = (sensor: string): string => `{"sensor":"${sensor}","temperature":21}\n`;
    const args = ["-", "-p", "quiet.yaml", "--all", "--format", "jsonl", "--record", "rec.jsonl"];
    const first = new WatchProcess(args, cwd);
    first.write(["a", "b", "c"].map(reading).join("").repeat(8));
    await first.until(() => first.lines.length >= 24);
    await first.stop("SIGTERM");
    await sleep(6000);
    const second = new WatchProcess(args, cwd);
    const quiet = (): unknown[] =>
      second.lines
        .map((line) => JSON.parse(line))
        .flatMap(({ detector, status, sensor_id }) =>
          status ? [[detector, status, sensor_id]] : [],
        );
    second.write(["a", "b"].map(reading).join("").repeat(12));
    await second.until(() => second.lines.length >= 24);
    expect(quiet()).toEqual([]);
    const feed = setInterval(() => second.write(reading("a") + reading("b")), 200);
    await second.until(() => quiet().length > 0);
    clearInterval(feed);
    expect(quiet()).toEqual([["quiet", "firing", "c"]]);
    await second.stop("SIGTERM");
    expect(await readFile(join(cwd, "rec.2.jsonl"), "utf8")).toMatch(/^\{"pause":\{"from":\d/m);
  });

  it("reports no sensor as silent when unread lines of a file have no timestamps", async () => {
    const cwd = await tempFolder();
    const rule = "{ name: quiet, algorithm: silent, after: 1s }";
    await writeFile(join(cwd, "quiet.yaml"), `version: 1\ndetectors: [ ${rule} ]\n`);
    const args = ["watch", "board.txt", "-p", "quiet.yaml", "--limit", "5", "--format", "jsonl"];
    const watch = async (): Promise<unknown> => {
      await appendFile(join(cwd, "board.txt"), "temperature:21\n".repeat(5));
      const { code, stdout } = await runCli(args, { cwd });
      return { code, stdout };
    };
    expect(await watch()).toEqual({ code: 0, stdout: "" });
    await sleep(1500);
    expect(await watch()).toEqual({ code: 0, stdout: "" });
  });

  it("shows and deletes its state, but not while it runs", async () => {
    const cwd = await kiln(100);
    const watch = new WatchProcess(["kiln.csv", "-p", "kiln.yaml", "--all"], cwd);
    await watch.until(() => watch.stdout.includes("00:01:39"));
    const where = ["--state", ".iotmon/kiln"];
    expect(await runCli(["state", "info", ...where], { cwd })).toMatchObject({ code: 75 });
    expect(await runCli(["state", "reset", "--yes", ...where], { cwd })).toMatchObject({
      code: 75,
    });
    expect(await watch.stop("SIGINT")).toBe(0);
    const { stdout } = await runProgram(["state", "info", "--format", "json", ...where], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      pipelines: [{ name: "kiln", rows: 100, sensors: 2, sources: [{ format: "csv", rows: 100 }] }],
    });
    expect(await runCli(["state", "reset", ...where], { cwd })).toMatchObject({ code: 64 });
    expect(await runProgram(["state", "reset", "--yes", ...where], { cwd })).toMatchObject({
      code: 0,
    });
    expect(await runCli(["state", "info", ...where], { cwd })).toMatchObject({ code: 66 });
  });

  it("notifies the sinks about a missing file, and when it appears", async () => {
    const cwd = await kiln(1);
    const sinks = "sinks: [{ type: file, path: alerts.jsonl }]\n";
    await writeFile(join(cwd, "kiln.yaml"), PIPELINE + sinks);
    const watch = new WatchProcess(["later.csv", "-p", "kiln.yaml", "--format", "jsonl"], cwd);
    await watch.until(() => watch.lines.length === 1);
    await writeFile(join(cwd, "later.csv"), HEADER + csv(30));
    await watch.until(() => watch.lines.length === 2);
    expect(await watch.stop("SIGTERM")).toBe(0);
    const [down, up] = watch.lines.map((line) => JSON.parse(line));
    const what = { detector: "iotmon", labels: { event: "source_down" }, sensor_id: "later" };
    expect(down).toMatchObject({ ...what, status: "firing" });
    expect(up).toMatchObject({ ...what, status: "resolved", episode: down.episode });
    expect(await readFile(join(cwd, "alerts.jsonl"), "utf8")).toBe(watch.stdout);
  });

  it("reports errors without a stack", async () => {
    const cwd = await kiln(100);
    const input = "neither this\nnor that\n";
    const garbage = await runCli(["watch", "-"], { cwd, input });
    expect(garbage).toMatchObject({ code: 65, stdout: "" });
    expect(garbage.stderr).toContain("neither this");
    expect(await runCli(["watch"], { cwd })).toMatchObject({ code: 64 });
    expect(await runCli(["watch", "-", "--input-format", "jsn"], { cwd })).toMatchObject({
      code: 64,
    });
    expect(await runCli(["watch", "-", "--for", "soon"], { cwd })).toMatchObject({ code: 64 });
    expect(await runCli(["watch", "kiln.csv", "-p", "none.yaml"], { cwd })).toMatchObject({
      code: 66,
    });
  });
});
