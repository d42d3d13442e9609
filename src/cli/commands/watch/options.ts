import { lineFormats } from "../../../io/decoders/registry.ts";
import {
  choice,
  count,
  DURATION,
  FILE,
  FOLDER,
  PIPELINE,
  STRICT,
  wholeNumber,
} from "../../options/kinds.ts";
import type { Kind, OptionsOf, OptionTable } from "../../options/table.ts";
import { SHOWN_ZONE, TIME_OPTIONS } from "../../options/time-options.ts";

/** Bits per second. */
const BAUD: Kind<number | "auto"> = {
  parse: (given) => (given === "auto" ? given : wholeNumber(given, 50, 4_000_000)),
  expected: "auto, or bits per second such as 9600 or 115200",
  completion: "nothing",
};

/** Every option of `watch`. */
export const WATCH_OPTIONS = {
  pipeline: PIPELINE,
  baud: {
    flags: "--baud <n>",
    kind: BAUD,
    help: "bits per second of ports; auto tries the common ones",
  },
  inputFormat: {
    flags: "--input-format <format>",
    kind: choice("auto", ...lineFormats.map(({ name }) => name)),
    help: "format of the lines",
  },
  ...TIME_OPTIONS,
  strict: STRICT,
  format: {
    flags: "--format <format>",
    kind: choice("table", "jsonl"),
    default: "table",
    help: "output format: for people, or as JSON Lines",
  },
  zone: SHOWN_ZONE,
  all: { flags: "--all", help: "show every reading with its scores, not only alerts" },
  warmFrom: {
    flags: "--warm-from <file>",
    kind: FILE,
    help: "recording that a new pipeline learns from first, without alerts",
  },
  rejects: {
    flags: "--rejects <file>",
    kind: FILE,
    help: "append rejected lines with the reason to this file (JSON Lines)",
  },
  record: {
    flags: "--record <file>",
    kind: FILE,
    help: "record all input to a new file, for replay; compressed if its name ends in .gz",
  },
  for: {
    flags: "--for <duration>",
    kind: DURATION,
    otherwise: Number.POSITIVE_INFINITY,
    help: "stop after this time: 30s, 5m, 1h",
  },
  limit: {
    flags: "--limit <n>",
    kind: count(1),
    otherwise: Number.POSITIVE_INFINITY,
    help: "stop after this many readings",
  },
  state: {
    flags: "--state <dir>",
    kind: FOLDER,
    help: "state directory; by default that of the pipeline, .iotmon/<name>",
  },
} as const satisfies OptionTable;

/** The parsed options of `watch`. */
export type WatchOptions = OptionsOf<typeof WATCH_OPTIONS>;
