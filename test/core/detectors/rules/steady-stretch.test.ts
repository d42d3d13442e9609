import fc from "fast-check";
import { expect, it } from "vitest";
import { SteadyStretch } from "../../../../src/core/detectors/rules/steady-stretch.ts";
import { StateReader, StateWriter } from "../../../../src/core/state-codec.ts";

/** Index of the first value of the longest steady stretch, by looking at all values. */
function startOf(values: readonly number[], tolerance: number): number {
  let start = values.length - 1;
  while (start > 0) {
    const longer = values.slice(start - 1);
    if (Math.max(...longer) - Math.min(...longer) > tolerance) break;
    start -= 1;
  }
  return start;
}

function restored(from: SteadyStretch, tolerance: number): SteadyStretch {
  const writer = new StateWriter();
  from.part().save(writer);
  const stretch = new SteadyStretch(tolerance, tolerance);
  stretch.part().load(new StateReader(writer.finish()));
  return stretch;
}

it("is the longest one of the newest values within the tolerance, also from a saved state", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 }));
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 0, max: 4 }),
      fc.nat(60),
      (steps, tolerance, saveAt) => {
        let stretch = new SteadyStretch(tolerance, tolerance);
        const values: number[] = [];
        const times: number[] = [];
        for (const [i, [value, passed]] of steps.entries()) {
          values.push(value);
          times.push((times[i - 1] ?? 0) + passed);
          stretch.add(value, times[i] as number);
          const start = startOf(values, tolerance);
          expect([stretch.since, stretch.values]).toEqual([times[start], values.length - start]);
          if (i === saveAt) stretch = restored(stretch, tolerance);
        }
      },
    ),
  );
});

it("is never longer than that for values that drift in more steps than it keeps", () => {
  const drift = fc.array(fc.double({ min: -0.2, max: 0.3, noNaN: true }), {
    minLength: 50,
    maxLength: 150,
  });
  fc.assert(
    fc.property(drift, (steps) => {
      const stretch = new SteadyStretch(3, 3);
      const values: number[] = [];
      for (const [i, step] of steps.entries()) {
        values.push((values[i - 1] ?? 0) + step);
        stretch.add(values[i] as number, i);
        expect(stretch.since).toBeGreaterThanOrEqual(startOf(values, 3));
      }
    }),
    { numRuns: 30 },
  );
});
