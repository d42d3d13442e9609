import { spawnSync } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { ChaosReceiver } from "../support/chaos-receiver.ts";
import { Random } from "../support/random.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { WatchProcess } from "../support/watch-process.ts";
import { canHere } from "./can-here.ts";
import { Pty } from "./pty.ts";
import { SmallDisk } from "./small-disk.ts";

const START = Date.UTC(2026, 0, 1);
/** Rows that exceed the memory for unwritten records by far. */
const MANY = 60_000;

const pipeline = (url: string): string => `version: 1
name: kiln
features:
  - { name: temp_mean_10, column: temperature, function: mean, window: 10 }
detectors:
  - { name: anomaly, algorithm: ecod, features: [temperature, temp_mean_10], warmup_period: 60 }
  - { name: too_hot, algorithm: threshold, when: temperature > 40, severity: critical }
alerts: { cooldown: 1h, resolve_after: 20s }
sinks: [{ type: webhook, name: hook, url: "${url}" }]
`;

/** Rows of a CSV, with a spike every 500. */
function rowsOf(from: number, to: number): readonly string[] {
  const random = new Random(from + 1);
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    const time = new Date(START + 1000 * row).toISOString();
    const temperature = (row % 500 === 499 ? 47 : 22) + random.normal() / 2;
    return `${time},k-${row % 3},${temperature.toFixed(3)}`;
  });
}

