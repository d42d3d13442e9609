/**
 * Option values and options that several commands share.
 *
 * @module
 */
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp/timestamp.ts";
import { parseDuration } from "../../core/units/duration.ts";
import type { Completion, Kind, OptionsOf } from "./table.ts";

function text(completion: Completion): Kind<string> {
  return { parse: (given) => given, expected: "a text", completion };
}

export const TEXT: Kind<string> = text("nothing");
export const FILE: Kind<string> = text("file");
export const FOLDER: Kind<string> = text("folder");

/** Event time, ms since epoch. */
export const TIME: Kind<number> = {
  parse(given) {
    const format = detectTimestampFormat([given]);
    const time = format === null ? Number.NaN : parseTimestamp(given, format);
    return Number.isNaN(time) ? undefined : time;
  },
  expected: 'a time such as 2024-05-01, "2024-05-01 12:30:00" or 1714566600',
  completion: "nothing",
};

/** Milliseconds. */
export const DURATION: Kind<number> = {
  parse: (given) => parseDuration(given) ?? undefined,
  expected: "a duration such as 250ms, 30s, 5m, 4h or 2d",
  completion: "nothing",
};

/** A whole number of at least `least`. */
export function count(least: number): Kind<number> {
  return {
    parse: (given) => wholeNumber(given, least, Number.MAX_SAFE_INTEGER),
    expected: `a whole number of at least ${least}`,
    completion: "nothing",
  };
}

/** A whole number from `least` to `most`; undefined: the text is something else. */
export function wholeNumber(given: string, least: number, most: number): number | undefined {
  const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

/** A share as `0.3` or `30%`; undefined: the text is something else. */
export function parseShare(given: string): number | undefined {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(given) ?? [];
  if (amount === undefined) return undefined;
  return percent === "%" ? Number(amount) / 100 : Number(amount);
}

/** One of these words. */
export function choice<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    parse: (given) => words.find((word) => word === given),
    expected: words.join(", "),
    completion: words,
  };
}

/** `--format` of a command that prints a table or JSON. */
export const FORMAT = {
  flags: "--format <format>",
  kind: choice("table", "json"),
  default: "table",
  help: "output format",
} as const;

/** The parsed options of a command whose only option is `--format`. */
export type FormatOptions = OptionsOf<{ readonly format: typeof FORMAT }>;

/** `-p` of a command that runs a pipeline. */
export const PIPELINE = {
  flags: "-p, --pipeline <file>",
  kind: FILE,
  help: "pipeline file (YAML or JSON)",
} as const;

/** `--strict` of a command that reads an input. */
export const STRICT = {
  flags: "--strict",
  help: "end with exit code 65 if the opening lines have a doubt (check: ...)",
} as const;

/** `--state` and `-p` of commands that work on a state directory. */
export const STATE_OPTIONS = {
  state: { flags: "--state <dir>", kind: FOLDER, help: "state directory" },
  pipeline: {
    flags: "-p, --pipeline <file>",
    kind: FILE,
    help: "use the state directory of this pipeline file",
    excludes: { state: "each of them names a state directory" },
  },
} as const;
