import type { Path } from "../../config/document.ts";
import type { ScoresExpectation } from "../../config/schema/tests/expect.ts";
import { type Failure, type Fix, failure, showScore } from "../failure.ts";
import type { TestScore } from "../run/outcome.ts";

const ROWS_AROUND = 3;
const HUNDRED = 100;

/** Checks `expect.scores`: each entry against all its rows. */
export function checkScores(
  expected: readonly ScoresExpectation[],
  scores: readonly TestScore[],
  path: Path,
): Failure[] {
  return expected.flatMap((entry, i) => checkEntry(entry, scores, [...path, i]));
}

function checkEntry(entry: ScoresExpectation, all: readonly TestScore[], path: Path): Failure[] {
  const { row: rows, sensor, detector, min, max, anomalous } = entry;
  const own = all.filter(
    (score) =>
      (sensor === undefined || score.sensor === sensor) &&
      (detector === undefined || score.detector === detector),
  );
  const meant = own.filter(({ row }) => row >= rows.from && row <= rows.to);
  const expected = showEntry(entry);
  if (meant.length === 0) {
    return [failure({ path, message: "no row like this was scored", expected })];
  }
  const wrong = meant.filter(
    ({ score, anomalous: is }) =>
      score < (min ?? 0) ||
      score > (max ?? 1) ||
      (anomalous !== undefined && (is ?? false) !== anomalous),
  );
  const [first] = wrong;
  if (first === undefined) return [];
  const values = meant.map(({ score }) => score);
  const fixes: Fix[] = [];
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (min !== undefined && least < min) {
    fixes.push({ path: [...path, "min"], value: Math.floor(least * HUNDRED) / HUNDRED });
  }
  if (max !== undefined && most > max) {
    fixes.push({ path: [...path, "max"], value: Math.ceil(most * HUNDRED) / HUNDRED });
  }
  const flags = new Set(meant.map(({ anomalous: is }) => is ?? false));
  if (anomalous !== undefined && flags.size === 1 && !flags.has(anomalous)) {
    fixes.push({ path: [...path, "anomalous"], value: !anomalous });
  }
  return [
    failure({
      path,
      message: `${wrong.length} of ${meant.length} scores ${meant.length === 1 ? "is" : "are"} not as expected`,
      expected,
      actual: `row ${first.row} of ${first.sensor}, ${first.detector}: ${showScore(first)}`,
      nearby: own.filter(({ row }) => Math.abs(row - first.row) <= ROWS_AROUND),
      fixes,
    }),
  ];
}

function showEntry({ row, min, max, anomalous }: ScoresExpectation): string {
  const rows = row.from === row.to ? `row ${row.from}` : `rows ${row.from}..${row.to}`;
  const parts = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(anomalous === undefined ? [] : [anomalous ? "anomalous" : "not anomalous"]),
  ];
  return `${rows}: ${parts.join(", ")}`;
}
