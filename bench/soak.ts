/**
 * `iotmon watch` at a steady rate for minutes: growth of its memory, delays of its event loop, and its
 * share of a core. Linux only; `--pty` needs socat.
 *
 * Usage: `npm run bench:soak -- [--minutes 10] [--rate 1000] [--sensors 100] [--warm-up 1800] [--pty]`.
 * `--minutes` is the measured time, after the warm-up in seconds.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { atEnd } from "./at-end.ts";
import { fitLine } from "./linear-fit.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { processorSeconds, residentBytes } from "./process-use.ts";
import { printTable } from "./report.ts";
import { SensorLines } from "./sensor-lines.ts";
import { spawnNode } from "./spawn-node.ts";
import { tempFolder } from "./temp-folder.ts";

const REPORT_FD = 3;
/** Time between two timers of the delay measurement, ms. */
const RESOLUTION_MS = 10;
const TICK_MS = 20;
const SAMPLE_MS = 1000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    rate: { type: "string", default: "1000" },
    sensors: { type: "string", default: "100" },
    "warm-up": { type: "string", default: "1800" },
    pty: { type: "boolean", default: false },
  },
});
const [minutes, rate, sensors, warmUp] = [
  values.minutes,
  values.rate,
  values.sensors,
  values["warm-up"],
].map(Number) as [number, number, number, number];
const seconds = minutes * 60;
if (!(seconds > 5 && warmUp >= 0)) throw new RangeError("--minutes or --warm-up is too short");

/**
 * Loaded into the program: measures the delay of timers from SIGUSR2 on, and writes it at the end. The
 * histogram contains the times between two timers, so the intended time is subtracted.
 */
const DELAYS = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  import { monitorEventLoopDelay } from "node:perf_hooks";
  const delays = monitorEventLoopDelay({ resolution: ${RESOLUTION_MS} });
  delays.enable();
  process.on("SIGUSR2", () => delays.reset());
  process.on("exit", () => {
    const late = (ns) => ns / 1e6 - ${RESOLUTION_MS};
    const [p50, p99] = [50, 99].map((share) => late(delays.percentile(share)));
    fs.writeSync(${REPORT_FD}, JSON.stringify({ p50, p99, max: late(delays.max) }));
  });`)}`;

/** Delays of timers, ms. */
interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * All bounded memory is full after two minutes; the rest of the warm-up is for V8 and the allocator, see
 * `bench/README.md`. Growth after that is a leak.
 */
const pipeline = {
  ...originPipeline,
  buffer: { ...originPipeline.buffer, max_rows: 2000 },
  detectors: originPipeline.detectors.map((detector) => ({
    ...detector,
    window: 500,
    calibration_window: 500,
  })),
};

/** A pseudo-terminal: `path` reads the text written to `input`. */
async function openPty(folder: string): Promise<{ path: string; socat: ChildProcess }> {
  const path = join(folder, "tty");
  const socat = spawn("socat", ["-u", "STDIN", `PTY,rawer,link=${path}`], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  atEnd(() => void socat.kill());
  await once(socat, "spawn");
  while (!existsSync(path)) await sleep(TICK_MS);
  return { path: realpathSync(path), socat };
}

/** Writes at the rate for some time. @returns The largest number of waiting lines, approximately. */
async function feed(input: Writable, forMs: number): Promise<number> {
  const source = new SensorLines(sensors);
  const start = performance.now();
  let sent = 0;
  let most = 0;
  for (let now = 0; now < forMs; now = performance.now() - start) {
    const due = Math.floor((now / 1000) * rate) - sent;
    const text = source.lines(due);
    if (text !== "") input.write(text);
    sent += due;
    if (due > 0) most = Math.max(most, (input.writableLength / text.length) * due);
    await sleep(TICK_MS);
  }
  return most;
}

/** Samples the memory of a process every second until it ends or the signal aborts. */
async function watchMemory(
  pid: number,
  signal: AbortSignal,
): Promise<[hours: number, mb: number][]> {
  const samples: [number, number][] = [];
  while (!signal.aborted) {
    samples.push([performance.now() / 3_600_000, residentBytes(pid) / 1e6]);
    await sleep(SAMPLE_MS);
  }
  return samples;
}

async function soak(folder: string): Promise<void> {
  const file = join(folder, "pipeline.json");
  writeFileSync(file, JSON.stringify(pipeline));
  const pty = values.pty ? await openPty(folder) : null;
  const args = ["bin/iotmon.js", "watch", pty?.path ?? "-", "-q", "-p", file, "--input-format"];
  const state = ["jsonl", "--state", join(folder, "state")];
  const child = spawnNode(
    ["--import", DELAYS, ...args, ...state],
    ["pipe", "ignore", "inherit", "pipe"],
  );
  const ended = once(child, "exit");
  const report: Buffer[] = [];
  child.stdio[REPORT_FD]?.on("data", (chunk: Buffer) => report.push(chunk));
  const input = pty?.socat.stdin ?? child.stdin;
  const { pid } = child;
  if (pid === undefined || input === null) throw new Error("iotmon watch did not start");
  const stop = new AbortController();
  const writing = feed(input, (warmUp + seconds) * 1000);
  await sleep(warmUp * 1000);
  if (!child.kill("SIGUSR2")) throw new Error("iotmon watch did not stay");
  const [before, since] = [processorSeconds(pid), performance.now()];
  const watching = watchMemory(pid, stop.signal);
  const most = await writing;
  const share = (processorSeconds(pid) - before) / ((performance.now() - since) / 1000);
  stop.abort();
  const memory = await watching;
  if (pty === null) input.end();
  else child.kill("SIGTERM");
  const [code] = await ended;
  pty?.socat.kill();
  if (code !== 0) throw new Error(`iotmon watch ended with ${code}`);
  print(memory, share, most, JSON.parse(Buffer.concat(report).toString()));
}

function print(
  memory: readonly [number, number][],
  share: number,
  most: number,
  { p50, p99, max }: Delays,
): void {
  const { slope, error } = fitLine(memory);
  const sizes = memory.map(([, mb]) => mb);
  const ms = (value: number): string => `${Math.max(0, value).toFixed(1)} ms`;
  printTable(
    `iotmon watch, ${sensors} sensors, ${rate} readings/s through ${values.pty ? "a pty" : "stdin"}, ${memory.length} s after ${warmUp} s`,
    ["figure", "value"],
    [
      ["memory, smallest and largest", `${mb(Math.min(...sizes))} to ${mb(Math.max(...sizes))}`],
      ["memory slope", `${slope.toFixed(1)} +- ${error.toFixed(1)} MB/h`],
      ["flat: not above 0 by two errors", slope <= 2 * error ? "yes" : "NO"],
      ["event loop late, median", ms(p50)],
      ["event loop late, p99", ms(p99)],
      ["event loop late, most", ms(max)],
      ["share of a core", `${(100 * share).toFixed(1)} %`],
      ["lines that waited for it, at most", most.toFixed(0)],
    ],
  );
}

function mb(value: number): string {
  return `${value.toFixed(1)} MB`;
}

bundleDist();
await soak(tempFolder());
