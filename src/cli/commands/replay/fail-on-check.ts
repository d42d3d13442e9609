import type { Kind } from "../../options/table.ts";

/** A check of the result: `critical > 0`. */
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

/** `critical > 0`. */
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
