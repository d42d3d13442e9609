/**
 * What `iotmon watch` and `iotmon serve` write to their state directories, at several rates side by side: logical
 * bytes (what they hand to the system), and the bytes that the kernel counts. Then it kills each process and measures
 * the next start. Linux only, on a disk: a tmpfs counts nothing.
 *
 * Usage: `npm run bench:disk -- [--minutes 20] [--program watch --program serve] [--max-recovery 5s]
 * [--max-size 256MiB] [--speed 1] [--folder DIR] [--sensors N --rate N [--history N]]`. `--speed` multiplies the rates;
 * with a low `--max-recovery` it gives many checkpoints in a short time. `--sensors` and `--rate` run one other case.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setup as bundleDist } from "../../test/support/bundle-dist.ts";
import { originPipeline } from "../origin-pipeline.ts";
import { printTable } from "../report.ts";
import { tempFolder } from "../temp-folder.ts";
import { restore } from "./after-kill.ts";
import { type Case, measure, type Result, type Run } from "./measure.ts";
import { PROGRAMS } from "./programs.ts";

const DAY_S = 86_400;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "20" },
    program: { type: "string", multiple: true, default: Object.keys(PROGRAMS) },
    "max-recovery": { type: "string", default: "5s" },
    "max-size": { type: "string", default: "256MiB" },
    speed: { type: "string", default: "1" },
    folder: { type: "string" },
    sensors: { type: "string" },
    rate: { type: "string", default: "1" },
    history: { type: "string", default: "0" },
  },
});
const speed = Number(values.speed);
const seconds = 60 * Number(values.minutes);
if (!(seconds >= 10)) throw new RangeError("--minutes is too short");

type Load = Omit<Case, "program">;

const LOADS: readonly Load[] = [
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
  state: { max_recovery: values["max-recovery"], max_size: values["max-size"] },
};

function row(result: Result): string[] {
  const { program, sensors, rate, history, readings, journal, others } = result;
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const from = history > 0 ? ", from history" : "";
  return [
    `${program}, ${sensors} at ${rate}/s${from}`,
    `${readings}`,
    (journal / readings).toFixed(0),
    (others / readings).toFixed(0),
    ((journal + others) / journal).toFixed(2),
    `${result.checkpoints}`,
    (result.kernelBytes / readings).toFixed(0),
    mb((result.kernelBytes / seconds / speed) * DAY_S),
    [result.half.directory, result.end.directory, result.mostDirectory].map(mb).join(", "),
    mb(result.live),
    result.mostPerLive.toFixed(2),
    [result.half.resident, result.end.resident].map(mb).join(", "),
    result.recoveryS.toFixed(2),
  ];
}

/** Processor time to open a state without readings, s. */
function emptySeconds(folder: string): number {
  const state = join(folder, "empty");
  const path = join(folder, "empty.json");
  writeFileSync(path, JSON.stringify(pipeline));
  const args = ["bin/iotmon.js", "watch", "-", "-q", "-p", path, "--state", state];
  spawnSync(process.execPath, args, { input: "" });
  return restore(state).cpuS;
}

bundleDist();
const root =
  values.folder === undefined ? tempFolder() : mkdtempSync(join(values.folder, "iotmon-bench-"));
const { rate, history } = values;
const loads =
  values.sensors === undefined
    ? LOADS
    : [{ sensors: Number(values.sensors), rate: Number(rate), history: Number(history) }];
const run: Run = {
  ...{ seconds, speed, pipeline },
  maxRecovery: values["max-recovery"],
  maxSize: values["max-size"],
  emptyS: emptySeconds(root),
};
const cases = values.program.flatMap((program) => loads.map((load) => ({ program, ...load })));
const results = await Promise.all(cases.map((one, i) => measure(one, run, join(root, `${i}`))));
printTable(
  `${values.minutes} minutes, ${speed} times as fast, max_recovery ${values["max-recovery"]}, max_size ${values["max-size"]}; bytes a reading, MB`,
  [
    "program, sensors",
    "readings",
    "journal",
    "others",
    "all / journal",
    "checkpoints",
    "kernel",
    "kernel MB/day",
    "directory: half, end, most",
    "live",
    "most / live",
    "resident: half, end",
    "start s CPU",
  ],
  results.map(row),
);
