/**
 * Values of options as written, and what they mean. Every function throws `ERR_USAGE` with what was
 * given, what is expected and where.
 *
 * @module
 */
import { parseDuration } from "../../core/duration.ts";
import { IotmonError } from "../../core/errors.ts";
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp.ts";

/** How many rejected rows are too many. */
export type RejectLimit =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "share"; readonly share: number };

/** A check of the result: `critical > 0`. */
export interface Check {
  readonly text: string;
  readonly count: string;
  /** Whether the count can be told only from labels, or only from a comparison. */
  readonly needsLabels: boolean;
  readonly needsComparison: boolean;
  holds(value: number): boolean;
}

const LABEL_COUNTS = ["missed", "false_alarms"];
const COMPARISON_COUNTS = ["gained", "lost"];
const COUNTS = [
  ...["alerts", "info", "warning", "critical", "rejects"],
  ...LABEL_COUNTS,
  ...COMPARISON_COUNTS,
];

const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

function usage(option: string, given: string, expected: string): IotmonError {
  return new IotmonError("ERR_USAGE", `${option} ${JSON.stringify(given)} is not understood`, {
    hint: `Expected ${expected}`,
  });
}

/** Event time in ms of `--from` or `--to`; `otherwise` when it is not given. */
export function parseTimeOption(
  option: string,
  text: string | undefined,
  otherwise: number,
): number {
  if (text === undefined) return otherwise;
  const format = detectTimestampFormat([text]);
  const time = format === null ? Number.NaN : parseTimestamp(text, format);
  if (Number.isNaN(time)) {
    throw usage(option, text, 'a time such as 2024-05-01, "2024-05-01 12:30:00" or 1714566600');
  }
  return time;
}

/** Event time per clock time of `--speed`; Infinity for `max`. */
export function parseSpeed(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const [, amount] = /^(\d+(?:\.\d+)?)x$/.exec(text) ?? [];
  const speed = Number(amount);
  if (!(speed > 0)) throw usage("--speed", text, "max, or a factor such as 1x or 60x");
  return speed;
}

/** A whole number of at least `least`; `otherwise` when it is not given. */
export function parseCount(
  option: string,
  text: string | undefined,
  least: number,
  otherwise: number,
): number {
  if (text === undefined) return otherwise;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least)) throw usage(option, text, `a whole number of at least ${least}`);
  return count;
}

/** Milliseconds of a duration such as `30s`. */
export function parseDurationOption(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw usage(option, text, "a duration such as 250ms, 30s, 5m, 4h or 2d");
  return ms;
}

/** Bits per second of `--baud`. */
export function parseBaud(text: string): number | "auto" {
  if (text === "auto") return "auto";
  const baud = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(baud >= 50 && baud <= 4_000_000)) {
    throw usage("--baud", text, "auto, or bits per second such as 9600 or 115200");
  }
  return baud;
}

/** Port of `--port`; 0 for any that is free. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw usage("--port", text, "0 to 65535; 0 takes any that is free");
  return port;
}

/** Threads of `--workers`; null for `auto`, and when it is not given. */
export function parseWorkers(text: string | undefined): number | null {
  if (text === undefined || text === "auto") return null;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= 1 && count <= 256)) throw usage("--workers", text, "auto, or 1 to 256");
  return count;
}

/** `--holdout 0.3` or `30%`; null when it is not given. */
export function parseHoldout(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const share = percent === "%" ? Number(amount) / 100 : Number(amount);
  if (!(share < 1)) throw usage("--holdout", text, "a share below 1, such as 0.3 or 30%; 0: none");
  return share;
}

/** `--max-rejects 10` or `--max-rejects 1%`; null when it is not given. */
export function parseRejectLimit(text: string | undefined): RejectLimit | null {
  if (text === undefined) return null;
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (percent === "%" && Number(amount) <= 100)
    return { kind: "share", share: Number(amount) / 100 };
  if (percent === "" && Number.isInteger(Number(amount))) {
    return { kind: "count", count: Number(amount) };
  }
  throw usage("--max-rejects", text, "a number of rows such as 10, or a share such as 1%");
}

/** `--fail-on 'critical > 0'`. */
export function parseCheck(text: string): Check {
  const [, count = "", operator = "", number] =
    /^\s*([a-z_]+)\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  const compare = OPERATORS[operator];
  if (!COUNTS.includes(count) || compare === undefined) {
    throw usage(
      "--fail-on",
      text,
      `COUNT OP N such as 'critical > 0', where COUNT is one of ${COUNTS.join(", ")}`,
    );
  }
  const needsLabels = LABEL_COUNTS.includes(count);
  const needsComparison = COMPARISON_COUNTS.includes(count);
  return {
    text,
    count,
    needsLabels,
    needsComparison,
    holds: (value) => compare(value, Number(number)),
  };
}
