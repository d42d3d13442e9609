import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NAB_PROFILES,
  type NabProfile,
  type NabRecording,
  nabScore,
  nabWorth,
} from "../../../bench/detection/metrics/nab-score.ts";

/** A recording of up to 50 readings, few distinct scores, up to two windows of two readings or more. */
const recording = fc
  .record({
    scores: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 12, maxLength: 50 }),
    probation: fc.integer({ min: 0, max: 8 }),
    edges: fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 4, maxLength: 4 }),
    windows: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ scores, probation, edges, windows }): NabRecording => {
    const [a, b, c, d] = edges.sort((x, y) => x - y) as [number, number, number, number];
    return {
      scores: Float64Array.from(scores),
      probation,
      windows: (
        [
          [a, b],
          [c, d],
        ] as const
      ).slice(0, windows),
    };
  });

/** The score of one threshold, straight from the definition: window by window, alarm by alarm. */
function scoreAt(
  recordings: readonly NabRecording[],
  { hit, miss, falseAlarm }: NabProfile,
  threshold: number,
): number {
  let total = 0;
  for (const { scores, windows, probation } of recordings) {
    const alarms = [...scores.keys()].filter(
      (i) => i >= probation && (scores[i] as number) >= threshold,
    );
    for (const [first, last] of windows) {
      if (last < probation) continue;
      const inside = alarms.filter((i) => i >= first && i <= last);
      const worths = inside.map((i) => hit * nabWorth(i, windows));
      total += worths.length > 0 ? Math.max(...worths) : -miss;
    }
    const outside = alarms.filter((i) => !windows.some(([first, last]) => i >= first && i <= last));
    for (const i of outside) total += falseAlarm * nabWorth(i, windows);
  }
  const windows = recordings.flatMap((one) => one.windows).length;
  return (100 * (total + miss * windows)) / (hit * windows + miss * windows);
}

describe("nabScore", () => {
  it.each(Object.entries(NAB_PROFILES))(
    "is the best over all thresholds, in the profile %s",
    (_, profile) => {
      fc.assert(
        fc.property(fc.array(recording, { minLength: 1, maxLength: 4 }), (recordings) => {
          fc.pre(recordings.some(({ windows }) => windows.length > 0));
          const thresholds = [Number.POSITIVE_INFINITY, 0, 1, 2, 3, 4, 5];
          const scores = thresholds.map((threshold) => scoreAt(recordings, profile, threshold));
          const best = nabScore(recordings, profile);
          expect(best.score).toBeCloseTo(Math.max(...scores), 9);
          expect(scoreAt(recordings, profile, best.threshold)).toBeCloseTo(best.score, 9);
        }),
      );
    },
  );

  it("is 0 without detections, 100 with one at the start of each window", () => {
    const windows = [[10, 19]] as const;
    const silent = new Float64Array(40);
    const first = Float64Array.from({ length: 40 }, (_, i) => (i === 10 ? 9 : 0));
    const late = Float64Array.from({ length: 40 }, (_, i) => (i === 19 ? 9 : 0));
    const score = (scores: Float64Array): number =>
      nabScore([{ scores, windows, probation: 5 }], NAB_PROFILES.standard).score;
    expect(score(silent)).toBe(0);
    expect(score(first)).toBeCloseTo(100, 9);
    expect(score(late)).toBeGreaterThan(50);
    expect(score(late)).toBeLessThan(70);
  });

  it("does not count readings of the probation", () => {
    const scores = Float64Array.from({ length: 40 }, (_, i) => (i === 2 ? 9 : i === 12 ? 5 : 0));
    const windows = [[10, 19]] as const;
    expect(nabScore([{ scores, windows, probation: 5 }], NAB_PROFILES.standard)).toMatchObject({
      threshold: 5,
    });
  });
});

describe("nabWorth", () => {
  const windows = [[10, 19]] as const;

  it("falls from 1 to near 0 within a window, and from 0 to -1 after it", () => {
    const worths = Array.from({ length: 60 }, (_, i) => nabWorth(i, windows));
    expect(worths.slice(0, 10)).toEqual(Array(10).fill(-1));
    expect(worths[10]).toBe(1);
    for (let i = 11; i < 20; i++) expect(worths[i]).toBeLessThan(worths[i - 1] as number);
    expect(worths[19]).toBeGreaterThan(0);
    for (let i = 20; i < 30; i++) expect(worths[i]).toBeLessThan(worths[i - 1] as number);
    expect(worths[19 + 28]).toBe(-1);
  });
});
