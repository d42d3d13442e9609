/**
 * What `iotmon watch` writes to its state directory, at several rates side by side: logical bytes (what it hands to
 * the system), and the bytes that the kernel counts. Then it kills each process and measures the next start. Linux
 * only, on a disk: a tmpfs counts nothing.
 *
 * Usage: `npm run bench:disk -- [--minutes 20] [--speed 1] [--max-recovery 5s] [--folder DIR] [--case N]`.
 * `--speed` multiplies the rates; with a low `--max-recovery` it gives many checkpoints in a short time. `--case` runs
 * only the N-th one, from 1.
 *
 * @module
 */
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { residentBytes } from "./process-use.ts";
import { printTable } from "./report.ts";
import { SensorLines } from "./sensor-lines.ts";
import { spawnNode } from "./spawn-node.ts";
import { tempFolder } from "./temp-folder.ts";

const TICK_MS = 50;
const SAMPLE_MS = 500;
const DAY_S = 86_400;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "20" },
    speed: { type: "string", default: "1" },
    "max-recovery": { type: "string", default: "5s" },
    folder: { type: "string" },
    case: { type: "string" },
  },
});
const speed = Number(values.speed);
const seconds = 60 * Number(values.minutes);
if (!(seconds >= 10)) throw new RangeError("--minutes is too short");

interface Case {
  readonly sensors: number;
  /** Readings a second of all sensors together. */
  readonly rate: number;
  /** Readings of each sensor before the start, so that its windows are full. */
  readonly history: number;
}

const CASES: readonly Case[] = [
  { sensors: 1, rate: 1, history: 0 },
  { sensors: 50, rate: 5, history: 2000 },
  { sensors: 50, rate: 500, history: 0 },
  { sensors: 1000, rate: 100, history: 0 },
];

/** Features of the other benchmarks, the detector as it is by default. */
const pipeline = {
  ...originPipeline,
  detectors: originPipeline.detectors.map(({ name, algorithm, features }) => ({
    name,
    algorithm,
    features,
  })),
  state: { max_recovery: values["max-recovery"] },
};

/** Logical bytes of logs: they only grow at their end, so the largest size of each file counts. */
class WrittenBytes {
  readonly #folder: string;
  readonly #sizes = new Map<string, { from: number; size: number }>();
  readonly #generations = new Set<string>();
  readonly #known: number;

  /** @param folder State directory; what it holds now does not count. */
  constructor(folder: string) {
    this.#folder = folder;
    this.sample();
    for (const file of this.#sizes.values()) file.from = file.size;
    this.#known = this.#generations.size;
  }

  sample(): void {
    for (const log of ["journal", "checkpoints"]) {
      const folder = join(this.#folder, log);
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const { size } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? { size: 0 };
        const path = join(log, name);
        const before = this.#sizes.get(path);
        this.#sizes.set(path, { from: before?.from ?? 0, size: Math.max(size, before?.size ?? 0) });
        if (log === "checkpoints" && size > (before?.size ?? 0))
          this.#readGenerations(join(folder, name));
      }
    }
  }

  of(log: "journal" | "checkpoints"): number {
    let bytes = 0;
    for (const [path, { from, size }] of this.#sizes)
      if (path.startsWith(log)) bytes += size - from;
    return bytes;
  }

  /** Checkpoints seen. */
  get checkpoints(): number {
    return this.#generations.size - this.#known;
  }

  #readGenerations(path: string): void {
    const text = readFileSync(path, "latin1");
    for (const [, number = ""] of text.matchAll(/"manifest":\{"generation":(\d+)/g)) {
      this.#generations.add(number);
    }
  }
}

interface Sample {
  readonly directory: number;
  readonly resident: number;
}

interface Result extends Case {
  readonly readings: number;
  readonly journal: number;
  readonly checkpoints: number;
  readonly checkpointBytes: number;
  readonly kernelBytes: number;
  readonly half: Sample;
  readonly end: Sample;
  readonly recoveryS: number;
}

function kernelBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

/** Without the reserve, which is written once. */
function directoryBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "reserve")
    .map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false }))
    .reduce((sum, stats) => sum + (stats?.size ?? 0), 0);
}

