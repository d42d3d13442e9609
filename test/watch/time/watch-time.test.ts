import { describe, expect, it } from "vitest";
import type { ClockStep } from "../../../src/watch/time/arrival-clock.ts";
import { WatchTime } from "../../../src/watch/time/watch-time.ts";
import { SetClocks } from "../../support/set-clocks.ts";

const NEVER = Number.NEGATIVE_INFINITY;
const NOW = 1e12;
const DAY = 86_400_000;

const at = (...times: number[]): Float64Array => Float64Array.from(times);

function start(floor = NEVER) {
  const clocks = new SetClocks(NOW);
  const steps: ClockStep[] = [];
  const time = new WatchTime(clocks, floor, (step) => steps.push(step));
  let watermark = floor;
  return {
    clocks,
    steps,
    time,
    resumed: (last: number, readings: number): void => {
      watermark = Math.max(watermark, last);
      time.resumed(last, readings);
    },
    /** Takes readings with these times. */
    take: (times: Float64Array, isArrival = false) => {
      const unwatched = time.takeUnwatched(times, watermark, isArrival);
      watermark = Math.max(watermark, ...times);
      return unwatched;
    },
  };
}

describe("WatchTime: unwatched time", () => {
  it("lasts from the last reading of a session to the start of the next, not to its first reading", () => {
    const { clocks, time, resumed, take } = start();
    resumed(NOW - DAY, 1);
    clocks.pass(400);
    expect(take(at(time.now()), true)).toEqual({ from: NOW - DAY, to: NOW });
    clocks.pass(400);
    expect(take(at(time.now()), true)).toBeNull();
  });

  it("is absent without a gap, and before the very first reading", () => {
    const { clocks, resumed, take } = start();
    resumed(NEVER, 1);
    expect(take(at(NOW))).toBeNull();
    resumed(NOW, 1);
    clocks.pass(400);
    expect(take(at(NOW + 300))).toBeNull();
    expect(take(at(NOW + DAY))).toBeNull();
  });

  it("ends by the first newer reading; repeated readings are ignored", () => {
    const { resumed, take } = start();
    resumed(NOW, 1);
    expect(take(at())).toBeNull();
    expect(take(at(NOW - 5, NOW))).toBeNull();
    expect(take(at(NOW, NOW + DAY, NOW + 2 * DAY))).toEqual({ from: NOW, to: NOW + DAY });
    expect(take(at(NOW + 3 * DAY))).toBeNull();
  });

  it("ends by the newest of as many readings as there are sensors, as each may predate the start", () => {
    const { clocks, resumed, take } = start();
    resumed(NOW - DAY, 4);
    clocks.pass(100);
    expect(take(at(NOW - DAY / 2))).toEqual({ from: NOW - DAY, to: NOW - DAY / 2 - 100 });
    expect(take(at(NOW - DAY, NOW - DAY / 3 - DAY / 3))).toBeNull();
    clocks.pass(100);
    expect(take(at(NOW - DAY / 3, NOW + 200))).toEqual({ from: NOW - DAY, to: NOW });
    expect(take(at(NOW + DAY))).toBeNull();
  });

  it("covers a clock step forward, if readings follow the clock", () => {
    for (const isArrival of [true, false]) {
      const { clocks, steps, time, take } = start();
      expect(take(at(time.now()), isArrival)).toBeNull();
      clocks.pass(100);
      clocks.wallMs += DAY;
      const unwatched = isArrival ? { from: NOW, to: NOW + DAY } : null;
      expect(take(at(time.now()), isArrival)).toEqual(unwatched);
      expect(steps).toEqual([{ expectedMs: NOW + 100, foundMs: NOW + 100 + DAY, aheadMs: DAY }]);
      expect(take(at(time.now()), isArrival)).toBeNull();
    }
  });

  it("is absent when the clock is set before the very first reading", () => {
    const { clocks, time, take } = start();
    time.now();
    clocks.wallMs += DAY;
    expect(take(at(time.now()), true)).toBeNull();
    expect(take(at(time.now()), true)).toBeNull();
  });

  it("counts once when the clock is set before the first reading of a session", () => {
    const { clocks, time, resumed, take } = start(NOW + DAY);
    resumed(NOW + DAY, 1);
    clocks.pass(50);
    clocks.wallMs += 3 * DAY;
    expect(take(at(time.now()), true)).toEqual({ from: NOW + DAY, to: NOW + 3 * DAY });
    expect(take(at(time.now()), true)).toBeNull();
  });

  it("is absent when the clock is set back", () => {
    const { clocks, steps, time, take } = start();
    take(at(time.now()), true);
    clocks.wallMs -= DAY;
    expect(take(at(time.now()), true)).toBeNull();
    expect(steps).toMatchObject([{ aheadMs: 0 }]);
  });
});
