import type { SortedWindow } from "../../sorted-window.ts";
import type { Contribution, Explanation } from "../detector.ts";

const MOST = 5;

/** What of a detector's last row an explanation needs. */
interface ExplainedRow {
  contribution(input: number): number;
  isHigh(input: number): boolean;
  /** Nats that novelty added, by input. */
  readonly bonuses: ReadonlyMap<number, number>;
  /** Rank of the value of a reference that is not to count, such as the row's own; Infinity: all count. */
  passedOver(input: number): number;
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
  const { bonuses, threshold } = row;
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
      const usual = usualValues(references[input] as SortedWindow, row.passedOver(input));
      const side = row.isHigh(input) ? "high" : "low";
      return { input, value: column[at] as number, ...usual, side, share: nats / total };
    });
  return { contributions, novel: [...bonuses.keys()], rule: null, threshold };
}

/** Median and range of a reference without the value of one rank; Infinity: of all of it. */
function usualValues(
  reference: SortedWindow,
  passedOver: number,
): Pick<Contribution, "typical" | "low" | "high"> {
  const last = reference.length - (Number.isFinite(passedOver) ? 2 : 1);
  const quantile = (q: number): number => {
    const rank = Math.round(q * last);
    return last < 0 ? Number.NaN : reference.at(rank < passedOver ? rank : rank + 1);
  };
  return { typical: quantile(0.5), low: quantile(0.05), high: quantile(0.95) };
}
