import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PipelineDocument } from "../../src/config/schema/pipeline.ts";
import { residentBytes } from "../process-use.ts";
import { SensorLines } from "../sensor-lines.ts";
import { liveBytes, restore } from "./after-kill.ts";
import { PROGRAMS, type Program } from "./programs.ts";
import { directoryBytes, WrittenBytes } from "./written-bytes.ts";

const TICK_MS = 50;
const SAMPLE_MS = 250;

/** One row of the table. */
export interface Case {
  /** Command of iotmon. */
  readonly program: string;
  readonly sensors: number;
  /** Readings a second of all sensors together. */
  readonly rate: number;
  /** Readings of each sensor before the start, so that its windows are full. */
  readonly history: number;
}

/** How each case runs. */
export interface Run {
  readonly seconds: number;
  /** Factor of the rates. Times of readings follow, so that they end now. */
  readonly speed: number;
  readonly maxRecovery: string;
  readonly maxSize: string;
  readonly pipeline: PipelineDocument;
  /** Processor time of a start without state, s. */
  readonly emptyS: number;
}

/** Sizes at one moment, bytes. */
interface Sample {
  readonly directory: number;
  readonly journal: number;
  readonly resident: number;
}

export interface Result extends Case {
  readonly readings: number;
  readonly journal: number;
  /** Logical bytes of checkpoints and of the queue of messages. */
  readonly others: number;
  readonly checkpoints: number;
  readonly kernelBytes: number;
  readonly half: Sample;
  readonly end: Sample;
  readonly mostDirectory: number;
  /** Sum of {@link liveBytes} after the kill. */
  readonly live: number;
  /**
   * The most that the directory was in the second half, as a multiple of what two starts needed then: its journal, and
   * the values as they are after the kill.
   */
  readonly mostPerLive: number;
  /** Processor time that this start takes longer than one without state, s. */
  readonly recoveryS: number;
}

/** Feeds a program, kills it and restores its state. Everything is in `folder`. */
export async function measure(one: Case, run: Run, folder: string): Promise<Result> {
  mkdirSync(folder, { recursive: true });
  const state = join(folder, "state");
  const pipeline = join(folder, "pipeline.json");
  writeFileSync(pipeline, JSON.stringify(run.pipeline));
  const source = new SensorLines(one.sensors);
  const begin = Date.now() - 1000 * run.seconds * (run.speed - 1);
  if (one.history > 0) saveHistory(folder, source, one, begin);
  const start = PROGRAMS[one.program];
  if (start === undefined) throw new RangeError(`there is no program ${one.program}`);
  const program = await start({ ...run, pipeline, state });
  await sleep(1000);
  const written = new WrittenBytes(state);
  const kernelBefore = kernelBytes(program.pid);
  const sample = (): Sample => {
    const journal = directoryBytes(join(state, "journal"));
    return { directory: directoryBytes(state), journal, resident: residentBytes(program.pid) };
  };
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    written.sample();
    samples.push(sample());
  }, SAMPLE_MS);
  const readings = await feed(program, source, one, run, begin);
  await sleep(1000);
  clearInterval(timer);
  written.sample();
  const kernel = kernelBytes(program.pid) - kernelBefore;
  await program.kill();
  const live = await liveBytes(state);
  const { cpuS, rows } = restore(state);
  const sent = readings + one.sensors * one.history;
  if (rows !== sent) throw new Error(`${sent} readings were sent, ${rows} are in the state`);
  return {
    ...one,
    readings,
    half: samples[samples.length >> 1] as Sample,
    end: samples.at(-1) as Sample,
    mostDirectory: Math.max(...samples.map(({ directory }) => directory)),
    journal: written.journal,
    others: written.others,
    checkpoints: written.checkpoints,
    kernelBytes: kernel,
    live: live.values + live.journal,
    mostPerLive: Math.max(
      ...samples
        .slice(samples.length >> 1)
        .map(({ directory, journal }) => directory / (live.values + journal)),
    ),
    recoveryS: cpuS - run.emptyS,
  };
}

function kernelBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

/** Sends lines at the rate, until the time is over. @returns Their number. */
async function feed(
  program: Program,
  source: SensorLines,
  { rate }: Case,
  { seconds, speed }: Run,
  begin: number,
): Promise<number> {
  const start = performance.now();
  let sent = 0;
  for (let now = 0; now < seconds * 1000; now = performance.now() - start) {
    let text = "";
    for (const due = Math.floor((now / 1000) * rate * speed); sent < due; sent++) {
      text += source.lines(1, begin + ((sent + 1) / rate) * 1000);
    }
    if (text !== "") await program.send(text);
    await sleep(TICK_MS);
  }
  return sent;
}

/** Replays readings that end at `end` into a state. */
function saveHistory(
  folder: string,
  source: SensorLines,
  { sensors, rate, history }: Case,
  end: number,
): void {
  const path = join(folder, "history.jsonl");
  const rows = sensors * history;
  const begin = end - ((rows - 1) / rate) * 1000;
  let text = "";
  for (let i = 0; i < rows; i++) text += source.lines(1, begin + (i / rate) * 1000);
  writeFileSync(path, text);
  const args = ["replay", path, "-p", join(folder, "pipeline.json"), "-q", "--save-state"];
  const run = spawnSync(process.execPath, ["bin/iotmon.js", ...args, join(folder, "state")]);
  if (run.status !== 0) throw new Error(`iotmon replay failed: ${run.stderr}`);
}
