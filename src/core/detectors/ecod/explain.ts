import type { SortedWindow } from "../../sorted-window/sorted-window.ts";
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
  const nats = new Float64Array(references.length);
  let total = 0;
  for (let input = 0; input < nats.length; input++) {
    const bonus = bonuses.get(input) ?? 0;
    const sum = row.contribution(input) + bonus;
    nats[input] = sum;
    total += Number.isNaN(sum) ? bonus : sum; // a feature without a vote has no nats, but may be novel all the same
  }
  const contributions: Contribution[] = [];
  for (
    let input = largest(nats);
    contributions.length < MOST && input >= 0;
    input = largest(nats)
  ) {
    const column = inputs[input] as Float64Array;
    const usual = usualValues(references[input] as SortedWindow, row.passedOver(input));
    const side = row.isHigh(input) ? "high" : "low";
    const share = (nats[input] as number) / total;
    contributions.push({ input, value: column[at] as number, ...usual, side, share });
    nats[input] = 0;
  }
  return { contributions, novel: [...bonuses.keys()], rule: null, threshold };
}

/** Index of the largest number, the first of equal ones; -1: none is above 0. */
function largest(numbers: Float64Array): number {
  let found = -1;
  let most = 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (number > most) {
      most = number;
      found = i;
    }
  }
  return found;
}

/** Median and range of a reference without the value of one rank; Infinity: of all of it. */
function usualValues(
  reference: SortedWindow,
  passedOver: number,
): Pick<Contribution, "typical" | "low" | "high"> {
  return {
    typical: quantile(reference, passedOver, 0.5),
    low: quantile(reference, passedOver, 0.05),
    high: quantile(reference, passedOver, 0.95),
  };
}

function quantile(reference: SortedWindow, passedOver: number, q: number): number {
  const last = reference.length - (Number.isFinite(passedOver) ? 2 : 1);
  const rank = Math.round(q * last);
  return last < 0 ? Number.NaN : reference.at(rank < passedOver ? rank : rank + 1);
}
