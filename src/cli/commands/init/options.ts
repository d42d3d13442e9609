import { PIPELINE_PRESETS, type PipelinePresetName } from "../../../config/infer/presets.ts";
import { choice, FILE, STRICT } from "../../options/kinds.ts";
import type { OptionsOf, OptionTable } from "../../options/table.ts";
import { TIME_OPTIONS } from "../../options/time-options.ts";

const PRESETS = Object.keys(PIPELINE_PRESETS) as PipelinePresetName[];

export const OPTIONS = {
  preset: {
    flags: "--preset <preset>",
    kind: choice(...PRESETS),
    default: "sensor",
    help: "kind of machine to watch",
  },
  ...TIME_OPTIONS,
  strict: STRICT,
  output: {
    flags: "-o, --output <file>",
    kind: FILE,
    help: "write to this new file instead of stdout; never overwrites",
  },
} as const satisfies OptionTable;

/** The parsed options of `init`. */
export type InitOptions = OptionsOf<typeof OPTIONS>;
