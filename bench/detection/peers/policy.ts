import { createAlertBudget } from "../../../src/core/alerts/budget/create-alert-budget.ts";
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
 * alert budget decides about the rarest.
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
  const rarityOf = isBounded ? byRank() : byTail();
  const budget = createAlertBudget({ perWeek });
  const episodes: Episode[] = [];
  scores.forEach((score, row) => {
    const time = times[row] as number;
    const { state } = budget.observe({ time, w: score === null ? null : rarityOf(score) });
    if (state === "told") episodes.push({ from: time, to: time, toldAt: time });
    if (state === "open") episodes.push({ ...(episodes.pop() as Episode), to: time });
  });
  return episodes;
}

/** Rarity of a score among the earlier ones as iotmon computes it, nats. */
function byTail(): (score: number) => number {
  const moments = { memory: { numbers: new Float64Array(MOMENTS) }, at: 0 };
  const history = new SortedWindow(new WindowMemory(), HISTORY);
  const earlier = new Calibrator(history, moments, HISTORY, ANY_UNIT);
  const cell = new Float64Array(2);
  return (score) => {
    cell[0] = score;
    earlier.logTail(cell, 0, cell, 1);
    earlier.push(cell, 0, false);
    return 0 - (cell[1] as number);
  };
}

/** Rarity of a score by its rank among the earlier ones, nats. */
function byRank(): (score: number) => number {
  const history = new SortedWindow(new WindowMemory(), HISTORY);
  const cell = new Float64Array(1);
  return (score) => {
    cell[0] = score;
    const atLeast = history.length === 0 ? 0 : history.countAtLeast(cell, 0);
    const rarity = Math.log((history.length + 1) / (atLeast + 1));
    history.add(cell, 0, HISTORY);
    return rarity;
  };
}
