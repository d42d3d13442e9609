import type { History } from "../../sorted-window/history.ts";
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
  /** A reference value of an input as people write it. */
  decimal(input: number, value: number): number;
  /** Raw score at the alarm boundary. */
  readonly threshold: number;
  /** Whether a feature belongs to the column that decided. */
  decided(input: number): boolean;
}

/**
 * The features that contributed most to the last row, with the typical values of each before it. Those of the column
 * that decided come first.
 */
export function explainRow(
  row: ExplainedRow,
  references: readonly History[],
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
  for (const input of ranked(nats, row)) {
    const column = inputs[input] as Float64Array;
    const reference = references[input] as History;
    const passedOver = row.passedOver(input);
    const usual = (q: number) => row.decimal(input, quantile(reference, passedOver, q));
    const side = row.isHigh(input) ? "high" : "low";
    const share = (nats[input] as number) / total;
    contributions.push({
      input,
      value: column[at] as number,
      typical: usual(0.5),
      low: usual(0.05),
      high: usual(0.95),
      side,
      share,
    });
  }
  return { contributions, novel: [...bonuses.keys()], rule: null, threshold };
}

/** Inputs with nats above 0, at most {@link MOST}: those of the deciding column first, each group largest first. */
function ranked(nats: Float64Array, row: ExplainedRow): number[] {
  const inputs = [...nats.keys()].filter((input) => (nats[input] as number) > 0);
  inputs.sort((a, b) => (nats[b] as number) - (nats[a] as number)); // stable
  const [deciding, others] = [inputs.filter(row.decided), inputs.filter((i) => !row.decided(i))];
  return [...deciding, ...others].slice(0, MOST);
}

/** The quantile of a reference without the value of rank `passedOver`; Infinity: of all values. */
function quantile(reference: History, passedOver: number, q: number): number {
  const last = reference.length - (Number.isFinite(passedOver) ? 2 : 1);
  const rank = Math.round(q * last);
  return last < 0 ? Number.NaN : reference.at(rank < passedOver ? rank : rank + 1);
}
