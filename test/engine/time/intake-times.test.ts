import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Intake } from "../../../src/engine/intake.ts";
import { cutAt } from "../../support/batches.ts";
import {
  DAY,
  type NumberedReading,
  numberedBatch,
  restoredIntake,
} from "../../support/timed-streams.ts";
import { TimeModel } from "./time-model.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-03-01T00:00:00Z");

/** More sequences of readings when asked for. */
const RUNS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 400);

/** Times around a few places, far and near, in any order; most readings stay at the place of their sensor. */
const wild: fc.Arbitrary<readonly NumberedReading[]> = fc
  .array(
    fc.record({
      key: fc.nat(3),
      place: fc.oneof(
        { weight: 2, arbitrary: fc.constant(null) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(0, 0, 2 * DAY, 40 * DAY, 23_000 * DAY, -20_000 * DAY),
        },
      ),
      step: fc.integer({ min: 0, max: 12 * HOUR }),
      scale: fc.constantFrom(1, 1000, 20_000),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let passed = 0;
    const places = new Map<number, number>();
    return steps.map(({ key, place, step, scale }, i) => {
      passed += Math.round(step / scale);
      if (place !== null) places.set(key, place);
      return { row: i + 1, key, time: START + (places.get(key) ?? 0) + passed, values: [i] };
    });
  });

/** Rows as the intake gives them, in pieces. */
function taken(
  pieces: readonly (readonly NumberedReading[])[],
  isRestored = false,
  maxJump: number | null = null,
) {
  let intake = new Intake({ outOfOrder: "process", maxJump });
  const rows: unknown[] = [];
  const rejected: number[] = [];
  const take = (): void => {
    for (const { kind, row } of intake.takeNotices()) {
      if (kind === "refused" || kind === "unconfirmed") rejected.push(row);
    }
  };
  for (const piece of pieces) {
    const batch = intake.accept(numberedBatch(piece));
    for (let i = 0; i < batch.length; i++) {
      rows.push({
        row: batch.rows[i],
        eventTime: batch.eventTimes[i],
        clock: batch.watermarks[i],
        isSet: batch.restarts.includes(i),
      });
    }
    take();
    if (isRestored) intake = restoredIntake(intake, maxJump);
  }
  intake.end();
  take();
  return { rows, rejected: rejected.sort((a, b) => a - b), watermark: intake.watermark };
}

it("follows the rules of times, however the rows are cut, and from a saved state", () => {
  fc.assert(
    fc.property(
      wild,
      fc.array(fc.nat(60), { maxLength: 5 }),
      fc.boolean(),
      fc.constantFrom(null, HOUR),
      (all, cuts, isSaved, maxJump) => {
        const model = new TimeModel(maxJump);
        for (const { row, key, time } of all) model.take(row, key, time);
        model.end();
        const { rows, watermark } = model;
        const rejected = [...model.rejected].sort((a, b) => a - b);
        expect(taken(cutAt(all, cuts), isSaved, maxJump)).toEqual({ rows, rejected, watermark });
      },
    ),
    { numRuns: RUNS },
  );
});

describe("an intake", () => {
  const at = (...readings: readonly (readonly [key: number, time: number])[]) =>
    readings.map(([key, time], i) => ({ row: i + 1, key, time: START + time, values: [i] }));
  const rowsOf = (...readings: readonly (readonly [key: number, time: number])[]): unknown[] =>
    taken([at(...readings)]).rows.map((row) => (row as { row: number }).row);

  /** Rows at which a clock was set. */
  const setsOf = (rows: readonly unknown[]): unknown[] =>
    (rows as readonly { row: number; isSet: boolean }[])
      .filter(({ isSet }) => isSet)
      .map(({ row }) => row);

  it("loses nothing in a long gap of the only sensor, and keeps the order", () => {
    expect(rowsOf([0, 0], [0, HOUR], [0, 31 * DAY], [0, 31 * DAY + HOUR])).toEqual([1, 2, 3, 4]);
  });

  it("loses nothing when all sensors were off", () => {
    const off = 31 * DAY;
    const { rows, rejected, watermark } = taken([
      at(
        [0, 0],
        [1, 1],
        [2, 2],
        [0, off],
        [1, off + 1],
        [2, off + 2],
        [0, off + 3],
        [1, off + 4],
        [2, off + 5],
      ),
    ]);
    expect(rows).toHaveLength(9);
    expect(rejected).toEqual([]);
    expect(watermark).toBe(START + off + 5);
  });

  it("takes a reading a month as it comes, after the first two", () => {
    const month = 30 * DAY;
    const year = Array.from({ length: 12 }, (_, i) => [0, i * month] as const);
    expect(rowsOf(...year)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("rejects two readings in a row at different wrong times", () => {
    const times = [0, 1, 2, 20_000 * DAY, 10_000 * DAY, 3, 4].map((time) => [0, time] as const);
    expect(taken([at(...times)]).rejected).toEqual([4, 5]);
  });

  it("sets the clock of a sensor at its third reading in the past, and leaves the watermark to others", () => {
    const { rows, watermark } = taken(
      [at([0, 0], [1, 1], [0, 2], [0, -5 * DAY], [0, 1 - 5 * DAY], [0, 2 - 5 * DAY], [1, 3])],
      false,
    );
    expect(rows.map((row) => (row as { isSet: boolean }).isSet).indexOf(true)).toBe(5);
    expect(rows[5]).toMatchObject({ eventTime: START + 2 - 5 * DAY });
    expect(watermark).toBe(START + 3);
  });

  it.each([1, 10, 60, 300, 900, 1800])(
    "tells once that an hour of a sensor repeats, at %i s between readings",
    (seconds) => {
      const hour = 3600 / seconds;
      const local = Array.from(
        { length: 5 * hour },
        (_, i) => [0, (i < 3 * hour ? i : i - hour) * 1000 * seconds] as const,
      );
      const intake = new Intake({ outOfOrder: "process" });
      intake.accept(numberedBatch(at(...local)));
      expect(intake.takeNotices()).toMatchObject([{ kind: "hour_repeated", row: 3 * hour + 1 }]);
      expect(intake.outOfOrder).toBe(hour - 1);
    },
  );

  it("takes the clock of a new sensor that leaps from 1970 to the others as set", () => {
    const boot = (second: number) => [0, 1000 * second - START] as const;
    const { rows } = taken([
      at([1, 0], boot(1), [1, 1000], boot(2), [1, 2000], [0, 2500], [1, 3000], [0, 3500]),
    ]);
    expect(setsOf(rows)).toEqual([6]);
  });

  it("takes the clocks of new sensors that all leap from 1970 to now as set", () => {
    const boot = (key: number, second: number) => [key, 1000 * second - START] as const;
    const { rows } = taken([
      at(boot(0, 1), boot(1, 2), boot(0, 3), boot(1, 4), [0, 0], [1, 1], [0, 2], [1, 3], [0, 4]),
    ]);
    expect(setsOf(rows)).toEqual([5, 6]);
  });

  it("takes a gap of months that ends near other sensors for a gap", () => {
    const early = Array.from({ length: 30 }, (_, i) => [1, (i - 200 * 24) * HOUR] as const);
    const { rows } = taken([at([0, 0], [0, 1], [0, 2], ...early, [1, 3], [0, 4], [1, 5])]);
    expect(rows).toHaveLength(36);
    expect(setsOf(rows)).toEqual([]);
  });

  it("believes any jump up to `maxJump`", () => {
    const intake = new Intake({ outOfOrder: "process", maxJump: 40 * DAY });
    expect(intake.accept(numberedBatch(at([0, 0], [0, 31 * DAY]))).length).toBe(2);
    expect(intake.accept(numberedBatch(at([0, 72 * DAY]))).length).toBe(0);
  });

  it("takes a tick for known time", () => {
    const intake = new Intake({ outOfOrder: "process" });
    intake.accept(numberedBatch(at([0, 0])));
    intake.tick(START + 30 * DAY);
    expect(intake.accept(numberedBatch(at([0, 30 * DAY + HOUR]))).length).toBe(1);
  });

  it("opens a state from before readings were held", () => {
    const before = new Intake({ outOfOrder: "process" });
    before.accept(numberedBatch(at([0, 0], [1, 5])));
    const after = restoredIntake(before, null, (bytes) => bytes.slice(0, 4 + 8 + 8 + 2 * 4 * 8));
    expect(after.watermark).toBe(START + 5);
    expect(after.accept(numberedBatch(at([0, 6], [2, 7]))).length).toBe(2);
    expect(after.accept(numberedBatch(at([0, 9000 * DAY]))).length).toBe(0);
  });
});