/** Processor time of `iotmon state info`, which restores the state, s. */
function restoreSeconds(state: string): number {
  const report = `data:text/javascript,process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write("cpu " + (user + system) + "\\n");
  })`;
  const args = ["--import", report, "bin/iotmon.js", "state", "info", "--state", state];
  const { stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return Number(/cpu (\d+)/.exec(stderr)?.[1]) / 1e6;
}

/** Lines at the rate, until the time is over. */
async function feed(child: ChildProcess, source: SensorLines, rate: number): Promise<number> {
  const start = performance.now();
  const begin = Date.now();
  let sent = 0;
  for (let now = 0; now < seconds * 1000; now = performance.now() - start) {
    const due = Math.floor((now / 1000) * rate * speed) - sent;
    for (let i = 0; i < due; i++) {
      sent += 1;
      child.stdin?.write(source.lines(1, begin + (sent / rate) * 1000));
    }
    await sleep(TICK_MS);
  }
  return sent;
}

function saveHistory(folder: string, source: SensorLines, { sensors, rate, history }: Case): void {
  const path = join(folder, "history.jsonl");
  const rows = sensors * history;
  const begin = Date.now() - (rows / rate) * 1000;
  let text = "";
  for (let i = 0; i < rows; i++) text += source.lines(1, begin + (i / rate) * 1000);
  writeFileSync(path, text);
  const args = ["replay", path, "-p", join(folder, "pipeline.json"), "-q", "--save-state"];
  const run = spawnSync(process.execPath, ["bin/iotmon.js", ...args, join(folder, "state")]);
  if (run.status !== 0) throw new Error(`iotmon replay failed: ${run.stderr}`);
}

async function measure(one: Case, folder: string, emptyS: number): Promise<Result> {
  mkdirSync(folder, { recursive: true });
  const state = join(folder, "state");
  writeFileSync(join(folder, "pipeline.json"), JSON.stringify(pipeline));
  const source = new SensorLines(one.sensors);
  if (one.history > 0) saveHistory(folder, source, one);
  const args = ["watch", "-", "-q", "-p", join(folder, "pipeline.json"), "--input-format", "jsonl"];
  const child = spawnNode(
    ["bin/iotmon.js", ...args, "--state", state],
    ["pipe", "ignore", "inherit"],
  );
  const { pid } = child;
  if (pid === undefined) throw new Error("iotmon watch did not start");
  while (!existsSync(join(state, "reserve"))) await sleep(TICK_MS); // written last
  await sleep(1000);
  const written = new WrittenBytes(state);
  const kernelBefore = kernelBytes(pid);
  const sample = (): Sample => ({ directory: directoryBytes(state), resident: residentBytes(pid) });
  let half = sample();
  const start = performance.now();
  let isHalf = false;
  const timer = setInterval(() => {
    written.sample();
    if (isHalf || performance.now() - start < seconds * 500) return;
    isHalf = true;
    half = sample();
  }, SAMPLE_MS);
  const readings = await feed(child, source, one.rate);
  await sleep(1000);
  clearInterval(timer);
  written.sample();
  const end = sample();
  const kernel = kernelBytes(pid) - kernelBefore;
  child.kill("SIGKILL");
  await once(child, "exit");
  return {
    ...one,
    readings,
    half,
    end,
    journal: written.of("journal"),
    checkpoints: written.checkpoints,
    checkpointBytes: written.of("checkpoints"),
    kernelBytes: kernel,
    recoveryS: restoreSeconds(state) - emptyS,
  };
}

function row(result: Result): string[] {
  const { sensors, rate, history, readings, journal, checkpointBytes } = result;
  const { half, end } = result;
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const from = history > 0 ? ", from history" : "";
  return [
    `${sensors} at ${rate}/s${from}`,
    `${readings}`,
    (journal / readings).toFixed(0),
    (checkpointBytes / readings).toFixed(0),
    ((journal + checkpointBytes) / journal).toFixed(2),
    `${result.checkpoints}`,
    (result.kernelBytes / readings).toFixed(0),
    mb((result.kernelBytes / seconds / speed) * DAY_S),
    `${mb(half.directory)}, ${mb(end.directory)}`,
    `${mb(half.resident)}, ${mb(end.resident)}`,
    result.recoveryS.toFixed(2),
  ];
}

bundleDist();
const root =
  values.folder === undefined ? tempFolder() : mkdtempSync(join(values.folder, "iotmon-bench-"));
const chosen = values.case === undefined ? CASES : CASES.slice(Number(values.case) - 1).slice(0, 1);
const empty = join(root, "empty");
const emptyPipeline = join(root, "empty.json");
writeFileSync(emptyPipeline, JSON.stringify(pipeline));
spawnSync(
  process.execPath,
  ["bin/iotmon.js", "watch", "-", "-q", "-p", emptyPipeline, "--state", empty],
  { input: "" },
);
const emptyS = restoreSeconds(empty);
const results = await Promise.all(chosen.map((one, i) => measure(one, join(root, `${i}`), emptyS)));
printTable(
  `iotmon watch for ${values.minutes} minutes, ${speed} times as fast, state.max_recovery ${values["max-recovery"]}; bytes a reading, MB`,
  [
    "sensors",
    "readings",
    "journal",
    "checkpoints",
    "all / journal",
    "checkpoints",
    "kernel",
    "kernel MB/day",
    "directory, half and end",
    "resident, half and end",
    "start s CPU",
  ],
  results.map(row),
);
