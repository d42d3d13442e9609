import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AlertSpan,
  matchAlerts,
  overlap,
} from "../../../src/backtest/comparison/match-alerts.ts";

function alert(
  startedAt: number,
  lastAnomalyAt: number,
  changes: Partial<AlertSpan> = {},
): AlertSpan {
  return {
    sensor: "pump-1",
    detector: "one",
    severity: "warning",
    startedAt,
    lastAnomalyAt,
    peakScore: 0.9,
    ...changes,
  };
}

const alerts = fc
  .array(
    fc
      .record({
        from: fc.nat(30),
        length: fc.nat(5),
        sensor: fc.constantFrom("a", "b"),
        detector: fc.constantFrom("one", "two"),
      })
      .map(({ from, length, ...rest }) => alert(from, from + length, rest)),
    { maxLength: 12 },
  )
  .map((list) => list.sort((a, b) => a.startedAt - b.startedAt));

describe("matchAlerts", () => {
  it("puts each alert into one pair that overlaps on a sensor, or into none", () => {
    fc.assert(
      fc.property(alerts, alerts, (first, second) => {
        const { pairs, onlyFirst, onlySecond } = matchAlerts(first, second);
        expect(new Set([...pairs.map(([a]) => a), ...onlyFirst])).toEqual(new Set(first));
        expect(pairs.length + onlyFirst.length).toBe(first.length);
        expect(new Set([...pairs.map(([, b]) => b), ...onlySecond])).toEqual(new Set(second));
        expect(pairs.length + onlySecond.length).toBe(second.length);
        const meets = (a: AlertSpan, b: AlertSpan) =>
          a.sensor === b.sensor &&
          Math.max(a.startedAt, b.startedAt) <= Math.min(a.lastAnomalyAt, b.lastAnomalyAt);
        for (const [a, b] of pairs) expect(meets(a, b)).toBe(true);
        // no two unpaired alerts fit together
        for (const a of onlyFirst) for (const b of onlySecond) expect(meets(a, b)).toBe(false);
      }),
    );
  });

  it("prefers the same detector to a nearer start", () => {
    const other = alert(10, 20, { detector: "two" });
    const same = alert(15, 20);
    const { pairs } = matchAlerts([alert(10, 20)], [other, same]);
    expect(pairs.map(([, b]) => b)).toEqual([same]);
  });
});

describe("overlap", () => {
  it("is the share of alerts with a counterpart", () => {
    const one = [alert(0, 1), alert(10, 11), alert(20, 21)];
    expect(overlap(one, one)).toBe(1);
    expect(overlap(one, [alert(10, 12)])).toBe(0.5);
    expect(overlap(one, [])).toBe(0);
    expect(overlap([], [])).toBe(1);
  });
});
