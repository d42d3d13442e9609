import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleave } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { printTable } from "./report.ts";
import { runNode } from "./run-node.ts";

/** csv-parse alone, in its own process. */
const CSV_PARSE = `
  import { createReadStream } from "node:fs";
  import { parse } from "csv-parse";
  let rows = 0;
  for await (const row of createReadStream(process.argv[1]).pipe(parse())) rows += 1;`;

/**
 * Measures whole replays by the real program, with start and end, against csv-parse for the same file.
 *
 * @param folder Folder for temporary files.
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
  const processor: Record<string, number[]> = {};
  const run = async (name: string, ...args: readonly string[]): Promise<number> => {
    const { seconds, processorSeconds, peakBytes } = await runNode(args);
    processor[name] = [...(processor[name] ?? []), processorSeconds];
    peaks[name] = Math.max(peaks[name] ?? 0, peakBytes);
    return seconds;
  };
  const replay = (name: string, ...options: readonly string[]): Promise<number> =>
    run(name, "bin/iotmon.js", "replay", recording, "-q", "-p", pipeline, ...options);
  const scores = join(folder, "scores.csv");
  const seconds = await interleave(rounds, {
    csvParse: () => run("csvParse", "--input-type=module", "--eval", CSV_PARSE, recording),
    one: () => replay("one", "--workers", "1"),
    two: () => replay("two", "--workers", "2"),
    scores: () => replay("scores", "--workers", "1", "--scores", scores),
  });
  const ratioOfProcessor = (above: string, below: string): string =>
    medianRatio(processor[above] ?? [], processor[below] ?? []).toPrecision(3);
  const row = (name: string, task: keyof typeof seconds): readonly string[] => [
    name,
    median(seconds[task]).toFixed(2),
    medianRatio(seconds[task], seconds.csvParse).toPrecision(3),
    task === "csvParse" ? "" : medianRatio(seconds.one, seconds[task]).toPrecision(3),
    median(processor[task] ?? []).toFixed(2),
    ratioOfProcessor(task, "csvParse"),
    task === "csvParse" ? "" : ratioOfProcessor(task, "one"),
    ((peaks[task] ?? Number.NaN) / 1e6).toFixed(0),
  ];
  printTable(
    `Whole replays of ${rows.toLocaleString("en")} rows, each in a process of its own`,
    ["run", "s", "x csv-parse", "speed-up", "CPU s", "CPU x csv-parse", "CPU x one", "peak MB"],
    [
      row("csv-parse alone", "csvParse"),
      row("replay, one engine thread", "one"),
      row("replay, two workers", "two"),
      row("replay with a scores file, one engine thread", "scores"),
    ],
  );
}
