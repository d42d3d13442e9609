import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FeatureSpec } from "../../../src/core/features/spec.ts";
import { WindowPlan } from "../../../src/core/features/window-plan.ts";
import { predictWindowBytes, WindowSet } from "../../../src/core/features/window-set.ts";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";
import {
  duration,
  everySpec,
  irregularTimes,
  noise,
  rows,
  samples,
  seconds,
  spec,
} from "./support.ts";

const MAX_WINDOW_ROWS = 40;
const SPECS = everySpec([rows(1), rows(4), rows(50), rows(300), duration(5000), duration(60_000)]);

/** A stretch of rows of two columns. */
interface Rows {
  readonly times: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** Rows with everything that makes a state change its way: gaps, steps, spikes, standstill. */
const table: fc.Arbitrary<Rows> = fc
  .array(
    fc.record({
      level: fc.constantFrom(0, 0, 1e9, -3),
      noisy: fc.boolean(),
      values: fc.array(fc.tuple(samples(), samples()), { minLength: 1, maxLength: 160 }),
    }),
    { maxLength: 5 },
  )
  .chain((parts) => {
    const pairs = parts.flatMap(({ level, noisy, values }) =>
      values.map(([x, y]) => [noisy ? level + x / 3 : level, y] as const),
    );
    return irregularTimes(pairs.length).map((times) => ({
      times: Float64Array.from(times),
      columns: [Float64Array.from(pairs, ([x]) => x), Float64Array.from(pairs, ([, y]) => y)],
    }));
  });

function applyFrom(
  set: WindowSet,
  { times, columns }: Rows,
  from: number,
  to: number,
  out: Float64Array[],
): void {
  set.apply(
    times.subarray(from, to),
    columns.map((column) => column.subarray(from, to)),
    to - from,
    out.map((feature) => feature.subarray(from)),
  );
}

function fresh(specs: readonly FeatureSpec[] = SPECS): WindowSet {
  return new WindowSet(new WindowPlan(specs, 2, MAX_WINDOW_ROWS));
}

function emptyOut(count: number): Float64Array[] {
  return SPECS.map(() => new Float64Array(count).fill(-1));
}

function saved(set: WindowSet): Uint8Array {
  const writer = new StateWriter();
  set.save(writer);
  return writer.finish();
}

function restored(bytes: Uint8Array, specs: readonly FeatureSpec[] = SPECS): WindowSet {
  const set = fresh(specs);
  set.load(new StateReader(bytes));
  return set;
}

function expectSameBytes(got: readonly Float64Array[], want: readonly Float64Array[]): void {
  for (const [f, { name, window }] of SPECS.entries()) {
    const a = Buffer.from((got[f] as Float64Array).buffer);
    const b = Buffer.from((want[f] as Float64Array).buffer);
    if (!a.equals(b)) expect.fail(`${name} differs on ${JSON.stringify(window)}`);
  }
}

describe("WindowSet", () => {
  it("gives the same bytes and state, however rows are split into calls", () => {
    fc.assert(
      fc.property(table, fc.array(fc.nat(), { maxLength: 40 }), (all, numbers) => {
        const count = all.times.length;
        const cuts = [0, ...numbers.map((n) => n % (count + 1)), count].toSorted((a, b) => a - b);
        const whole = fresh();
        const want = emptyOut(count);
        applyFrom(whole, all, 0, count, want);
        const pieces = fresh();
        const got = emptyOut(count);
        for (const [i, to] of cuts.entries()) applyFrom(pieces, all, cuts[i - 1] ?? 0, to, got);
        expectSameBytes(got, want);
        expect(pieces.rowsSeen).toBe(count);
        expect(Buffer.from(saved(pieces)).equals(saved(whole))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same bytes row by row as in one call", () => {
    fc.assert(
      fc.property(table, (all) => {
        const count = all.times.length;
        const want = emptyOut(count);
        applyFrom(fresh(), all, 0, count, want);
        const single = fresh();
        const got = emptyOut(count);
        for (let i = 0; i < count; i++) applyFrom(single, all, i, i + 1, got);
        expectSameBytes(got, want);
      }),
      { numRuns: 10 },
    );
  });

  it("gives each of several keys the same bytes as alone, in turns", () => {
    fc.assert(
      fc.property(table, table, (one, two) => {
        const alone = [one, two].map((all) => {
          const out = emptyOut(all.times.length);
          applyFrom(fresh(), all, 0, all.times.length, out);
          return out;
        });
        const plan = new WindowPlan(SPECS, 2, MAX_WINDOW_ROWS);
        const keys = [one, two].map((all) => ({
          all,
          set: new WindowSet(plan),
          out: emptyOut(all.times.length),
        }));
        for (let i = 0; i < Math.max(one.times.length, two.times.length); i++) {
          for (const { all, set, out } of keys) {
            if (i < all.times.length) applyFrom(set, all, i, i + 1, out);
          }
        }
        for (const [k, { out }] of keys.entries()) {
          expectSameBytes(out, alone[k] as Float64Array[]);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("gives the same results after save and load at any row", () => {
    fc.assert(
      fc.property(table, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (all, numbers) => {
        const count = all.times.length;
        const want = emptyOut(count);
        const whole = fresh();
        applyFrom(whole, all, 0, count, want);
        const got = emptyOut(count);
        let set = fresh();
        let from = 0;
        for (const to of numbers.map((n) => n % (count + 1)).toSorted((a, b) => a - b)) {
          applyFrom(set, all, from, to, got);
          set = restored(saved(set));
          from = to;
        }
        applyFrom(set, all, from, count, got);
        expectSameBytes(got, want);
        expect(Buffer.from(saved(set)).equals(saved(whole))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same bytes on long noise that is split, saved and loaded every 37 rows", () => {
    const count = 2000;
    const next = noise(23);
    const xs = Float64Array.from({ length: count }, () => next() / 3);
    const ys = xs.map((x) => x + next());
    const all = { times: Float64Array.from(seconds(count)), columns: [xs, ys] };
    const want = emptyOut(count);
    applyFrom(fresh(), all, 0, count, want);
    const got = emptyOut(count);
    let set = fresh();
    for (let from = 0; from < count; from += 37) {
      applyFrom(set, all, from, Math.min(count, from + 37), got);
      set = restored(saved(set));
    }
    expectSameBytes(got, want);
  });

  it("rejects a state of other features", () => {
    const bytes = saved(fresh());
    expect(() => restored(bytes, [spec("mean", rows(3))])).toThrow(RangeError);
  });

  it("rejects a state that is truncated anywhere", () => {
    const specs = everySpec([rows(3), duration(5000)]);
    const set = fresh(specs);
    const times = Float64Array.from(seconds(20));
    set.apply(
      times,
      [times, times],
      20,
      specs.map(() => new Float64Array(20)),
    );
    const bytes = saved(set);
    for (let length = 0; length < bytes.length; length += 4) {
      expect(() => restored(bytes.subarray(0, length), specs)).toThrow(RangeError);
    }
  });

  it("rejects windows longer than its own", () => {
    const long = fresh([spec("median", rows(30)), spec("max", rows(30))]);
    const times = Float64Array.from(seconds(60), (time) => -time);
    long.apply(times, [times, times], 60, [new Float64Array(60), new Float64Array(60)]);
    const short = [spec("median", rows(5)), spec("max", rows(5))];
    expect(() => restored(saved(long), short)).toThrow(RangeError);
  });

  it.each<[string, Partial<FeatureSpec>]>([
    ["a column that is not there", { column: 2 }],
    ["a second column for a function of one", { other: 1 }],
    ["a quantile for a function without one", { quantile: 0.5 }],
    ["a window of no rows", { window: rows(0) }],
    ["a window of no time", { window: duration(0) }],
    ["a missing window", { window: null }],
    ["a missing second column", { function: "corr" }],
    ["a missing quantile", { function: "quantile" }],
    ["a quantile above 1", { function: "quantile", quantile: 95 }],
    ["a duration for a function of rows", { function: "lag", window: duration(1000) }],
    ["a window for the value itself", { function: "value" }],
  ])("rejects %s", (_fault, change) => {
    const feature = { ...spec("mean", rows(3)), ...change };
    expect(() => new WindowSet(new WindowPlan([feature], 2, 10))).toThrow(RangeError);
  });

  it("works without features", () => {
    const set = new WindowSet(new WindowPlan([], 1, 10));
    set.apply(Float64Array.of(1, 2), [Float64Array.of(1, 2)], 2, []);
    expect(set.rowsSeen).toBe(2);
    expect(predictWindowBytes([], 1, 10)).toBeGreaterThan(0);
  });

  it("grows to the predicted bytes at most", () => {
    const specs = everySpec([rows(10), rows(50), rows(200)]);
    const predicted = predictWindowBytes(specs, 2, MAX_WINDOW_ROWS);
    const set = fresh(specs);
    const count = 5000;
    const next = noise(1);
    const rising = Float64Array.from({ length: count }, (_, i) => i);
    const falling = Float64Array.from({ length: count }, () => -next());
    const out = specs.map(() => new Float64Array(count));
    expect(set.bytes).toBeLessThan(0.7 * predicted);
    set.apply(Float64Array.from(seconds(count)), [rising, falling], count, out);
    set.apply(Float64Array.from(seconds(count)), [rising.toReversed(), falling], count, out);
    expect(set.bytes).toBeLessThanOrEqual(predicted);
    expect(set.bytes).toBeGreaterThan(0.9 * predicted);
  });

  it("holds only the rows of a duration when those are few", () => {
    const specs = [spec("median", duration(10_000))];
    const set = new WindowSet(new WindowPlan(specs, 1, 10_000));
    const times = Float64Array.from(seconds(5000));
    set.apply(times, [times], 5000, [new Float64Array(5000)]);
    expect(set.bytes).toBeLessThan(8000);
  });
});
