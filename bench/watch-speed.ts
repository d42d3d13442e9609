/**
 * `iotmon watch` of a recording at full speed through stdin, against `iotmon replay` of the same file: the
 * cost of the write-ahead log, checkpoints and framing.
 *
 * Usage: `npm run bench:watch -- [--rows 200000] [--sensors 100] [--rounds 3]`.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { interleave } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { writeRecording } from "./recording.ts";
import { printTable } from "./report.ts";
import { runNode } from "./run-node.ts";
import { tempFolder } from "./temp-folder.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "200000" },
    sensors: { type: "string", default: "100" },
    rounds: { type: "string", default: "3" },
  },
});
const [rows, sensors, rounds] = [values.rows, values.sensors, values.rounds].map(Number) as [
  number,
  number,
  number,
];

bundleDist();
const folder = tempFolder();
const [csv, pipeline] = [join(folder, "bench.csv"), join(folder, "pipeline.json")];
writeRecording(csv, rows, sensors);
writeFileSync(pipeline, JSON.stringify(originPipeline));
const watch = async (): Promise<number> => {
  const state = mkdtempSync(join(folder, "state-"));
  const args = ["bin/iotmon.js", "watch", "-", "-q", "-p", pipeline, "--state", state];
  const { seconds } = await runNode(args, [0], csv);
  rmSync(state, { recursive: true });
  return seconds;
};
const replay = ["bin/iotmon.js", "replay", csv, "-q", "-p", pipeline, "--workers", "1"];
const seconds = await interleave(rounds, {
  replay: async () => (await runNode(replay)).seconds,
  watch,
});
const row = (name: string, task: keyof typeof seconds): readonly string[] => [
  name,
  median(seconds[task]).toFixed(2),
  (rows / median(seconds[task])).toFixed(0),
  medianRatio(seconds[task], seconds.replay).toPrecision(3),
];
printTable(
  `${rows.toLocaleString("en")} rows of ${sensors} sensors at full speed`,
  ["way", "s", "rows/s", "time x replay"],
  [row("replay, one engine thread", "replay"), row("watch, through stdin", "watch")],
);
