import type { SortedWindow } from "../../sorted-window.ts";
import type { Contribution, Explanation } from "../detector.ts";

const MOST = 5;

/** What of a detector's last row an explanation needs. */
interface ExplainedRow {
  contribution(input: number): number;
  isHigh(input: number): boolean;
  /** Nats that novelty added, by input. */
  readonly bonuses: ReadonlyMap<number, number>;
  /** Whether the references hold the row itself by now. */
  readonly learned: boolean;
  /** Raw score at the alarm boundary. */
  readonly threshold: number;
}

/** The features that contributed most to the last row, with what was usual for each before it. */
export function explainRow(
  row: ExplainedRow,
  references: readonly SortedWindow[],
  inputs: readonly Float64Array[],
  at: number,
): Explanation {
  const { bonuses, learned, threshold } = row;
  const parts = references.map((_, input) => {
    const bonus = bonuses.get(input) ?? 0;
    return { input, bonus, nats: row.contribution(input) + bonus };
  });
  // a feature without a vote has no nats, but may be novel all the same
  const total = parts.reduce(
    (sum, { nats, bonus }) => sum + (Number.isNaN(nats) ? bonus : nats),
    0,
  );
  const contributions = parts
    .filter(({ nats }) => nats > 0)
    .sort((a, b) => b.nats - a.nats || a.input - b.input)
    .slice(0, MOST)
    .map(({ input, nats }): Contribution => {
      const column = inputs[input] as Float64Array;
      const usual = usualValues(references[input] as SortedWindow, column, at, learned);
      const side = row.isHigh(input) ? "high" : "low";
      return { input, value: column[at] as number, ...usual, side, share: nats / total };
    });
  return { contributions, novel: [...bonuses.keys()], rule: null, threshold };
}

/** Median and range of a reference; of one that has learned `x[i]`, without one copy of that. */
function usualValues(
  reference: SortedWindow,
  x: Float64Array,
  i: number,
  learned: boolean,
): Pick<Contribution, "typical" | "low" | "high"> {
  const own = learned ? reference.countBelow(x, i) : Number.POSITIVE_INFINITY;
  const last = reference.length - (learned ? 2 : 1);
  const quantile = (q: number): number => {
    const rank = Math.round(q * last);
    return last < 0 ? Number.NaN : reference.at(rank < own ? rank : rank + 1);
  };
  return { typical: quantile(0.5), low: quantile(0.05), high: quantile(0.95) };
}