interface Alert {
  readonly detector: string;
  readonly id: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

const isRow = (line: string): boolean => line.startsWith('{"row":');
const rowOf = (line: string): string => line.slice(0, line.indexOf(',"raw_score"'));
const idOf = (line: string): string => JSON.parse(line).id;
const alertsOf = (lines: readonly string[]): Alert[] =>
  lines.filter((line) => !isRow(line)).map((line) => JSON.parse(line));
const diskEvents = (lines: readonly string[]): string[] =>
  alertsOf(lines)
    .filter(({ detector }) => detector === "iotmon")
    .map(({ labels, status }) => `${labels["event"]} ${status}`);

/** Lines by their name; repeated lines must be equal. */
function distinct(lines: readonly string[], name: (line: string) => string): string[] {
  const known = new Map<string, string>();
  for (const line of lines) {
    const key = name(line);
    expect(known.get(key) ?? line, "a repeated line is the same").toBe(line);
    known.set(key, line);
  }
  return [...known.values()];
}

async function setUp() {
  const disk = await SmallDisk.mount(24);
  const cwd = await tempFolder(); // the input is on another disk
  const receiver = await ChaosReceiver.start({ status: 204 });
  await writeFile(join(cwd, "kiln.yaml"), pipeline(`${receiver.origin}/`));
  await writeFile(join(cwd, "kiln.csv"), "timestamp,sensor_id,temperature\n");
  const state = join(disk.path, "state");
  const start = (source: string): WatchProcess => {
    const args = ["-p", "kiln.yaml", "--state", state, "--all", "--format", "jsonl"];
    const run = new WatchProcess([source, ...args], cwd);
    onTestFinished(() => void run.child.kill("SIGKILL"));
    return run;
  };
  const grow = (from: number, to: number): Promise<void> =>
    appendFile(join(cwd, "kiln.csv"), `${rowsOf(from, to).join("\n")}\n`);
  const expected = async () => {
    const replay = ["replay", "kiln.csv", "-p", "kiln.yaml", "--scores", "scores.jsonl"];
    const { stdout } = await runCli([...replay, "--format", "jsonl"], { cwd });
    const scores = (await readFile(join(cwd, "scores.jsonl"), "utf8")).split("\n").slice(0, -1);
    return { scores, alerts: stdout.split("\n").slice(0, -1) };
  };
  return { disk, cwd, receiver, start, grow, expected };
}

/** Whether the row was shown; reads each line once, because there are many. */
const hasShown = (run: WatchProcess, row: number): (() => boolean) => {
  let looked = 0;
  return () => {
    const { lines } = run;
    while (looked < lines.length) {
      if (lines[looked++]?.startsWith(`{"row":${row},`)) return true;
    }
    return false;
  };
};

const canMount = canHere("a full disk", "unshare", [
  "--mount",
  ...["mount", "-t", "tmpfs", "tmpfs", "/mnt"],
]);

describe.skipIf(!canMount)("iotmon watch on a full disk", () => {
  it("continues to score and alert, reports it, and stores everything when there is space again", {
    timeout: 180_000,
  }, async () => {
    const { disk, receiver, start, grow, expected } = await setUp();
    const run = start("kiln.csv");
    await grow(0, 1000);
    await run.until(hasShown(run, 1000));
    await disk.fill();
    await grow(1000, 3000);
    await run.until(hasShown(run, 3000));
    await run.until(() => diskEvents(run.lines).includes("disk_full firing"));
    // far above the memory limit: the journal has a gap
    await grow(3000, MANY);
    await run.until(hasShown(run, MANY));
    const shown = alertsOf(run.lines).map(({ id }) => id);
    await run.until(() => receiver.received.length >= shown.length);
    const delivered = receiver.received.map(({ body }) => JSON.parse(body).id);
    expect(new Set(delivered)).toEqual(new Set(shown));
    expect(diskEvents(run.lines)).toEqual(["disk_full firing"]);

    await disk.free();
    await run.until(() => diskEvents(run.lines).includes("disk_full resolved"));
    await grow(MANY, MANY + 500);
    await run.until(hasShown(run, MANY + 500));
    await run.stop("SIGKILL"); // the next start has only what is stored now
    const next = start("kiln.csv");
    await grow(MANY + 500, MANY + 1000);
    await next.until(hasShown(next, MANY + 1000));
    expect(await next.stop("SIGTERM"), next.stderr).toBe(0);
    const first = next.lines.find(isRow) ?? "";
    expect(JSON.parse(first).row).toBeGreaterThan(3000);
    expect(next.stderr).not.toContain("missing");
    const { scores, alerts } = await expected();
    const lines = [...run.lines, ...next.lines];
    expect(distinct(lines.filter(isRow), rowOf)).toEqual(scores);
    const own = lines.filter((line) => !isRow(line) && !line.includes('"detector":"iotmon"'));
    expect(distinct(own, idOf)).toEqual(alerts);
  });

  it.each([3000, MANY])(
    "loses nothing of a file when it is killed (%i rows)",
    {
      timeout: 180_000,
    },
    async (rows) => {
      const { disk, start, grow, expected } = await setUp();
      const run = start("kiln.csv");
      await grow(0, 1000);
      await run.until(hasShown(run, 1000));
      await disk.fill();
      await grow(1000, rows);
      await run.until(hasShown(run, rows));
      await run.until(() => diskEvents(run.lines).includes("disk_full firing"));
      await run.stop("SIGKILL");
      await disk.free();
      const next = start("kiln.csv");
      await grow(rows, rows + 200);
      await next.until(hasShown(next, rows + 200));
      expect(await next.stop("SIGTERM"), next.stderr).toBe(0);
      expect(next.stderr).toContain("the disk was full when the last run ended");
      const { scores, alerts } = await expected();
      const lines = [...run.lines, ...next.lines];
      expect(distinct(lines.filter(isRow), rowOf)).toEqual(scores);
      const own = lines.filter((line) => !isRow(line) && !line.includes('"detector":"iotmon"'));
      expect(distinct(own, idOf)).toEqual(alerts);
    },
  );

  it("ends a recording, reports it, and continues in a new file when there is space again", {
    timeout: 120_000,
  }, async () => {
    const { disk, cwd, grow } = await setUp();
    const recording = join(disk.path, "a.jsonl");
    const args = ["kiln.csv", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const run = new WatchProcess([...args, "--record", recording], cwd);
    onTestFinished(() => void run.child.kill("SIGKILL"));
    await grow(0, 1000);
    await run.until(hasShown(run, 1000));
    await sleep(1500);
    await disk.fill();
    await grow(1000, 3000);
    await run.until(() => diskEvents(run.lines).includes("recording_stopped firing"));
    expect(run.stderr).toContain("ends here, watching continues");
    expect(run.stderr).toContain("the disk is full");
    await grow(3000, 4000);
    await run.until(hasShown(run, 4000));
    await disk.free();
    await run.until(() => diskEvents(run.lines).includes("recording_stopped resolved"));
    await grow(4000, 5000);
    await run.until(hasShown(run, 5000));
    expect(await run.stop("SIGTERM"), run.stderr).toBe(0);
    expect(run.stderr.split("ends here, watching continues")).toHaveLength(2);
    // the state is on another disk
    expect(diskEvents(run.lines)).toEqual([
      "recording_stopped firing",
      "recording_stopped resolved",
    ]);

    const replayed = async (name: string) => {
      const scores = ["--scores", "part.jsonl"];
      const replay = await runCli(["replay", join(disk.path, name), ...scores], { cwd });
      expect(replay.code, replay.stderr).toBe(0);
      const lines = (await readFile(join(cwd, "part.jsonl"), "utf8")).split("\n").slice(0, -1);
      return { ...replay, lines };
    };
    const live = run.lines.filter(isRow);
    const first = await replayed("a.jsonl");
    expect(first.lines.length).toBeGreaterThan(1000);
    expect(live.slice(0, first.lines.length)).toEqual(first.lines);
    const further = await replayed("a.2.jsonl");
    expect(further.stderr).toContain("the recorded session continues after a gap that began at 20");
    // with a limit of one reading it has learned nothing
    const limits = (lines: readonly string[]) => lines.filter((line) => line.includes("too_hot"));
    expect(limits(further.lines)).toEqual(limits(live).slice(-1000));
  });

  it("starts there, and restarts warm", { timeout: 120_000 }, async () => {
    const { disk, start, grow } = await setUp();
    const run = start("kiln.csv");
    await grow(0, 1000);
    await run.until(hasShown(run, 1000));
    await run.stop("SIGKILL");
    await disk.fill();
    const next = start("kiln.csv");
    await grow(1000, 1100);
    await next.until(hasShown(next, 1100));
    const last = JSON.parse(next.lines.findLast(isRow) ?? "");
    expect([last.row, last.detector]).toEqual([1100, "too_hot"]);
    const scored = next.lines.filter((line) => line.startsWith('{"row":1001,'));
    expect(scored.some((line) => JSON.parse(line).raw_score !== null)).toBe(true);
    await next.stop("SIGKILL");
  });

  it("continues to read a port", { timeout: 120_000 }, async () => {
    const { disk, cwd, start } = await setUp();
    const port = await Pty.plug(join(cwd, "port"));
    const link = spawnSync("readlink", ["-f", port.link]).stdout.toString().trim();
    let spoken = 0;
    const speaking = setInterval(() => {
      void port.write(`temperature:${20 + (spoken++ % 7) / 10}\n`);
    }, 40);
    onTestFinished(() => clearInterval(speaking));
    const run = start(link);
    await run.until(() => run.lines.filter(isRow).length > 20);
    await disk.fill();
    await run.until(() => diskEvents(run.lines).includes("disk_full firing"));
    const before = run.lines.length;
    await run.until(() => run.lines.length > before + 50);
    await disk.free();
    await run.until(() => diskEvents(run.lines).includes("disk_full resolved"));
    const kept = run.lines.filter(isRow).length;
    await sleep(1500);
    await run.stop("SIGKILL");
    const next = start(link);
    await next.until(() => next.lines.filter(isRow).length > kept + 20);
    expect(await next.stop("SIGTERM"), next.stderr).toBe(0);
    // the next start continues after all rows scored while the disk was full
    const rows = (lines: readonly string[]) =>
      lines.filter(isRow).map((line) => JSON.parse(line).row);
    expect(Math.max(...rows(next.lines))).toBeGreaterThan(Math.max(...rows(run.lines)));
    expect(distinct([...run.lines, ...next.lines].filter(isRow), rowOf).length).toBeGreaterThan(0);
  });
});
