import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleave } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { printTable } from "./report.ts";
import { type ProcessRun, runNode } from "./run-node.ts";

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
  const runs: Record<string, ProcessRun[]> = {};
  const run = async (name: string, ...args: readonly string[]): Promise<number> => {
    const done = await runNode(args);
    runs[name] = [...(runs[name] ?? []), done];
    return done.seconds;
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
  const figures = (name: string, figure: keyof ProcessRun): number[] =>
    (runs[name] ?? []).map((done) => done[figure]);
  const ratio = (above: string, below: string, figure: keyof ProcessRun): string =>
    medianRatio(figures(above, figure), figures(below, figure)).toPrecision(3);
  const row = (label: string, name: keyof typeof seconds): readonly string[] => [
    label,
    ...(["seconds", "busiestSeconds", "processorSeconds"] as const).flatMap((figure) => [
      median(figures(name, figure)).toFixed(2),
      ratio(name, "csvParse", figure),
      name === "csvParse" ? "" : ratio(name, "one", figure),
    ]),
    (Math.max(...figures(name, "peakBytes")) / 1e6).toFixed(0),
  ];
  const columns = ["s", "thread s", "CPU s"].flatMap((name) => [name, "x csv-parse", "x one"]);
  printTable(
    `Whole replays of ${rows.toLocaleString("en")} rows, each in a process of its own`,
    ["run", ...columns, "peak MB"],
    [
      row("csv-parse alone", "csvParse"),
      row("one engine thread", "one"),
      row("two workers", "two"),
      row("scores file, one engine", "scores"),
    ],
  );
}
