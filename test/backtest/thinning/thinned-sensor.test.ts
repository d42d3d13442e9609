import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ThinnedSensor,
  type ThinnedSeries,
} from "../../../src/backtest/thinning/thinned-sensor.ts";
import { WindowMemories } from "../../../src/core/sorted-window/window-memory.ts";

/** One column, one detector: its values, scores and labels. */
interface Rows {
  readonly values: readonly number[];
  readonly scores: readonly number[];
  readonly labels: readonly boolean[];
}

const REACH = { readings: 5000, until: Number.POSITIVE_INFINITY };

function fill(sensor: ThinnedSensor, { values, scores, labels }: Rows): void {
  const column = Float64Array.from(values);
  for (let row = 0; row < values.length; row++) {
    sensor.add({
      time: 1000 * row,
      columns: [column],
      row,
      isLabelled: labels[row] === true,
      scores: Float64Array.of(scores[row] ?? Number.NaN),
    });
  }
}

const thinned = (rows: Rows, capacity: number, most = capacity): ThinnedSeries => {
  const sensor = new ThinnedSensor(1, 1, capacity, REACH, new WindowMemories());
  fill(sensor, rows);
  return sensor.finish(most);
};

/** Slow and obvious: the extremes of each bucket, from the rows. */
function slow({ values, scores, labels }: Rows, perBucket: number) {
  const starts = values.flatMap((_, i) => (i % perBucket === 0 ? [i] : []));
  const known = (all: readonly number[], at: number): number[] =>
    all.slice(at, at + perBucket).filter((value) => !Number.isNaN(value));
  const extreme = (all: readonly number[], choose: (...numbers: number[]) => number) =>
    starts.map((at) => {
      const some = known(all, at);
      return some.length === 0 ? Number.NaN : choose(...some);
    });
  return {
    times: starts.map((at) => 1000 * at),
    smallest: extreme(values, Math.min),
    largest: extreme(values, Math.max),
    scores: extreme(scores, Math.max),
    labelled: starts.map((at) => Number(labels.slice(at, at + perBucket).includes(true))),
  };
}

const number = fc.oneof(
  { weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const rows = fc
  .array(fc.tuple(number, fc.double({ min: 0, max: 1 }), fc.boolean()), {
    minLength: 1,
    maxLength: 300,
  })
  .map((all) => ({
    values: all.map(([value]) => value),
    scores: all.map(([, score]) => score),
    labels: all.map(([, , label]) => label),
  }));
const capacity = fc.integer({ min: 1, max: 20 }).map((half) => 2 * half);

function expectSame(series: ThinnedSeries, all: Rows): void {
  const expected = slow(all, series.perBucket);
  expect([...series.times]).toEqual(expected.times);
  expect([...(series.columns[0]?.smallest ?? [])]).toEqual(expected.smallest);
  expect([...(series.columns[0]?.largest ?? [])]).toEqual(expected.largest);
  expect([...(series.scores[0] ?? [])]).toEqual(expected.scores);
  expect([...series.labelled]).toEqual(expected.labelled);
  expect(series.end).toBe(1000 * (all.values.length - 1));
}

describe("ThinnedSensor", () => {
  it("keeps extremes, largest score and label of every bucket, within its capacity", () => {
    fc.assert(
      fc.property(rows, capacity, fc.integer({ min: 1, max: 60 }), (all, room, most) => {
        const series = thinned(all, room, most);
        expect(series.times.length).toBeLessThanOrEqual(Math.min(room, most));
        expectSame(series, all);
      }),
    );
  });

  it("keeps them when its capacity shrinks in between", () => {
    fc.assert(
      fc.property(rows, rows, capacity, capacity, (before, after, room, less) => {
        const sensor = new ThinnedSensor(1, 1, room, REACH, new WindowMemories());
        const all = {
          values: [...before.values, ...after.values],
          scores: [...before.scores, ...after.scores],
          labels: [...before.labels, ...after.labels],
        };
        const column = Float64Array.from(all.values);
        for (let row = 0; row < column.length; row++) {
          if (row === before.values.length) sensor.shrink(less);
          sensor.add({
            time: 1000 * row,
            columns: [column],
            row,
            isLabelled: all.labels[row] === true,
            scores: Float64Array.of(all.scores[row] ?? Number.NaN),
          });
        }
        expect(sensor.buckets).toBeLessThanOrEqual(Math.min(room, less));
        expectSame(sensor.finish(1000), all);
      }),
    );
  });

  it("keeps single readings while they fit", () => {
    const all = { values: [3, 1, 2], scores: [0.1, 0.9, 0.2], labels: [false, true, false] };
    const series = thinned(all, 4);
    expect(series.perBucket).toBe(1);
    expectSame(series, all);
  });

  it("fills more than half of the requested buckets", () => {
    const length = 10_000;
    const all = {
      values: Array.from({ length }, (_, i) => i),
      scores: Array.from({ length }, () => 0.1),
      labels: [],
    };
    for (const most of [600, 900, 1250]) {
      expect(thinned(all, 8192, most).times.length).toBeGreaterThan(most / 2);
    }
  });

  it("takes the usual range from before each bucket", () => {
    const length = 4000;
    const values = Array.from({ length }, (_, i) => (i < 3000 ? i % 100 : 1000));
    const series = thinned({ values, scores: values.map(() => 0), labels: [] }, length);
    const band = series.columns[0];
    expect(band?.low[100]).toBeNaN();
    expect(band?.low[3000]).toBeCloseTo(5, -1);
    expect(band?.high[3000]).toBeCloseTo(95, -1);
    expect(band?.high[3999]).toBe(1000);
  });

  it("rejects an odd capacity", () => {
    expect(() => new ThinnedSensor(1, 1, 3, REACH, new WindowMemories())).toThrow(RangeError);
    expect(() => new ThinnedSensor(1, 1, 8, REACH, new WindowMemories()).shrink(5)).toThrow(
      RangeError,
    );
  });
});
