import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { originPipeline } from "./origin-pipeline.ts";
import { writeRecording } from "./recording.ts";
import { printTable } from "./report.ts";
import { runNode } from "./run-node.ts";

const LENGTHS = [1e6, 1e7];

/** Shows the peak memory of replays of 1 and 10 million rows. Takes minutes and 600 MB of disk. */
export async function printMemory(folder: string): Promise<void> {
  const pipeline = join(folder, "memory.json");
  const recording = join(folder, "memory.csv");
  const options = ["-q", "-p", pipeline, "--workers", "1"];
  writeFileSync(pipeline, JSON.stringify(originPipeline));
  const peaks: number[] = [];
  for (const rows of LENGTHS) {
    writeRecording(recording, rows);
    const { peakBytes } = await runNode(["bin/iotmon.js", "replay", recording, ...options]);
    rmSync(recording);
    peaks.push(peakBytes);
  }
  const [first = Number.NaN] = peaks;
  printTable(
    "Peak memory of a replay, one engine thread",
    ["rows", "peak MB", "x 1 M rows"],
    LENGTHS.map((rows, i) => [
      rows.toLocaleString("en"),
      ((peaks[i] as number) / 1e6).toFixed(0),
      ((peaks[i] as number) / first).toPrecision(3),
    ]),
  );
}
