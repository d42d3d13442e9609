import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainExpected } from "./plain-expected.ts";
import { noise, run, spec } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 2);

function expectedOf(times: readonly number[], xs: readonly number[]): number[] {
  return run([spec("expected", null)], times, [xs])[0] as number[];
}

function every(step: number, span: number): number[] {
  return Array.from({ length: Math.floor(span / step) }, (_, i) => START + i * step);
}

function largest(xs: readonly number[]): number {
  return Math.max(...xs.map(Math.abs));
}

describe("expected", () => {
  it("equals its definition over weeks with gaps", () => {
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom(10, 50, 60, 70, 360, 1440, 2 * 1440),
        fc.double({ min: -9, max: 9 }),
      ),
      { minLength: 100, maxLength: 250 },
    );
    fc.assert(
      fc.property(steps, fc.boolean(), (rows, weekly) => {
        let time = START;
        const times = rows.map(([minutes]) => {
          time += minutes * MINUTE;
          return time;
        });
        const xs = times.map((at, i) => {
          const value = rows[i]?.[1] ?? 0;
          if (value > 8) return Number.NaN;
          return value / 9 + 10 * Math.floor((at / DAY) % (weekly ? 7 : 1));
        });
        const want = plainExpected(xs, times);
        for (const [i, got] of expectedOf(times, xs).entries()) {
          expect(Number.isNaN(got)).toBe(Number.isNaN(want[i]));
          if (!Number.isNaN(got)) expect(got).toBeCloseTo(want[i] as number, 9);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is missing for three days, and then removes a daily curve", () => {
    const times = every(5 * MINUTE, 8 * DAY);
    const xs = times.map((time) => 20 + 5 * Math.sin((2 * Math.PI * time) / DAY));
    const got = expectedOf(times, xs);
    const inThreeDays = (3 * DAY) / (5 * MINUTE);
    expect(got.slice(0, inThreeDays).every(Number.isNaN)).toBe(true);
    expect(largest(got.slice(inThreeDays))).toBeLessThan(0.15);
  });

  it("keeps the height of a fault, and ignores it on the next days", () => {
    const times = every(10 * MINUTE, 10 * DAY);
    const fault = (time: number) => time >= START + 6 * DAY && time < START + 6.1 * DAY;
    const xs = times.map((time) => Math.floor((time % DAY) / (6 * HOUR)) + (fault(time) ? 30 : 0));
    const got = expectedOf(times, xs);
    const during = got.filter((_, i) => fault(times[i] as number));
    expect(Math.min(...during)).toBeGreaterThan(28);
    const after = got.filter((_, i) => (times[i] as number) >= START + 7 * DAY);
    expect(largest(after)).toBeLessThan(1.6); // half of the step at midnight
  });

  it("changes to the week when weekends differ from the other days", () => {
    const random = noise(5);
    const times = every(15 * MINUTE, 42 * DAY);
    const isWeekend = (time: number) => [0, 6].includes(new Date(time).getUTCDay());
    const xs = times.map((time) => (isWeekend(time) ? 5 : 20) + random() - 0.5);
    const got = expectedOf(times, xs);
    const weekend = (from: number) =>
      largest(
        got.filter((_, i) => {
          const time = times[i] as number;
          // the two hours after midnight are between the levels of two days
          const settled = time % DAY > 2 * HOUR && time % DAY < 22 * HOUR;
          return time >= START + from * DAY && settled && isWeekend(time);
        }),
      );
    expect(weekend(7)).toBeGreaterThan(14);
    expect(weekend(28)).toBeLessThan(1.5);
  });
});
