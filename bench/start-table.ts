import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleave } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { writeRecording } from "./recording.ts";
import { printTable } from "./report.ts";
import { type ProcessRun, runNode } from "./run-node.ts";

/** So few rows that a replay of them is a start. */
const ROWS = 200;

/**
 * Measures the start of `iotmon --help` and of `iotmon replay` against a node that does nothing.
 *
 * @param folder Folder for temporary files.
 */
export async function printStarts(rounds: number, folder: string): Promise<void> {
  const recording = join(folder, "start.csv");
  const pipeline = join(folder, "start.json");
  writeRecording(recording, ROWS);
  writeFileSync(pipeline, JSON.stringify(originPipeline));
  const runs: Record<string, ProcessRun[]> = {};
  const run = async (name: string, args: readonly string[]): Promise<number> => {
    const done = await runNode(args);
    runs[name] = [...(runs[name] ?? []), done];
    return done.seconds;
  };
  const seconds = await interleave(rounds, {
    node: () => run("node", ["-e", "0"]),
    help: () => run("help", ["bin/iotmon.js", "--help"]),
    replay: () => run("replay", ["bin/iotmon.js", "replay", recording, "-q", "-p", pipeline]),
  });
  const processor = (name: string): number[] =>
    (runs[name] ?? []).map(({ processorSeconds }) => processorSeconds);
  const ms = (values: readonly number[]): string => (1000 * median(values)).toFixed(0);
  const row = (label: string, name: keyof typeof seconds): readonly string[] => [
    label,
    ms(seconds[name]),
    medianRatio(seconds[name], seconds.node).toPrecision(3),
    ms(processor(name)),
    medianRatio(processor(name), processor("node")).toPrecision(3),
  ];
  printTable(
    "Start",
    ["command", "ms", "x node", "CPU ms", "CPU x node"],
    [
      row("node -e 0", "node"),
      row("iotmon --help", "help"),
      row(`iotmon replay, ${ROWS} rows`, "replay"),
    ],
  );
}
