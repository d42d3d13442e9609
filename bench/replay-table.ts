import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runBinary } from "./binary.ts";
import { interleave } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { printTable } from "./report.ts";
import { csvParseAlone } from "./stages/csv-parse.ts";
import { stopwatch } from "./stopwatch.ts";

/**
 * Measures whole replays by the real program, start and end included, against csv-parse alone
 * reading the same file.
 *
 * @param folder For files that are written on the way.
 */
export async function printReplays(
  recording: string,
  rows: number,
  rounds: number,
  folder: string,
): Promise<void> {
  const pipeline = join(folder, "bench.json");
  writeFileSync(pipeline, JSON.stringify(originPipeline));
  const peaks: Record<string, number> = {};
  const replay = (name: string, ...options: string[]): number => {
    const run = runBinary(["replay", recording, "-q", "-p", pipeline, ...options]);
    peaks[name] = Math.max(peaks[name] ?? 0, run.peakBytes);
    return run.seconds;
  };
  const scores = join(folder, "scores.csv");
  const seconds = await interleave(rounds, {
    csvParse: () => stopwatch(() => csvParseAlone(recording)),
    one: () => replay("one"),
    scores: () => replay("scores", "--scores", scores),
  });
  const row = (name: string, task: keyof typeof seconds): readonly string[] => {
    const peak = peaks[task];
    return [
      name,
      median(seconds[task]).toFixed(2),
      medianRatio(seconds[task], seconds.csvParse).toPrecision(3),
      peak === undefined ? "" : (peak / 1e6).toFixed(0),
    ];
  };
  printTable(
    `Whole replays of ${rows.toLocaleString("en")} rows, by the program itself`,
    ["run", "s", "x csv-parse", "peak MB"],
    [
      row("csv-parse alone, in this process", "csvParse"),
      row("replay, one engine thread", "one"),
      row("replay with a scores file, one engine thread", "scores"),
    ],
  );
}
