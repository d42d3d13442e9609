import { scoresFormat } from "../../../backtest/scores/scores-writer.ts";
import { type Fault, IotmonError } from "../../../core/errors.ts";
import type { GlobalOptions } from "../../context.ts";
import {
  type Check,
  parseCheck,
  parseCount,
  parseDurationOption,
  parseHoldout,
  parseRejectLimit,
  parseSpeed,
  parseTimeOption,
  parseWorkers,
  type RejectLimit,
} from "../../options/kinds.ts";

/** Options of `replay`, as commander gives them. */
export interface ReplayFlags extends GlobalOptions {
  readonly pipeline?: string;
  readonly from?: string;
  readonly to?: string;
  readonly speed: string;
  readonly limit?: string;
  readonly workers?: string;
  readonly each?: boolean;
  readonly inputFormat: string;
  readonly format: "table" | "json" | "jsonl" | "csv";
  readonly top: string;
  readonly scores?: string;
  readonly features?: boolean;
  readonly rejects?: string;
  readonly maxRejects?: string;
  readonly labels?: string;
  readonly failOn?: readonly string[];
  readonly writePipeline?: string;
  readonly report?: string;
  readonly sweep?: readonly string[];
  readonly optimize?: string;
  readonly holdout?: string;
  readonly compare?: string;
  readonly send?: boolean;
  readonly sendWait: string;
  readonly state?: string;
  readonly saveState?: string;
}

/** The options of `replay` whose text means something, understood. */
export interface ReplaySettings {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly speed: number;
  /** Null: as many as pay. */
  readonly workers: number | null;
  readonly top: number;
  readonly rejectLimit: RejectLimit | null;
  readonly checks: readonly Check[];
  /** Share of the readings that a sweep holds out; null: what is usual. */
  readonly holdout: number | null;
  /** How long receivers are waited for after the last reading, ms. */
  readonly sendWaitMs: number;
}

/**
 * Understands the options.
 *
 * @throws {IotmonError} `ERR_USAGE` with every fault, also those of options that don't go together.
 */
export function parseReplayFlags(flags: ReplayFlags): ReplaySettings {
  const faults: Fault[] = [];
  const take = <T>(parse: () => T, otherwise: T): T => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof IotmonError)) throw error;
      faults.push({ at: error.at ?? "", message: error.message, hint: error.hint });
      return otherwise;
    }
  };
  const settings = {
    from: take(() => parseTimeOption("--from", flags.from, Number.NEGATIVE_INFINITY), Number.NaN),
    to: take(() => parseTimeOption("--to", flags.to, Number.POSITIVE_INFINITY), Number.NaN),
    limit: take(() => parseCount("--limit", flags.limit, 1, Number.POSITIVE_INFINITY), 1),
    speed: take(() => parseSpeed(flags.speed), 1),
    workers: take(() => parseWorkers(flags.workers), null),
    top: take(() => parseCount("--top", flags.top, 0, 0), 0),
    holdout: take(() => parseHoldout(flags.holdout), null),
    rejectLimit: take(() => parseRejectLimit(flags.maxRejects), null),
    sendWaitMs: take(() => parseDurationOption("--send-wait", flags.sendWait), 0),
    checks: (flags.failOn ?? []).flatMap((text) => take(() => [parseCheck(text)], [])),
  };
  const { scores } = flags;
  if (scores !== undefined) take(() => scoresFormat(scores), null);
  faults.push(...conflicts(flags, settings));
  if (faults.length > 0) throw new IotmonError("ERR_USAGE", "wrong options", { faults });
  return settings;
}

function conflicts(flags: ReplayFlags, { from, to, checks }: ReplaySettings): Fault[] {
  const faults: Fault[] = [];
  const fault = (message: string, hint: string): number => faults.push({ at: "", message, hint });
  if (from > to) fault("--from is after --to", "Swap them");
  if (flags.features === true && flags.scores === undefined) {
    fault("--features says what the scores file holds, and there is none", "Add --scores FILE");
  }
  if (flags.state !== undefined && flags.send !== true) {
    fault("--state says where messages wait to be sent, and none are sent", "Add --send");
  }
  if (flags.saveState !== undefined && flags.each === true) {
    fault("--save-state keeps one pipeline, and --each runs several", "Leave out one of the two");
  }
  faults.push(...sweepConflicts(flags), ...compareConflicts(flags, checks));
  if (
    flags.pipeline !== undefined &&
    flags.writePipeline !== undefined &&
    flags.sweep === undefined
  ) {
    fault(
      "--write-pipeline saves an inferred pipeline, but --pipeline gives one",
      "Leave out one of the two",
    );
  }
  return faults;
}

/** Options that say something about one replay, which a sweep is not. */
const ONE_REPLAY = ["each", "send", "saveState", "scores", "features", "report"] as const;
const NOT_SWEPT = [...ONE_REPLAY, "failOn", "compare"] as const;
const NOT_COMPARED = [...ONE_REPLAY, "writePipeline"] as const;
/** Names of options that commander spells in another way. */
const OPTIONS: Partial<Record<keyof ReplayFlags, string>> = {
  failOn: "fail-on",
  saveState: "save-state",
  writePipeline: "write-pipeline",
};

function sweepConflicts(flags: ReplayFlags): Fault[] {
  const faults: Fault[] = [];
  const fault = (message: string, hint: string): number => faults.push({ at: "", message, hint });
  if (flags.sweep === undefined) {
    for (const name of ["optimize", "holdout"] as const) {
      if (flags[name] !== undefined) {
        fault(`--${name} is about choosing a setting, and none is swept`, "Add --sweep PATH=v1,v2");
      }
    }
    return faults;
  }
  return [...faults, ...severalReplays("sweep", NOT_SWEPT, flags)];
}

function compareConflicts(flags: ReplayFlags, checks: readonly Check[]): Fault[] {
  if (flags.compare !== undefined) return severalReplays("compare", NOT_COMPARED, flags);
  return checks
    .filter(({ needsComparison }) => needsComparison)
    .map(({ count }) => ({
      at: "",
      message: `--fail-on ${count} counts what changes from one pipeline to another`,
      hint: "Name the other one with --compare FILE",
    }));
}

function severalReplays(
  option: "sweep" | "compare",
  excluded: readonly (keyof ReplayFlags)[],
  flags: ReplayFlags,
): Fault[] {
  const faults = excluded
    .filter((name) => flags[name] !== undefined)
    .map((name) => ({
      at: "",
      message: `--${OPTIONS[name] ?? name} is about one replay, --${option} makes several`,
      hint: "Leave out one of the two",
    }));
  if (flags.format !== "jsonl" && flags.format !== "csv") return faults;
  const message = `--${option} can't be shown as ${flags.format}`;
  return [...faults, { at: "", message, hint: "Take --format table or json" }];
}
