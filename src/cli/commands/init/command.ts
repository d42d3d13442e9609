import { type Command, Option } from "commander";
import type { PipelinePresetName } from "../../../config/presets.ts";
import type { CliContext } from "../../context.ts";
import type { InitOptions } from "./init.ts";

/** The presets, named here because `--help` must not load what they are made of. */
const PRESETS = ["sensor", "process", "slow-drift"] as const satisfies PipelinePresetName[];

/** Adds `iotmon init` to the program. */
export function addInit(
  program: Command,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  program
    .command("init")
    .summary("write a commented pipeline, inferred from a sample")
    .description(
      "Looks at a recording and writes a commented pipeline for it. Presets:\n" +
        "  sensor      machines whose normal moves: it adapts for ever\n" +
        "  process     a plant that is healthy at first, and faults that stay\n" +
        "  slow-drift  changes over hundreds of readings",
    )
    .argument("<sample>", "recording, - for stdin")
    .addOption(
      new Option("--preset <preset>", "what is watched for").choices(PRESETS).default("sensor"),
    )
    .option("-o, --output <file>", "write it there instead of stdout; never overwrites")
    .action(async (sample: string, _options: unknown, command: Command) => {
      const { runInit } = await import("./init.ts");
      done(await runInit(sample, command.optsWithGlobals<InitOptions>(), context));
    });
}
