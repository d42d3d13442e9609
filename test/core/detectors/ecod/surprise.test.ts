import fc from "fast-check";
import { expect, it } from "vitest";
import { SortedWindow } from "../../../../src/core/sorted-window/sorted-window.ts";
import { WindowMemory } from "../../../../src/core/sorted-window/window-memory.ts";

/** Section 3 of `docs/detector-spec.md`, word by word, on sorted values. */
function plainSurprise(a: readonly number[], x: number): number {
  const n = a.length;
  const at = (i: number): number => a[i] as number;
  const low = a.filter((v) => v <= x).length;
  const high = a.filter((v) => v >= x).length;
  const u = Math.max(0, -Math.log((Math.min(low, high) + 1) / (n + 1)));
  const few = Math.max(2, Math.min(10, Math.floor(n / 50)));
  if (n < 20 || Math.min(low, high) > few || a.includes(x)) return u;
  const below = a.filter((v) => v < x).at(-1);
  const above = a.find((v) => v > x);
  const k = Math.max(5, Math.floor(n / 20));
  const [i, j] = [Math.floor((k - 1) / 2), Math.floor(k / 2)];
  const isHigh = high <= low;
  const t = isHigh ? at(n - k - 1) : at(k);
  const tail = (isHigh ? a.slice(n - k) : a.slice(0, k)).map((v) => Math.abs(v - t));
  const mean = tail.reduce((sum, v) => sum + v, 0) / k;
  const middle = isHigh ? 0.5 * (at(n - k + i) + at(n - k + j)) : 0.5 * (at(i) + at(j));
  const median = Math.abs(middle - t);
  const steps = a.map((v) => Math.abs(v - t)).filter((step) => step > 0);
  const cap = median === 0 && mean > 0 ? Math.min(...steps) : 4 * median;
  const quarter = Math.floor(n / 4);
  const spread = at(n - 1 - quarter) - at(quarter);
  const biggest = Math.max(Math.abs(at(0)), Math.abs(at(n - 1)));
  const scale = Math.max(Math.min(mean, cap), 0.05 * spread, 1e-9 * biggest);
  const isGap = below !== undefined && above !== undefined;
  const away = Math.min(x - (below ?? Number.NEGATIVE_INFINITY), (above ?? Infinity) - x);
  const ratio = scale > 0 ? away / scale : Infinity;
  return u + Math.min(2 * Math.log1p(isGap ? Math.max(0, ratio - 10) : ratio), 2 * Math.log(1e6));
}

function kernelSurprise(values: readonly number[], x: number): number {
  const memory = new WindowMemory();
  const window = new SortedWindow(memory, Math.max(1, values.length));
  for (const value of values) window.push(Float64Array.of(value), 0);
  const row = memory.reserve(3 * 8);
  memory.numbers[row / 8] = x;
  memory.kernel.vote(window.address, 0, row, 1, 1, true);
  return memory.numbers[row / 8 + 1] as number;
}

it("the surprise of a value is that of its definition", () => {
  const value = fc.oneof(
    fc.double({ min: -30, max: 30, noNaN: true }),
    fc.integer({ min: -4, max: 4 }),
    fc.constantFrom(0, 0, 0, 0, 85, -9999, 1e6),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 700, size: "max" }),
      fc.array(value, { minLength: 1, maxLength: 20 }),
      (values, probes) => {
        const sorted = [...values].sort((a, b) => a - b);
        for (const x of [...probes, 70, -500, 1e5]) {
          const wanted = plainSurprise(sorted, x);
          expect(Math.abs(kernelSurprise(values, x) - wanted)).toBeLessThan(1e-9);
        }
      },
    ),
    { numRuns: 150 },
  );
});
