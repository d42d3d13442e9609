import { type Command, Option } from "commander";
import type { CliContext } from "../../context.ts";
import type { StateOptions } from "../state/state.ts";
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
    .argument(
      "[source...]",
      "ports such as /dev/ttyUSB0, files that grow, - for stdin; by default those of the pipeline",
    )
    .option("-p, --pipeline <file>", "pipeline file (YAML or JSON)")
    .option("--baud <n>", "bits per second of ports; auto tries the common ones")
    .option("--input-format <format>", "how lines are written: auto, jsonl, keyvalue, csv, influx")
    .addOption(
      new Option("--format <format>", "how results are shown: for people, or as JSON Lines")
        .choices(["table", "jsonl"])
        .default("table"),
    )
    .option("--all", "show every reading with its scores, not only alerts")
    .option("--warm-from <file>", "recording that a fresh pipeline learns from first, in silence")
    .option("--rejects <file>", "add lines that can't be used there, with reason (JSON Lines)")
    .option("--record <file>", "record what is read, for replay; new, compressed if it ends in .gz")
    .option("--for <duration>", "stop after this time: 30s, 5m, 1h")
    .option("--limit <n>", "stop after this many readings")
    .option("--state <dir>", "state directory; by default that of the pipeline, .iotmon/<name>")
    .action(async (sources: string[], _options: unknown, command: Command) => {
      const { runWatch } = await import("./watch.ts");
      done(await runWatch(sources, command.optsWithGlobals<WatchFlags>(), context));
    });
}

/** Adds `iotmon state` to the program. */
export function addState(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  const state = program
    .command("state")
    .summary("what a state directory holds: show it, or forget it")
    .description(
      "What watch and serve keep. The state directory is that of --state, that of a pipeline, or the\n" +
        "only one in .iotmon. Exits with 75 while another process uses it.",
    );
  const add = (name: string, description: string): Command =>
    state
      .command(name)
      .description(description)
      .option("--state <dir>", "state directory")
      .option("-p, --pipeline <file>", "pipeline file whose state directory is meant");

  add("info", "Shows what is in it: readings, sensors, sources, messages.")
    .addOption(
      new Option("--format <format>", "how results are shown")
        .choices(["table", "json"])
        .default("table"),
    )
    .action(async (_options: unknown, command: Command) => {
      const { runStateInfo } = await import("../state/state.ts");
      done(await runStateInfo(command.optsWithGlobals<StateOptions>(), context));
    });
  add("reset", "Deletes it: the next start begins anew.")
    .option("--yes", "really")
    .action(async (_options: unknown, command: Command) => {
      const { runStateReset } = await import("../state/state.ts");
      done(await runStateReset(command.optsWithGlobals<StateOptions>(), context));
    });
}
