import { describe, expect, it } from "vitest";
import type { ClockStep } from "../../../src/live/watch/arrival-clock.ts";
import { WatchTime } from "../../../src/live/watch/watch-time.ts";
import { SetClocks } from "../../support/set-clocks.ts";

const NEVER = Number.NEGATIVE_INFINITY;
const DAY = 86_400_000;

const at = (...times: number[]): Float64Array => Float64Array.from(times);

function start(floor = NEVER) {
  const clocks = new SetClocks(1e12);
  const steps: ClockStep[] = [];
  const time = new WatchTime(clocks, floor, (step) => steps.push(step));
  return { clocks, steps, time };
}

describe("time in which nobody watched", () => {
  it("is that between the last reading of a run and the first of the next, but not what passed since the start", () => {
    const { clocks, time } = start();
    time.resumed(1e12 - DAY);
    clocks.pass(400);
    expect(time.takeUnwatched(at(time.now()), true)).toBe(DAY);
    clocks.pass(400);
    expect(time.takeUnwatched(at(time.now()), true)).toBe(0);
  });

  it("is none when readings go on where they were, and at the very first one", () => {
    const { clocks, time } = start();
    time.resumed(NEVER);
    expect(time.takeUnwatched(at(1e12), false)).toBe(0);
    time.resumed(1e12);
    clocks.pass(400);
    expect(time.takeUnwatched(at(1e12 + 300), false)).toBe(0);
    expect(time.takeUnwatched(at(1e12 + DAY), false)).toBe(0);
  });

  it("ends with the first reading that is newer than those before, whatever comes once more", () => {
    const { time } = start();
    time.resumed(1e12);
    expect(time.takeUnwatched(at(), false)).toBe(0);
    expect(time.takeUnwatched(at(1e12 - 5, 1e12), false)).toBe(0);
    expect(time.takeUnwatched(at(1e12, 1e12 + DAY, 1e12 + 2 * DAY), false)).toBe(DAY);
    expect(time.takeUnwatched(at(1e12 + 3 * DAY), false)).toBe(0);
  });

  it("is what the clock was set forward by, if readings follow it", () => {
    for (const [isArrival, expected] of [
      [true, DAY],
      [false, 0],
    ] as const) {
      const { clocks, steps, time } = start();
      time.now();
      clocks.pass(100);
      clocks.wallMs += DAY;
      expect(time.takeUnwatched(at(time.now()), isArrival)).toBe(expected);
      expect(steps).toEqual([{ expectedMs: 1e12 + 100, foundMs: 1e12 + 100 + DAY, aheadMs: DAY }]);
      expect(time.takeUnwatched(at(time.now()), isArrival)).toBe(0);
    }
  });

  it("is counted once when the clock is set before the first reading", () => {
    const { clocks, time } = start(1e12 + DAY);
    time.resumed(1e12 + DAY);
    clocks.pass(50);
    clocks.wallMs += 3 * DAY;
    expect(time.takeUnwatched(at(time.now()), true)).toBe(2 * DAY);
  });

  it("is none when the clock is set back", () => {
    const { clocks, steps, time } = start();
    clocks.wallMs -= DAY;
    expect(time.takeUnwatched(at(time.now()), true)).toBe(0);
    expect(steps).toMatchObject([{ aheadMs: 0 }]);
  });
});
