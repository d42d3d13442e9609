import type { SortedWindow } from "../../sorted-window.ts";
import type { Contribution, Explanation } from "../detector.ts";

const MOST = 5;

/** What of a detector's last row an explanation needs. */
interface ExplainedRow {
  contribution(input: number): number;
  isHigh(input: number): boolean;
}

/** The features that contributed most to the last row, with what is usual for each. */
export function explainRow(
  row: ExplainedRow,
  references: readonly SortedWindow[],
  inputs: readonly Float64Array[],
  at: number,
  novel: readonly number[],
): Explanation {
  const voters = references
    .map((_, input) => ({ input, nats: row.contribution(input) }))
    .filter(({ nats }) => nats > 0)
    .sort((a, b) => b.nats - a.nats || a.input - b.input);
  const total = voters.reduce((sum, { nats }) => sum + nats, 0);
  const contributions = voters.slice(0, MOST).map(({ input, nats }): Contribution => {
    const reference = references[input] as SortedWindow;
    const last = reference.length - 1;
    return {
      input,
      value: (inputs[input] as Float64Array)[at] as number,
      typical: reference.at(Math.round(last / 2)),
      low: reference.at(Math.round(0.05 * last)),
      high: reference.at(Math.round(0.95 * last)),
      side: row.isHigh(input) ? "high" : "low",
      share: nats / total,
    };
  });
  return { contributions, novel, rule: null };
}
