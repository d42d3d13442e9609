import fc from "fast-check";
import { expect, it } from "vitest";
import { Intake } from "../../src/engine/intake.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";

const reading = fc.record({
  time: fc.integer({ min: 0, max: 20 }),
  key: fc.nat(100),
  values: fc.tuple(fc.nat(9)),
});

/** What the intake is to give, row by row, the slow way. */
function expected(readings: readonly TestReading[], drop: boolean) {
  const rows: Record<string, unknown>[] = [];
  let outOfOrder = 0;
  readings.forEach(({ time, key, values }, i) => {
    const mine = rows.filter((row) => row["key"] === key);
    const last = Math.max(
      Number.NEGATIVE_INFINITY,
      ...mine.map((row) => row["eventTime"] as number),
    );
    if (time < last) outOfOrder += 1;
    if (time < last && drop) return;
    const eventTime = Math.max(time, last);
    const watermark = Math.max(eventTime, ...rows.map((row) => row["eventTime"] as number));
    rows.push({
      row: i + 1,
      time,
      key,
      value: values[0],
      eventTime,
      watermark,
      sequence: mine.length,
    });
  });
  return { rows, outOfOrder };
}

it.each([
  ["process", false],
  ["drop", true],
] as const)("%s: time never goes back within a key, however the rows are cut", (policy, drop) => {
  fc.assert(
    fc.property(
      fc.array(reading, { maxLength: 60 }),
      fc.array(fc.nat(60), { maxLength: 4 }),
      (readings, places) => {
        const intake = new Intake({ outOfOrder: policy });
        const got: unknown[] = [];
        let first = 0;
        for (const piece of cutAt(readings, places)) {
          const batch = intake.accept(batchOf(piece, first));
          first += piece.length;
          for (let i = 0; i < batch.length; i++) {
            got.push({
              row: batch.rows[i],
              time: batch.timestamps[i],
              key: batch.keys[i],
              value: batch.columns[0]?.[i],
              eventTime: batch.eventTimes[i],
              watermark: batch.watermarks[i],
              sequence: batch.sequences[i],
            });
          }
        }
        const wanted = expected(readings, drop);
        expect(got).toEqual(wanted.rows);
        expect(intake.outOfOrder).toBe(wanted.outOfOrder);
      },
    ),
  );
});

it("makes values outside their range missing, and keeps all others", () => {
  const value = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value)),
      fc.integer({ min: -20, max: 20 }),
      (rows, min) => {
        const range = { name: "b", column: 1, min, max: min + 10, unit: "" };
        const intake = new Intake({ outOfOrder: "process", ranges: [range] });
        const batch = batchOf(rows.map((values, time) => ({ time, key: 0, values })));
        const { columns = [] } = rows.length === 0 ? {} : intake.accept(batch);
        const bad = rows.map(([, b]) => b < min || b > min + 10);
        expect([...(columns[0] ?? [])]).toEqual(rows.map(([a]) => a));
        expect([...(columns[1] ?? [])]).toEqual(rows.map(([, b], i) => (bad[i] ? Number.NaN : b)));
      },
    ),
  );
});
