import type { SortedWindow } from "../../sorted-window/sorted-window.ts";
import type { Contribution, Explanation } from "../detector.ts";

const MOST = 5;

/** The data of a detector's last row for an explanation. */
interface ExplainedRow {
  contribution(input: number): number;
  isHigh(input: number): boolean;
  /** Nats that novelty added, by input. */
  readonly bonuses: ReadonlyMap<number, number>;
  /** Rank of the reference value to skip, such as the row's own; Infinity: none. */
  passedOver(input: number): number;
  /** Raw score at the alarm boundary. */
  readonly threshold: number;
}

/** The features that contributed most to the last row, with the typical values of each before it. */
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
    total += Number.isNaN(sum) ? bonus : sum; // a feature without a vote has no nats, but may be novel
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

/** Index of the first largest number; -1 if none is above 0. */
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

/** Median and range of a reference without the value of rank `passedOver`; Infinity: of all values. */
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
