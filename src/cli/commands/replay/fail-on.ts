import type { AlertComparison } from "../../../backtest/comparison/compare-alerts.ts";
import type { BacktestResult } from "../../../backtest/result/backtest-result.ts";
import type { ReadBody } from "../../../backtest/result/result-body.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { Kind } from "../../options/table.ts";

/** A check of the result such as `critical > 0`. */
export interface Check {
  readonly text: string;
  readonly count: string;
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

/** The value of `--fail-on`. */
export const CHECK: Kind<Check> = {
  parse(text) {
    const [, count = "", operator = "", number] =
      /^\s*([a-z_]+)\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
    const compare = OPERATORS[operator];
    if (!COUNTS.includes(count) || compare === undefined) return undefined;
    return {
      text,
      count,
      needsLabels: LABEL_COUNTS.includes(count),
      needsComparison: COMPARISON_COUNTS.includes(count),
      holds: (value) => compare(value, Number(number)),
    };
  },
  expected: `COUNT OP N such as 'critical > 0', where COUNT is one of ${COUNTS.join(", ")}`,
  completion: "nothing",
};

/** The counts of one replay. */
interface Counted {
  readonly result: BacktestResult;
  readonly read: ReadBody;
}

/** @throws {IotmonError} `ERR_USAGE` when a check needs labels, and there are none. */
export function requireLabels(checks: readonly Check[], label: string | null): void {
  const check = checks.find(({ needsLabels }) => needsLabels);
  if (check === undefined || label !== null) return;
  throw new IotmonError("ERR_USAGE", `--fail-on ${check.count} needs labels, and there are none`, {
    hint: "Name their column or file with --labels",
  });
}

/**
 * The `--fail-on` checks that are true, each with its count over all replays.
 *
 * @param comparison Gives the counts of `gained` and `lost`; undefined without `--compare`.
 */
export function failedChecks(
  checks: readonly Check[],
  outcomes: readonly Counted[],
  comparison?: AlertComparison,
): string[] {
  return checks.flatMap(({ text, count, holds }) => {
    const total =
      comparison !== undefined && (count === "gained" || count === "lost")
        ? comparison[count]
        : outcomes.reduce((sum, outcome) => sum + countOf(count, outcome), 0);
    return holds(total) ? [`failed: ${text} (${count}: ${total})`] : [];
  });
}

function countOf(count: string, { result, read }: Counted): number {
  const { alerts, labels } = result;
  if (count === "alerts") return alerts.info + alerts.warning + alerts.critical;
  if (count === "info" || count === "warning" || count === "critical") return alerts[count];
  if (count === "rejects") return read.rejected;
  return labels.reduce(
    (sum, { events, falseAlarms }) => sum + (count === "missed" ? events.missed : falseAlarms),
    0,
  );
}
