/**
 * Cost of a sweep: many settings over a recording, against one replay of it in the same run.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { writeRecording } from "./recording.ts";
import { printTable } from "./report.ts";
import { runNode } from "./run-node.ts";
import { tempFolder } from "./temp-folder.ts";

const ROWS = Number(process.env["IOTMON_SWEEP_ROWS"] ?? 100_000);
const ROUNDS = Number(process.env["IOTMON_SWEEP_ROUNDS"] ?? 3);
const CONTAMINATIONS = "0.005,0.01,0.02,0.03,0.05,0.1,0.15,0.2,0.3,0.4";
const MOST = 12;

/** Twenty settings each. */
const sweeps: readonly (readonly [name: string, axes: readonly string[]])[] = [
  ["contamination x for", [`detectors.0.contamination=${CONTAMINATIONS}`, "alerts.for=1,3"]],
  [
    "contamination x window",
    [`detectors.0.contamination=${CONTAMINATIONS}`, "features.0.window=10,20"],
  ],
  [
    "reference x warm-up",
    ["detectors.0.window=500,1000,2000,3000,5000", "detectors.0.warmup_period=200,300,400,500"],
  ],
];

const folder = tempFolder();
const [csv, pipeline] = [join(folder, "bench.csv"), join(folder, "pipeline.json")];
writeRecording(csv, ROWS);
writeFileSync(pipeline, JSON.stringify(originPipeline));
const replay = ["bin/iotmon.js", "replay", csv, "-p", pipeline, "-q", "--format", "json"];
const times = sweeps.map(() => ({ one: [] as number[], sweep: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, [, axes]] of sweeps.entries()) {
    times[i]?.one.push((await runNode(replay)).seconds);
    const options = axes.flatMap((axis) => ["--sweep", axis]);
    times[i]?.sweep.push((await runNode([...replay, ...options])).seconds);
  }
}
const rows = sweeps.map(([name], i) => {
  const { one = [], sweep = [] } = times[i] ?? {};
  const ratio = medianRatio(sweep, one);
  return [
    name,
    `${median(one).toFixed(2)} s`,
    `${median(sweep).toFixed(2)} s`,
    `${ratio.toFixed(1)} x`,
    ratio < MOST ? "yes" : "no",
  ];
});
const title = `20 settings over ${ROWS} readings, median of ${ROUNDS} rounds`;
printTable(title, ["sweep", "one replay", "sweep", "ratio", `below ${MOST} x`], rows);
