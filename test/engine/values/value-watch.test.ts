import fc from "fast-check";
import { expect, it } from "vitest";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";
import { Intake } from "../../../src/engine/intake.ts";
import type { ValueNotice } from "../../../src/engine/values/value-notice.ts";
import { batchOf, cutAt, type TestReading } from "../../support/batches.ts";

const CODE = -127;
const RANGES = [
  { name: "a", column: 0, min: Number.NEGATIVE_INFINITY, max: 500, unit: "", codes: [CODE] },
];
const NONE = Number.NaN;

/** What is found in readings that are cut into batches; at each cut the state is saved and loaded. */
function found(readings: readonly TestReading[], places: readonly number[] = []): ValueNotice[] {
  let intake = new Intake({ outOfOrder: "process", ranges: RANGES });
  const notices: ValueNotice[] = [];
  for (const piece of cutAt(readings, places)) {
    intake.accept(batchOf(piece));
    notices.push(...intake.takeValueNotices());
    const [rows, values] = [new StateWriter(), new StateWriter()];
    intake.save(rows, 8);
    intake.values.save(values);
    intake = new Intake({ outOfOrder: "process", ranges: RANGES });
    intake.load(new StateReader(rows.finish()));
    intake.values.load(new StateReader(values.finish()));
  }
  return notices;
}

const isCode = (value: number, column: number) => column === 0 && (value === CODE || value > 500);

/** Successive readings of one key without a usable value in a column, and the reading that ends them. */
interface Gap {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Usable values before it. */
  readonly seen: number;
  readonly end: { readonly time: number; readonly value: number } | null;
}

/** Readings before the first value of a column count from the first code on. */
function gapsOf(readings: readonly TestReading[], column: number): Gap[] {
  const cells = readings.map(({ time, values }) => ({ time, value: values[column] as number }));
  const first = cells.findIndex(({ value }) => !Number.isNaN(value));
  const known = first < 0 ? [] : cells.slice(first);
  const usable = known.flatMap(({ value }, i) =>
    Number.isNaN(value) || isCode(value, column) ? [] : [i],
  );
  return [...usable, known.length].flatMap((end, seen) => {
    const gap = known.slice((usable[seen - 1] ?? -1) + 1, end);
    const times = gap.map(({ time }) => time);
    const values = gap.map(({ value }) => value);
    return gap.length === 0 ? [] : [{ times, values, seen, end: known[end] ?? null }];
  });
}

/** Number of readings after which a gap is reported; null: it is not. */
function reportedAfter({ values, seen }: Gap, longest: number): number | null {
  const needed = Math.max(10, Math.ceil(5 * longest));
  const firstCode = seen >= 3 ? 0 : values.findIndex((value) => !Number.isNaN(value));
  if (firstCode < 0) return null;
  const count = Math.max(needed, firstCode + 1);
  return count > values.length ? null : count;
}

/** The same, from the readings of one column of one key alone. */
function plainly(readings: readonly TestReading[], column: number): Omit<ValueNotice, "key">[] {
  let longest = 1;
  return gapsOf(readings, column).flatMap((gap) => {
    const { times, values, end } = gap;
    const count = reportedAfter(gap, longest);
    if (count === null) {
      longest = Math.max(values.length + 1, longest * 0.95);
      return [];
    }
    const since = times[0] as number;
    const value = values.slice(0, count).findLast((one) => !Number.isNaN(one)) ?? NONE;
    const timestamp = times[count - 1] as number;
    const reported = {
      kind: "no_value",
      column,
      timestamp,
      since,
      readings: count,
      value,
    } as const;
    if (end === null) return [reported];
    const again = { kind: "value", column, timestamp: end.time, since } as const;
    return [reported, { ...again, readings: values.length, value: end.value }];
  });
}

const stretch = fc.record({
  key: fc.nat(2),
  a: fc.constantFrom(NONE, CODE, 900, 20, 21),
  b: fc.constantFrom(NONE, 1),
  length: fc.integer({ min: 1, max: 14 }),
});

it("finds what the readings of each column show, however they are cut, and across restarts", () => {
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 30 }),
      fc.array(fc.nat(200), { maxLength: 4 }),
      (stretches, places) => {
        const rows = stretches.flatMap(({ key, a, b, length }) =>
          Array.from({ length }, () => ({ key, values: [a, b] })),
        );
        const readings = rows.map((row, i) => ({ ...row, time: 1000 * i }));
        const want = [0, 1, 2].flatMap((key) => {
          const own = readings.filter((one) => one.key === key);
          return [0, 1].flatMap((column) =>
            plainly(own, column).map((notice) => ({ ...notice, key })),
          );
        });
        want.sort((x, y) => x.timestamp - y.timestamp || x.column - y.column);
        expect(found(readings, places)).toEqual(want);
      },
    ),
  );
});

const column = (...values: readonly number[]): TestReading[] =>
  values.map((value, i) => ({ time: 60_000 * i, key: 0, values: [value] }));
const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

it("names the code of a sensor that came off, and tells the next good value", () => {
  const readings = column(...times(20, 21), ...times(30, CODE), 22);
  expect(found(readings)).toMatchObject([
    { kind: "no_value", timestamp: 29 * 60_000, since: 20 * 60_000, readings: 10, value: CODE },
    { kind: "value", timestamp: 50 * 60_000, readings: 30, value: 22 },
  ]);
});

it("a column that is filled in every twelfth reading is reported after five of its intervals", () => {
  const seldom = Array.from({ length: 120 }, (_, i) => (i % 12 === 0 ? 5 : NONE));
  expect(found(column(...seldom))).toEqual([]);
  expect(found(column(...seldom, ...times(49, NONE)))).toMatchObject([{ readings: 60 }]);
});

it("a column that never had a value is reported only if it has implausible ones", () => {
  expect(found(column(...times(50, NONE)))).toEqual([]);
  expect(found(column(...times(50, CODE)))).toMatchObject([{ kind: "no_value", value: CODE }]);
});
