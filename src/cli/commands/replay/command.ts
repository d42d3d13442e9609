import { type Command, Option } from "commander";
import { collectValues } from "../../collect-values.ts";
import type { CliContext } from "../../context.ts";
import type { ReplayFlags } from "./replay-options.ts";

/** Adds `replay`. */
export function addReplay(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command("replay")
    .summary("backtest: which alerts would have fired on a recording, when and why")
    .description(
      "Runs recordings through the engine of the live modes and shows which alerts would have fired,\n" +
        "when, on which sensor, how severe and why. Without a pipeline one is inferred.",
    )
    .argument("[file...]", "recordings: files, globs, - for stdin; several form one stream")
    .option("-p, --pipeline <file>", "pipeline file (YAML or JSON)")
    .option("--from <time>", "report from this event time on; earlier rows warm the model")
    .option("--to <time>", "stop at this event time")
    .option("--send", "send the messages to the sinks of the pipeline, through a queue on the disk")
    .option("--send-wait <duration>", "wait so long for receivers at the end", "1m")
    .option("--state <dir>", "state directory with that queue; by default that of the pipeline")
    .option("--save-state <dir>", "keep what was learned there, so that watch --state goes on warm")
    .option("--speed <factor>", "max, or as the clock goes: 1x, 60x ...", "max")
    .option("--limit <n>", "stop after this many readings")
    .option(
      "--workers <n>",
      "threads that sensors are spread over, or auto: as many as pay",
      "auto",
    )
    .option("--each", "run each recording by itself")
    .option(
      "--input-format <format>",
      "how recordings are written: auto, csv, jsonl, keyvalue, influx, parquet",
      "auto",
    )
    .addOption(
      new Option("--format <format>", "how results are shown")
        .choices(["table", "json", "jsonl", "csv"])
        .default("table"),
    )
    .option("--top <n>", "alerts in the table at the most; 0 shows all", "40")
    .option("--scores <file>", "write every score there (.csv, .jsonl or .parquet)")
    .option("--features", "with --scores: feature values too")
    .option("--report <file>", "write a report there: charts, alerts, settings, in one HTML file")
    .option("--rejects <file>", "write rejected rows there, with line and reason (JSON Lines)")
    .option("--max-rejects <n|%>", "fail with 65 when more rows are rejected")
    .option(
      "--labels <column|file>",
      "what was really wrong: a column of 0 and 1, or a file of starts and ends (CSV, JSON)",
    )
    .option(
      "--fail-on <check>",
      "exit with 1 when this holds, e.g. 'critical > 0'; may be repeated",
      collectValues,
    )
    .option(
      "--sweep <path=values>",
      "try values, e.g. detectors.0.contamination=0.005,0.01; several make a grid",
      collectValues,
    )
    .option("--optimize <metric>", "with --sweep and labels: what the best is by (event_f1)")
    .option("--holdout <share>", "with --sweep and labels: last part, chosen by nothing (0.3)")
    .option("--compare <pipeline>", "another pipeline file: which alerts it gains, loses, moves")
    .option("--write-pipeline <file>", "save the inferred pipeline, or the best of a sweep")
    .action(async (files: string[], _options: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ReplayFlags>();
      const { threadsToStart } = await import("./threads-to-start.ts");
      const { SpareThreads } = await import("../../../runtime/spare-threads.ts");
      const spare = new SpareThreads(threadsToStart(files, flags, context.cwd));
      try {
        const { runReplay } = await import("./replay.ts");
        done(await runReplay(files, flags, context, spare));
      } finally {
        await spare.end();
      }
    });
}
