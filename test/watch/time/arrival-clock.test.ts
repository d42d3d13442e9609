import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArrivalClock } from "../../../src/watch/time/arrival-clock.ts";
import { SetClocks } from "../../support/set-clocks.ts";

describe("ArrivalClock", () => {
  it("follows the wall clock forward", () => {
    const clocks = new SetClocks(1e12);
    const arrival = new ArrivalClock(clocks, Number.NEGATIVE_INFINITY);
    clocks.pass(500);
    expect(arrival.now()).toBe(1e12 + 500);
    expect(arrival.takeStep()).toBeNull();
  });

  it("continues at the pace of the steady clock when the wall clock is set back, and reports the step once", () => {
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

  it("follows a wall clock that started in 1970 and is corrected", () => {
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

  it("starts at the newest reading when the wall clock is behind it", () => {
    const clocks = new SetClocks(10_000);
    const arrival = new ArrivalClock(clocks, 1.8e12);
    clocks.pass(40);
    expect(arrival.now()).toBe(1.8e12 + 40);
    expect(arrival.takeStep()).toEqual({ expectedMs: 1.8e12, foundMs: 10_000, aheadMs: 0 });
  });

  it("never decreases, however the wall clock is set", () => {
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
