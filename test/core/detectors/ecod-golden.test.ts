import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createDetector, pyodEcod } from "../../../src/index.ts";

type Row = (number | null)[];

interface StreamVector {
  config: Record<string, unknown> & { n_features: number; contamination: number };
  X: Row[];
  expected: {
    raw_score: Row;
    p: Row;
    anomaly_score: number[];
    is_anomaly: number[];
    warm: number[];
    top: ([number, number, string] | null)[];
  };
  weights: number[];
  observations_seen: number;
}

interface BatchVector {
  X: number[][];
  X_test: number[][];
  fit: { decision_scores: number[] };
  contamination: Record<string, { threshold: number; n_outliers: number; labels_idx: number[] }>;
  test_batch: { decision_scores: number[] };
  test_single: { decision_scores: number[] };
}

const golden = new URL("../../../fixtures/golden/", import.meta.url);
const files = (kind: string): string[] => readdirSync(new URL(kind, golden)).sort();
const load = <T>(kind: string, file: string): T =>
  JSON.parse(readFileSync(new URL(`${kind}/${file}`, golden), "utf8")) as T;

/** Relative 1e-9 or absolute 1e-12, as the vectors demand. */
function expectClose(got: number | null, wanted: number | null | undefined, where: string): void {
  if (got === null || wanted === null || wanted === undefined) {
    expect(got, where).toBe(wanted);
    return;
  }
  const tolerance = Math.max(1e-12, 1e-9 * Math.abs(wanted));
  if (!(Math.abs(got - wanted) <= tolerance)) expect(got, where).toBe(wanted);
}

describe("batch ECOD equals PyOD", () => {
  it.each(files("ecod"))("%s", (file) => {
    const vector = load<BatchVector>("ecod", file);
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
    expect(files("ecod").length).toBeGreaterThanOrEqual(7);
    expect(files("stream").length).toBeGreaterThanOrEqual(9);
  });
});

describe("streaming ECOD equals the reference implementation", () => {
  it.each(files("stream"))("%s", (file) => {
    const { config, X, expected } = load<StreamVector>("stream", file);
    const { n_features, ...settings } = config;
    const features = Array.from({ length: n_features }, (_, i) => `f${i}`);
    const detector = createDetector("ecod", { ...settings, features });
    X.forEach((row, i) => {
      const got = detector.observe(row);
      const where = `row ${i}`;
      expectClose(got.raw_score, expected.raw_score[i], `${where} raw_score`);
      expectClose(got.p, expected.p[i], `${where} p`);
      expectClose(got.anomaly_score, expected.anomaly_score[i], `${where} anomaly_score`);
      expect(got.warm, where).toBe(expected.warm[i] === 1);
      const p = expected.p[i];
      const c = config.contamination;
      if (typeof p !== "number" || Math.abs(p - c) > 1e-9 * c) {
        expect(got.is_anomaly, where).toBe(expected.is_anomaly[i] === 1);
      }
      expectTop(got.contributions, got.sides, expected.top[i] ?? null, where);
    });
  });
});

function expectTop(
  contributions: readonly (number | null)[],
  sides: readonly (string | null)[],
  top: [number, number, string] | null,
  where: string,
): void {
  if (top === null) {
    expect(
      contributions.every((c) => c === null),
      where,
    ).toBe(true);
    return;
  }
  const ranked = contributions
    .map((nats, i) => ({ nats: nats ?? Number.NEGATIVE_INFINITY, i }))
    .sort((a, b) => b.nats - a.nats);
  const [first, second] = ranked;
  expectClose(first?.nats ?? null, top[1], `${where} top contribution`);
  const unambiguous = !second || (first?.nats ?? 0) - second.nats > 1e-9;
  if (unambiguous) {
    expect(first?.i, where).toBe(top[0]);
    expect(sides[top[0]], where).toBe(top[2]);
  }
}
