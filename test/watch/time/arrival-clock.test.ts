import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArrivalClock } from "../../../src/watch/time/arrival-clock.ts";
import { SetClocks } from "../../support/set-clocks.ts";

describe("ArrivalClock", () => {
  it("shows what the clock shows, as long as that goes forward", () => {
    const clocks = new SetClocks(1e12);
    const arrival = new ArrivalClock(clocks, Number.NEGATIVE_INFINITY);
    clocks.pass(500);
    expect(arrival.now()).toBe(1e12 + 500);
    expect(arrival.takeStep()).toBeNull();
  });

  it("goes on at the pace of passing time when the clock is set back, and tells it once", () => {
    const clocks = new SetClocks(1e12);
    const arrival = new ArrivalClock(clocks, Number.NEGATIVE_INFINITY);
    clocks.wallMs -= 3_600_000;
    clocks.pass(250);
    expect(arrival.now()).toBe(1e12 + 250);
    clocks.pass(250);
    expect(arrival.now()).toBe(1e12 + 500);
    expect(arrival.takeStep()).toEqual({
      expectedMs: 1e12 + 250,
      foundMs: 1e12 + 250 - 3_600_000,
      aheadMs: 0,
    });
    expect(arrival.takeStep()).toBeNull();
  });

  it("follows a clock that was at 1970 and is set right", () => {
    const clocks = new SetClocks(10_000);
    const arrival = new ArrivalClock(clocks, Number.NEGATIVE_INFINITY);
    clocks.wallMs = 1.8e12;
    expect(arrival.now()).toBe(1.8e12);
    expect(arrival.takeStep()).toEqual({
      expectedMs: 10_000,
      foundMs: 1.8e12,
      aheadMs: 1.8e12 - 10_000,
    });
  });

  it("begins after the newest reading when the clock is behind it", () => {
    const clocks = new SetClocks(10_000);
    const arrival = new ArrivalClock(clocks, 1.8e12);
    clocks.pass(40);
    expect(arrival.now()).toBe(1.8e12 + 40);
    expect(arrival.takeStep()).toEqual({ expectedMs: 1.8e12, foundMs: 10_000, aheadMs: 0 });
  });

  it("never goes back, however the clock is set", () => {
    const moves = fc.array(
      fc.record({ pass: fc.nat(5000), set: fc.integer({ min: -1e7, max: 1e7 }) }),
    );
    fc.assert(
      fc.property(moves, (all) => {
        const clocks = new SetClocks(1e12);
        const arrival = new ArrivalClock(clocks, Number.NEGATIVE_INFINITY);
        let last = Number.NEGATIVE_INFINITY;
        for (const { pass, set } of all) {
          clocks.pass(pass);
          clocks.wallMs += set;
          const now = arrival.now();
          expect(now).toBeGreaterThanOrEqual(last);
          last = now;
        }
      }),
    );
  });
});
