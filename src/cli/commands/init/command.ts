import type { PipelinePresetName } from "../../../config/presets.ts";
import { choice, FILE } from "../../options/kinds.ts";
import { defineCommand, type OptionsOf, type OptionTable } from "../../options/table.ts";

/** The presets, named here because `--help` must not load their settings. */
const PRESETS = ["sensor", "process", "slow-drift"] as const satisfies PipelinePresetName[];

const OPTIONS = {
  preset: {
    flags: "--preset <preset>",
    kind: choice(...PRESETS),
    default: "sensor",
    help: "kind of machine to watch",
  },
  output: {
    flags: "-o, --output <file>",
    kind: FILE,
    help: "write to this new file instead of stdout; never overwrites",
  },
} as const satisfies OptionTable;

/** The parsed options of `init`. */
export type InitOptions = OptionsOf<typeof OPTIONS>;

/** `iotmon init`. */
export const initCommand = defineCommand({
  name: "init",
  summary: "write a commented pipeline, inferred from a sample",
  description:
    "Reads a recording and writes a commented pipeline for it. Presets:\n" +
    "  sensor      machines whose normal state moves: it keeps adapting\n" +
    "  process     a plant that is healthy at first, and faults that stay\n" +
    "  slow-drift  changes over hundreds of readings",
  argument: { name: "<sample>", help: "recording, - for stdin", completion: "file" },
  options: OPTIONS,
  async run([sample = "-"], options, context) {
    const { runInit } = await import("./init.ts");
    return runInit(sample, options, context);
  },
});
