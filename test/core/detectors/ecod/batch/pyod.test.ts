import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pyodEcod } from "../../../../../src/index.ts";

interface BatchVector {
  X: number[][];
  X_test: number[][];
  fit: { decision_scores: number[] };
  contamination: Record<string, { threshold: number; n_outliers: number; labels_idx: number[] }>;
  test_batch: { decision_scores: number[] };
  test_single: { decision_scores: number[] };
}

const golden = new URL("../../../../../fixtures/golden/ecod/", import.meta.url);
const files = readdirSync(golden).sort();
const load = (file: string): BatchVector =>
  JSON.parse(readFileSync(new URL(file, golden), "utf8")) as BatchVector;

/** Relative 1e-9 or absolute 1e-12, as the vectors demand. */
function expectClose(got: number, wanted: number, where: string): void {
  const tolerance = Math.max(1e-12, 1e-9 * Math.abs(wanted));
  if (!(Math.abs(got - wanted) <= tolerance)) expect(got, where).toBe(wanted);
}

describe("batch ECOD equals PyOD", () => {
  it.each(files)("%s", (file) => {
    const vector = load(file);
    for (const [contamination, wanted] of Object.entries(vector.contamination)) {
      const fit = pyodEcod(vector.X, { contamination: Number(contamination) });
      expectClose(fit.threshold, wanted.threshold, `threshold at ${contamination}`);
      const sure = fit.scores
        .map((s, i) => [s, i] as const)
        .filter(([s]) => Math.abs(s - fit.threshold) > 1e-9);
      const outliers = sure.filter(([s]) => s > fit.threshold).map(([, i]) => i);
      const wantedSure = wanted.labels_idx.filter((i) => sure.some(([, k]) => k === i));
      expect(outliers).toEqual(wantedSure);
      vector.fit.decision_scores.forEach((s, i) => {
        expectClose(fit.scores[i] as number, s, `training row ${i}`);
      });
    }
    const fit = pyodEcod(vector.X, { contamination: 0.1 });
    const together = fit.score(vector.X_test);
    vector.test_batch.decision_scores.forEach((s, i) => {
      expectClose(together[i] as number, s, `test row ${i}`);
    });
    vector.test_single.decision_scores.forEach((s, i) => {
      expectClose(fit.scoreOne(vector.X_test[i] as number[]), s, `test row ${i} alone`);
    });
  });

  it("has vectors to compare with", () => {
    expect(files.length).toBeGreaterThanOrEqual(7);
  });
});
