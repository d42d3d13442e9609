/**
 * Realised alarm rate over contamination of the experts of a detector, on ideal surprises of independent columns with one
 * feature each: what the calibration itself gives, without references and windows.
 *
 * @module
 */
import { Calibrator, MOMENTS } from "../src/core/detectors/ecod/score/calibrator.ts";
import { NEUTRAL_SURPRISE } from "../src/core/detectors/ecod/warm-up/seed-rows.ts";
import { SortedWindow } from "../src/core/sorted-window/sorted-window.ts";
import { WindowMemory } from "../src/core/sorted-window/window-memory.ts";
import { Random } from "../test/support/random.ts";

const ROWS = 50_000;
const FIRST = 5000;
const SCORES = 10_000;
/** Share of the false alarms that the column expert may cause. */
const SHARE = 0.1;

/** Realised rates over contamination. */
export interface ExpertRates {
  readonly contamination: number;
  /** The sum with all of the false alarms, and both experts with their shares. */
  readonly sumAlone: number;
  readonly both: number;
}

/** Anomalies at one contamination. */
interface Count {
  readonly contamination: number;
  sumAlone: number;
  both: number;
}

/** Rates of rows 5,000 to 50,000, mean over the runs. */
export function expertRates(columns: number, runs: number): readonly ExpertRates[] {
  const counts = [0.05, 0.01, 0.001].map(
    (contamination): Count => ({ contamination, sumAlone: 0, both: 0 }),
  );
  for (let run = 0; run < runs; run++) addRun(counts, columns, new Random(run + 1));
  return counts.map(({ contamination, sumAlone, both }) => {
    const expected = runs * (ROWS - FIRST) * contamination;
    return { contamination, sumAlone: sumAlone / expected, both: both / expected };
  });
}

function addRun(counts: readonly Count[], columns: number, random: Random): void {
  const [sum, column] = [expert(columns), expert(1)];
  const row = new Float64Array(2);
  const lnP = new Float64Array(2);
  for (let i = 0; i < ROWS; i++) {
    drawRow(random, columns, row);
    sum.logTail(row, 0, lnP, 0);
    column.logTail(row, 1, lnP, 1);
    if (i >= FIRST) for (const count of counts) add(count, lnP);
    sum.push(row, 0, false);
    column.push(row, 1, false);
  }
}

function add(count: Count, lnP: Float64Array): void {
  const [bySum, byColumn] = [...lnP].map(Math.exp) as [number, number];
  const { contamination } = count;
  if (bySum <= contamination) count.sumAlone += 1;
  if (bySum <= (1 - SHARE) * contamination || byColumn <= SHARE * contamination) count.both += 1;
}

function expert(columns: number): Calibrator {
  const moments = { memory: { numbers: new Float64Array(MOMENTS) }, at: 0 };
  const history = new SortedWindow(new WindowMemory(), SCORES);
  return new Calibrator(history, moments, SCORES, { columns, scale: 1 });
}

/** Writes the sum of the surprises and the largest excess of a column. */
function drawRow(random: Random, columns: number, row: Float64Array): void {
  let sum = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let g = 0; g < columns; g++) {
    const u = random.uniform();
    const surprise = -Math.log(Math.min(u, 1 - u));
    sum += surprise;
    most = Math.max(most, surprise - NEUTRAL_SURPRISE);
  }
  row[0] = sum;
  row[1] = most;
}
