import { AlertBudget, TOLD } from "../../../src/core/alerts/budget/alert-budget.ts";
import { Calibrator, MOMENTS } from "../../../src/core/detectors/ecod/score/calibrator.ts";
import { SortedWindow } from "../../../src/core/sorted-window/sorted-window.ts";
import { WindowMemory } from "../../../src/core/sorted-window/window-memory.ts";
import type { Episode } from "./tally.ts";

/** Newest scores that a score is compared with. */
const HISTORY = 10_000;
/** The prior of the tail follows from the scores alone, because each peer has its own unit. */
const ANY_UNIT = { scale: 1e-9, columns: 1e18 };

/**
 * The alerts of a detector under iotmon's policy: its score becomes a tail probability by its own earlier scores, and an
 * alert budget decides about the rarest. As in iotmon, an alert lasts until its incident ends.
 *
 * @param times Of the readings, ms since epoch.
 * @param scores Larger is rarer; null: the reading has none.
 * @param isBounded Whether scores have a largest value: then their rank alone counts, because such scores have no tail.
 */
export function alertsOf(
  times: readonly number[],
  scores: readonly (number | null)[],
  { perWeek, isBounded = false }: { readonly perWeek: number; readonly isBounded?: boolean },
): Episode[] {
  const tail = isBounded ? byRank() : byTail();
  const budget = new AlertBudget(perWeek);
  const [at, p] = [new Float64Array(1), new Float64Array(1)];
  const episodes: Episode[] = [];
  let isTold = false;
  for (const [row, score] of scores.entries()) {
    const time = times[row] as number;
    at[0] = time;
    if (score === null) {
      budget.see(at, 0);
      continue;
    }
    p[0] = tail(score);
    const state = budget.observe(at, p, 0);
    if (state === TOLD) episodes.push({ from: time, to: time, toldAt: time });
    else if (isTold) episodes.push({ ...(episodes.pop() as Episode), to: time });
    isTold = budget.isOpen && (isTold || state === TOLD);
  }
  return episodes;
}

/** Probability of a score of at least this among the earlier ones, as iotmon computes it. */
function byTail(): (score: number) => number {
  const moments = { memory: { numbers: new Float64Array(MOMENTS) }, at: 0 };
  const history = new SortedWindow(new WindowMemory(), HISTORY);
  const earlier = new Calibrator(history, moments, HISTORY, ANY_UNIT);
  const cell = new Float64Array(2);
  return (score) => {
    cell[0] = score;
    earlier.logTail(cell, 0, cell, 1);
    earlier.push(cell, 0, false);
    return Math.exp(cell[1] as number);
  };
}

/** Probability of a score of at least this, by its rank among the earlier ones. */
function byRank(): (score: number) => number {
  const history = new SortedWindow(new WindowMemory(), HISTORY);
  const cell = new Float64Array(1);
  return (score) => {
    cell[0] = score;
    const atLeast = history.length === 0 ? 0 : history.countAtLeast(cell, 0);
    const p = (atLeast + 1) / (history.length + 1);
    history.add(cell, 0, HISTORY);
    return p;
  };
}
