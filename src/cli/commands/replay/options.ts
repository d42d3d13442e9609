import type { Fault } from "../../../core/errors.ts";
import { FORMAT_NAMES } from "../../../io/decoders/registry.ts";
import {
  choice,
  count,
  DURATION,
  FILE,
  FOLDER,
  PIPELINE,
  parseShare,
  STRICT,
  TEXT,
  TIME,
  wholeNumber,
} from "../../options/kinds.ts";
import type { Kind, OptionsOf, OptionTable } from "../../options/table.ts";
import { SHOWN_ZONE, TIME_OPTIONS } from "../../options/time-options.ts";
import { CHECK } from "./fail-on.ts";
import { REJECT_LIMIT } from "./recording/max-rejects.ts";

/** Event time per clock time; Infinity for `max`. */
const SPEED: Kind<number> = {
  parse(given) {
    if (given === "max") return Number.POSITIVE_INFINITY;
    const [, amount] = /^(\d+(?:\.\d+)?)x$/.exec(given) ?? [];
    return Number(amount) > 0 ? Number(amount) : undefined;
  },
  expected: "max, or a factor such as 1x or 60x",
  completion: "nothing",
};

/** Number of threads; null: as many as make the replay faster. */
const WORKERS: Kind<number | null> = {
  parse: (given) => (given === "auto" ? null : wholeNumber(given, 1, 256)),
  expected: "auto, or 1 to 256",
  completion: "nothing",
};

/** Share of the readings. */
const HOLDOUT: Kind<number> = {
  parse(given) {
    const share = parseShare(given);
    return share !== undefined && share < 1 ? share : undefined;
  },
  expected: "a share below 1, such as 0.3 or 30%; 0 holds nothing out",
  completion: "nothing",
};

const SCORES_FILE: Kind<string> = {
  parse: (given) => (/[^/\\]\.(csv|jsonl|parquet)$/i.test(given) ? given : undefined),
  expected: "a name that ends in .csv, .jsonl or .parquet",
  completion: "file",
};

/** Conflicts of options that apply to a single replay. */
const ONE_REPLAY = {
  sweep: "--sweep runs several replays",
  compare: "--compare runs two replays",
} as const;

