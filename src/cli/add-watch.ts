import { type Command, Option } from "commander";
import type { CliContext } from "./context.ts";
import type { WatchFlags } from "./watch-options.ts";

/** Adds `iotmon watch` to the program. */
export function addWatch(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command("watch")
    .summary("watch sources that go on: alerts as they happen, on the device, for months")
    .description(
      "Scores readings as they come and shows alerts, until Ctrl-C or SIGTERM, or the end of stdin.\n" +
        "What was learned is kept in a state directory, and a restart goes on warm.\n" +
        "Without a pipeline one is inferred from the first lines.",
    )
    .argument("[source...]", "a file that grows, - for stdin; by default those of the pipeline")
    .option("-p, --pipeline <file>", "pipeline file (YAML or JSON)")
    .option("--input-format <format>", "how lines are written: auto, jsonl, keyvalue, csv, influx")
    .addOption(
      new Option("--format <format>", "how results are shown: for people, or as JSON Lines")
        .choices(["table", "jsonl"])
        .default("table"),
    )
    .option("--all", "show every reading with its scores, not only alerts")
    .option("--for <duration>", "stop after this time: 30s, 5m, 1h")
    .option("--limit <n>", "stop after this many readings")
    .option("--state <dir>", "state directory; by default that of the pipeline, .iotmon/<name>")
    .action(async (sources: string[], _options: unknown, command: Command) => {
      const { runWatch } = await import("./commands/watch.ts");
      done(await runWatch(sources, command.optsWithGlobals<WatchFlags>(), context));
    });
}
