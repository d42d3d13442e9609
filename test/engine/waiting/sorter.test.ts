import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";
import { Intake } from "../../../src/engine/intake.ts";
import { cutAt } from "../../support/batches.ts";
import { DAY, type NumberedReading, numberedBatch } from "../../support/timed-streams.ts";

const START = Date.parse("2026-03-01T00:00:00Z");
const LATENESS = 60_000;
const KEYS = 4;

/** Readings that arrive up to a minute late. */
const late: fc.Arbitrary<readonly NumberedReading[]> = fc
  .array(
    fc.record({
      key: fc.nat(KEYS - 1),
      step: fc.integer({ min: 0, max: 20_000 }),
      delay: fc.integer({ min: 0, max: LATENESS }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let time = START;
    const taken = steps.map(({ key, step, delay }) => {
      time += step;
      return { key, time, arrival: time + delay };
    });
    return taken
      .sort((a, b) => a.arrival - b.arrival)
      .map(({ key, time }, i) => ({ row: i + 1, key, time, values: [i] }));
  });

function restored(from: Intake): Intake {
  const writer = new StateWriter();
  from.save(writer, KEYS);
  const intake = new Intake({ outOfOrder: "process", lateness: LATENESS });
  intake.load(new StateReader(writer.finish()));
  return intake;
}

/** Rows in the order in which they pass. */
function passed(pieces: readonly (readonly NumberedReading[])[], isRestored = false) {
  let intake = new Intake({ outOfOrder: "process", lateness: LATENESS });
  const rows: number[] = [];
  for (const piece of pieces) {
    const batch = intake.accept(numberedBatch(piece));
    rows.push(...batch.rows.subarray(0, batch.length));
    if (isRestored) intake = restored(intake);
  }
  const rest = intake.flush();
  if (rest !== null) rows.push(...rest.rows.subarray(0, rest.length));
  return { rows, outOfOrder: intake.outOfOrder };
}

describe("an intake with lateness", () => {
  it("passes readings in order of time, however they are cut, and from a saved state", () => {
    fc.assert(
      fc.property(
        late,
        fc.array(fc.nat(60), { maxLength: 5 }),
        fc.boolean(),
        (all, cuts, saved) => {
          const sorted = [...all].sort((a, b) => a.time - b.time).map(({ row }) => row);
          expect(passed(cutAt(all, cuts), saved)).toEqual({ rows: sorted, outOfOrder: 0 });
        },
      ),
    );
  });

  const intakeOf = (...seconds: readonly number[]) => {
    const intake = new Intake({ outOfOrder: "process", lateness: LATENESS });
    const rows = seconds.map((second, i) => ({
      ...{ row: i + 1, key: 0, time: START + 1000 * second, values: [i] },
    }));
    const batch = intake.accept(numberedBatch(rows));
    return { intake, rows: [...batch.rows.subarray(0, batch.length)] };
  };

  it("lets readings wait for that long, and takes later ones as out of order", () => {
    const { intake, rows } = intakeOf(0, 30, 60, 59, 90, 10);
    expect(rows).toEqual([1, 2, 6]); // 30 passes at 90, and 10 is later than that
    expect(intake.outOfOrder).toBe(1);
    expect(intake.watermark).toBe(START + 90_000);
    expect(intake.deadline).toBe(START + 59_000 + LATENESS);
  });

  it("passes readings when time passes without a reading", () => {
    const { intake } = intakeOf(0, 50, 40);
    expect(intake.tick(START + 59_000)).toBeNull();
    expect(intake.tick(START + 99_000)?.rows[0]).toBe(1);
    const rows = intake.tick(START + 115_000);
    expect([...(rows?.rows.subarray(0, rows.length) ?? [])]).toEqual([3, 2]);
    expect(rows?.carried).toEqual([0, 1]);
  });

  it("does not let a reading from the future pass others", () => {
    const { intake, rows } = intakeOf(0, 30, 9000 * (DAY / 1000), 20, 95);
    expect(rows).toEqual([1, 4, 2]);
    expect(intake.takeNotices().map(({ kind, row }) => [kind, row])).toEqual([
      ["held", 3],
      ["refused", 3],
    ]);
  });
});
