import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";
import { Intake, type IntakeOptions } from "../../../src/engine/intake.ts";
import { cutAt } from "../../support/batches.ts";
import { type NumberedReading, numberedBatch } from "../../support/timed-streams.ts";

const START = Date.parse("2026-03-01T00:00:00Z");
const KEYS = 3;
const OPTIONS: IntakeOptions = { outOfOrder: "process", join: true };

/** Rows of a few sensors, each with some of three values, often at the time of the row before. */
const rows: fc.Arbitrary<readonly NumberedReading[]> = fc
  .array(
    fc.record({
      key: fc.nat(KEYS - 1),
      step: fc.constantFrom(0, 0, 0, 1000, 60_000),
      values: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(Number.NaN, Number.NaN, 1, 2))),
    }),
    { maxLength: 50 },
  )
  .map((steps) => {
    let time = START;
    return steps.map(({ key, step, values }, i) => {
      time += step;
      return { row: i + 1, key, time, values };
    });
  });

/** The readings of each sensor, as the description says it. */
function slowlyJoined(all: readonly NumberedReading[], key: number): readonly NumberedReading[] {
  const joined: NumberedReading[] = [];
  let isOpen = false;
  for (const row of all.filter((one) => one.key === key)) {
    const last: NumberedReading | undefined = joined.at(-1);
    const isPart: boolean =
      isOpen &&
      last?.time === row.time &&
      row.values.every((value, c) => Number.isNaN(value) || Number.isNaN(last.values[c]));
    const values: readonly number[] = isPart
      ? row.values.map((value, c) => (Number.isNaN(value) ? (last?.values[c] as number) : value))
      : row.values;
    if (isPart) joined.pop();
    joined.push({ ...row, row: isPart ? (last?.row as number) : row.row, values });
    isOpen = values.some(Number.isNaN);
  }
  return joined;
}

function restored(from: Intake): Intake {
  const writer = new StateWriter();
  from.save(writer, KEYS);
  const intake = new Intake({ outOfOrder: "process" });
  intake.load(new StateReader(writer.finish()));
  return intake;
}

/** Readings in the order in which they pass. */
function passed(pieces: readonly (readonly NumberedReading[])[], isRestored: boolean) {
  let intake = new Intake(OPTIONS);
  const readings: NumberedReading[] = [];
  const take = (batch: ReturnType<Intake["flush"]>): void => {
    for (let i = 0; i < (batch?.length ?? 0); i++) {
      readings.push({
        row: batch?.rows[i] as number,
        key: batch?.keys[i] as number,
        time: batch?.timestamps[i] as number,
        values: (batch?.columns ?? []).map((column) => column[i] as number),
      });
    }
  };
  for (const piece of pieces) {
    take(intake.accept(numberedBatch(piece)));
    if (isRestored) intake = restored(intake);
  }
  take(intake.flush());
  return readings;
}

describe("an intake that joins rows", () => {
  it("joins complementary rows of one time, however they are cut, and from a saved state", () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.nat(50), { maxLength: 5 }),
        fc.boolean(),
        (all, cuts, isSaved) => {
          const readings = passed(cutAt(all, cuts), isSaved);
          expect(readings).toEqual(passed([all], false));
          for (let key = 0; key < KEYS; key++) {
            const own = readings.filter((reading) => reading.key === key);
            expect(own).toEqual(slowlyJoined(all, key));
          }
        },
      ),
    );
  });

  const part = (row: number, key: number, second: number, ...values: number[]) => ({
    ...{ row, key, time: START + 1000 * second, values },
  });

  it("passes a reading at once when every column has a value", () => {
    const intake = new Intake(OPTIONS);
    expect(intake.accept(numberedBatch([part(1, 0, 0, 1, Number.NaN)])).length).toBe(0);
    const batch = intake.accept(numberedBatch([part(2, 0, 0, Number.NaN, 2)]));
    expect([batch.length, batch.columns[0]?.[0], batch.columns[1]?.[0]]).toEqual([1, 1, 2]);
    expect([...batch.carried]).toEqual([0]);
  });

  it("passes an incomplete reading two seconds after its time", () => {
    const intake = new Intake(OPTIONS);
    intake.accept(numberedBatch([part(1, 0, 0, 1, Number.NaN)]));
    expect(intake.deadline).toBe(START + 2000);
    expect(intake.tick(START + 1999)).toBeNull();
    expect(intake.tick(START + 2000)?.length).toBe(1);
    expect(intake.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it("joins rows that arrive late, when they are sorted first", () => {
    const intake = new Intake({ ...OPTIONS, lateness: 10_000 });
    intake.accept(
      numberedBatch([
        part(1, 0, 0, 1, Number.NaN),
        part(2, 0, 5, 3, 4),
        part(3, 0, 0, Number.NaN, 2),
      ]),
    );
    const batch = intake.flush();
    expect([...(batch?.columns[1]?.subarray(0, batch.length) ?? [])]).toEqual([2, 4]);
  });
});
