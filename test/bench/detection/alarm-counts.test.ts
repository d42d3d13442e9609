import { describe, expect, it } from "vitest";
import {
  countAlarms,
  f1,
  f1OfAlwaysAlarming,
  falseAlarmRate,
  missingAlarmRate,
  poolCounts,
} from "../../../bench/detection/metrics/alarm-counts.ts";

// 10 readings, 4 of them anomalous: 3 hits, 1 miss, 2 false alarms
const alarms = Uint8Array.from([1, 1, 1, 0, 1, 1, 0, 0, 0, 0]);
const labels = Uint8Array.from([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);

describe("countAlarms", () => {
  it("separates hits, misses and false alarms", () => {
    const counts = countAlarms(alarms, labels);
    expect(counts).toEqual({ hits: 3, falseAlarms: 2, misses: 1, quiet: 4 });
    const [precision, recall] = [3 / 5, 3 / 4];
    expect(f1(counts)).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
    expect(falseAlarmRate(counts)).toBeCloseTo(2 / 6, 12);
    expect(missingAlarmRate(counts)).toBe(1 / 4);
  });

  it("counts an alarm at every reading", () => {
    const always = countAlarms(new Uint8Array(10).fill(1), labels);
    expect(f1OfAlwaysAlarming(countAlarms(alarms, labels))).toBe(f1(always));
  });
});

describe("poolCounts", () => {
  it("counts as if the recordings were one", () => {
    const parts = [0, 4, 7].map((from, i, edges) =>
      countAlarms(alarms.subarray(from, edges[i + 1]), labels.subarray(from, edges[i + 1])),
    );
    expect(poolCounts(parts)).toEqual(countAlarms(alarms, labels));
  });
});
