import fc from "fast-check";
import { expect, it } from "vitest";
import { cutAt } from "../../support/batches.ts";
import {
  DAY,
  type NumberedReading,
  readings,
  runTimed,
  withoutKey,
} from "../../support/timed-streams.ts";

const HOUR = 3_600_000;
const YEARS = 80 * 365 * DAY;
/** Beyond the limit of every sensor: one day. */
const future = fc.integer({ min: DAY + HOUR, max: YEARS });
const past = fc.integer({ min: -YEARS, max: -DAY - HOUR });
const cuts = fc.array(fc.nat(60), { maxLength: 6 });

/** The readings with another time in one of them; and without that one. */
function spoilt(readings: readonly NumberedReading[], at: number, ms: number) {
  const place = at % readings.length;
  const { key } = readings[place] as NumberedReading;
  return {
    key,
    place,
    wrong: readings.map((one, i) => (i === place ? { ...one, time: one.time + ms } : one)),
    without: readings.filter((_, i) => i !== place),
  };
}

it("leaves other sensors as they are without a reading from the future, wherever it is", () => {
  fc.assert(
    fc.property(readings, fc.nat(), future, cuts, (all, at, ms, places) => {
      const { key, wrong, without } = spoilt(all, at, ms);
      expect(withoutKey(runTimed(cutAt(wrong, places)), key)).toEqual(
        withoutKey(runTimed([without]), key),
      );
    }),
  );
});

it("leaves other sensors as they are without a reading from the past, unless it is the first of all", () => {
  fc.assert(
    fc.property(readings, fc.nat(), past, cuts, (all, at, ms, places) => {
      const { key, place, wrong, without } = spoilt(all, at, ms);
      fc.pre(place > 0);
      expect(withoutKey(runTimed(cutAt(wrong, places)), key)).toEqual(
        withoutKey(runTimed([without]), key),
      );
    }),
  );
});

it("rejects a reading from the future after the first one, and is as without it", () => {
  fc.assert(
    fc.property(readings, fc.nat(), future, (all, at, ms) => {
      const { place, wrong, without } = spoilt(all, at, ms);
      fc.pre(place > 0);
      const { notices, ...output } = runTimed([wrong]);
      const { notices: none, ...expected } = runTimed([without]);
      expect(output).toEqual(expected);
      expect(none).toEqual([]);
      expect(notices.map(({ kind }) => kind)).toEqual([
        "held",
        expect.stringMatching(/^(refused|unconfirmed)$/),
      ]);
      expect(notices[1]?.row).toBe(place + 1);
    }),
  );
});

it("leaves other sensors as they are without one whose clock is wrong from some reading on", () => {
  fc.assert(
    fc.property(readings, fc.nat(), future, cuts, (all, at, ms, places) => {
      const from = at % all.length;
      fc.pre(from > 2 && new Set(all.slice(0, from).map(({ key }) => key)).size > 1);
      const { key } = all[from] as NumberedReading;
      const wrong = all.map((one, i) =>
        i >= from && one.key === key ? { ...one, time: one.time + ms } : one,
      );
      const without = all.filter((one, i) => i < from || one.key !== key);
      expect(withoutKey(runTimed(cutAt(wrong, places)), key)).toEqual(
        withoutKey(runTimed([without]), key),
      );
    }),
  );
});

it("gives the same in pieces of any size, and with all state saved and restored between them", () => {
  const change = fc.record({
    at: fc.nat(),
    length: fc.nat(30),
    ms: fc.oneof(future, past, fc.integer({ min: -3 * DAY, max: 3 * DAY })),
  });
  fc.assert(
    fc.property(
      readings,
      fc.array(change, { maxLength: 6 }),
      cuts,
      fc.boolean(),
      (all, changes, places, isRestored) => {
        const wild = all.map((one) => ({ ...one }));
        for (const { at, length, ms } of changes) {
          const from = at % wild.length;
          const own = wild.slice(from).filter(({ key }) => key === wild[from]?.key);
          for (const one of own.slice(0, length)) one.time += ms;
        }
        expect(runTimed(cutAt(wild, places), isRestored)).toEqual(runTimed([wild]));
      },
    ),
  );
});