/** Every option of `replay`. */
export const REPLAY_OPTIONS = {
  pipeline: PIPELINE,
  from: {
    flags: "--from <time>",
    kind: TIME,
    otherwise: Number.NEGATIVE_INFINITY,
    help: "report from this event time on; earlier rows warm the model",
  },
  to: {
    flags: "--to <time>",
    kind: TIME,
    otherwise: Number.POSITIVE_INFINITY,
    help: "stop at this event time",
  },
  send: {
    flags: "--send",
    help: "send the messages to the sinks of the pipeline, through a queue on disk",
    excludes: ONE_REPLAY,
  },
  sendWait: {
    flags: "--send-wait <duration>",
    kind: DURATION,
    default: "1m",
    help: "how long to wait for receivers at the end",
    needs: { send: "without it no message is sent" },
  },
  state: {
    flags: "--state <dir>",
    kind: FOLDER,
    help: "state directory with that queue; by default that of the pipeline",
    needs: { send: "only --send uses the queue in the state directory" },
  },
  saveState: {
    flags: "--save-state <dir>",
    kind: FOLDER,
    help: "save what was learned there, so that `watch --state` starts warm",
    excludes: { ...ONE_REPLAY, each: "a state directory keeps one pipeline, --each runs several" },
  },
  speed: {
    flags: "--speed <factor>",
    kind: SPEED,
    default: "max",
    help: "max, or a multiple of real time: 1x, 60x ...",
    excludes: { sweep: "a sweep always runs at full speed" },
  },
  limit: {
    flags: "--limit <n>",
    kind: count(1),
    otherwise: Number.POSITIVE_INFINITY,
    help: "stop after this many readings",
  },
  workers: {
    flags: "--workers <n>",
    kind: WORKERS,
    default: "auto",
    help: "threads that share the sensors; auto: as many as make it faster",
  },
  each: { flags: "--each", help: "replay each recording by itself", excludes: ONE_REPLAY },
  strict: STRICT,
  inputFormat: {
    flags: "--input-format <format>",
    kind: choice("auto", ...FORMAT_NAMES),
    default: "auto",
    help: "format of the recordings",
  },
  ...TIME_OPTIONS,
  format: {
    flags: "--format <format>",
    kind: choice("table", "json", "jsonl", "csv"),
    default: "table",
    help: "output format",
  },
  zone: SHOWN_ZONE,
  top: {
    flags: "--top <n>",
    kind: count(0),
    default: "40",
    help: "maximum number of alerts in the table; 0 shows all",
  },
  scores: {
    flags: "--scores <file>",
    kind: SCORES_FILE,
    help: "write every score to this file (.csv, .jsonl or .parquet)",
    excludes: ONE_REPLAY,
  },
  features: {
    flags: "--features",
    help: "with --scores: write feature values too",
    needs: { scores: "it adds columns to the scores file" },
  },
  report: {
    flags: "--report <file>",
    kind: FILE,
    help: "write a report with charts, alerts and settings to one HTML file",
    excludes: ONE_REPLAY,
  },
  rejects: {
    flags: "--rejects <file>",
    kind: FILE,
    help: "write rejected rows with line and reason to this file (JSON Lines)",
  },
  maxRejects: {
    flags: "--max-rejects <n|%>",
    kind: REJECT_LIMIT,
    help: "fail with exit code 65 when more rows are rejected",
  },
  labels: {
    flags: "--labels <column|file>",
    kind: FILE,
    help: "known anomalies: a column of 0 and 1, or a file of starts and ends (CSV, JSON)",
  },
  failOn: {
    flags: "--fail-on <check>",
    kind: CHECK,
    repeats: true,
    help: "exit with 1 when this is true, e.g. 'critical > 0'; may be repeated",
    excludes: { sweep: ONE_REPLAY.sweep },
  },
  sweep: {
    flags: "--sweep <path=values>",
    kind: TEXT,
    repeats: true,
    help: "try values, e.g. detectors.0.contamination=0.005,0.01; several make a grid",
  },
  optimize: {
    flags: "--optimize <metric>",
    kind: TEXT,
    help: "with --sweep and labels: metric that picks the best setting (event_f1)",
    needs: { sweep: "it picks the best of several settings" },
  },
  holdout: {
    flags: "--holdout <share>",
    kind: HOLDOUT,
    help: "with --sweep and labels: last share of the readings, not used for the choice (0.3)",
    needs: { sweep: "it applies to the choice of a setting" },
  },
  compare: {
    flags: "--compare <pipeline>",
    kind: FILE,
    help: "another pipeline file: which alerts it gains, loses, moves",
    excludes: { sweep: ONE_REPLAY.sweep },
  },
  writePipeline: {
    flags: "--write-pipeline <file>",
    kind: FILE,
    help: "save the inferred pipeline, or the best of a sweep",
    excludes: { compare: ONE_REPLAY.compare },
  },
} as const satisfies OptionTable;

/** The parsed options of `replay`. */
export type ReplayOptions = OptionsOf<typeof REPLAY_OPTIONS>;

/** Faults that depend on the values of options. */
export function checkReplayOptions(options: ReplayOptions): readonly Fault[] {
  const { from, to, format, sweep, compare, failOn, pipeline, writePipeline } = options;
  const faults: Fault[] = [];
  const add = (message: string, hint: string): number => faults.push({ at: "", message, hint });
  if (from > to) add("--from is after --to", "Swap the two times");
  const several = sweep.length > 0 ? "--sweep" : compare !== undefined ? "--compare" : null;
  if (several !== null && (format === "jsonl" || format === "csv")) {
    add(`--format ${format} can't be used with ${several}`, "Use --format table or json");
  }
  if (writePipeline !== undefined && pipeline !== undefined && sweep.length === 0) {
    add(
      "--write-pipeline can't be used with --pipeline: it saves an inferred pipeline",
      "Leave out --write-pipeline or --pipeline, or add --sweep",
    );
  }
  const compared = failOn.find(({ needsComparison }) => needsComparison);
  if (compared !== undefined && compare === undefined) {
    add(
      `--fail-on ${compared.count} needs --compare: it counts differences between two pipelines`,
      "Add --compare <pipeline>",
    );
  }
  return faults;
}
