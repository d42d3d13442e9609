import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Summary } from "../../../src/core/sorted-window/summary.ts";
import { WindowMemory } from "../../../src/core/sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../../src/core/state-codec.ts";

const WINDOW = 200;

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true, min: -100, max: 100 }),
  fc.constantFrom(-9999, 1e30, -0),
);
const values = fc.array(value, { minLength: 1, maxLength: 900, size: "max" });

function summaryOf(all: readonly number[], oneSided = false): Summary {
  const summary = new Summary(new WindowMemory(), { oneSided, window: WINDOW }, null);
  for (const x of all) summary.add(Float64Array.of(x), 0, WINDOW, WINDOW);
  return summary;
}

/** All values that a summary stands for, smallest first. */
const contents = (summary: Summary): number[] =>
  Array.from({ length: summary.length }, (_, i) => summary.at(i));

const atLeast = (summary: Summary, x: number): number =>
  summary.countAtLeast(Float64Array.of(x), 0);

function saved(summary: Summary): Uint8Array {
  const writer = new StateWriter();
  summary.save(writer);
  return writer.finish();
}

describe("Summary", () => {
  it("stands for about the newest values, and for values that occurred only", () => {
    fc.assert(
      fc.property(values, fc.boolean(), (all, oneSided) => {
        const summary = summaryOf(all, oneSided);
        const kept = contents(summary);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(all.length, WINDOW));
        expect(kept.length).toBeLessThan(WINDOW + 16);
        expect(kept).toEqual([...kept].sort((a, b) => a - b));
        expect(new Set(kept).size).toBeLessThanOrEqual(48);
        const occurred = new Set(all.map((x) => x + 0));
        expect(kept.filter((x) => !occurred.has(x))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("is exact while there are few different values", () => {
    const few = fc.array(fc.integer({ min: 0, max: 47 }), { minLength: 1, maxLength: WINDOW });
    fc.assert(
      fc.property(few, (all) => {
        const summary = summaryOf(all);
        expect(contents(summary)).toEqual([...all].sort((a, b) => a - b));
        for (let x = -0.5; x < 48; x += 0.5) {
          expect(atLeast(summary, x)).toBe(all.filter((v) => v >= x).length);
        }
      }),
    );
  });

  it("counts within 0 and its length, and fewer values the larger they are", () => {
    fc.assert(
      fc.property(values, fc.array(value, { minLength: 2 }), (all, probes) => {
        const summary = summaryOf(all);
        const counts = [...probes].sort((a, b) => a - b).map((x) => atLeast(summary, x));
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...counts)).toBeLessThanOrEqual(summary.length);
        for (const [i, count] of counts.slice(1).entries()) {
          expect(count).toBeLessThanOrEqual((counts[i] as number) + 1e-9);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("keeps the largest values of a score history apart", () => {
    const all = Array.from({ length: WINDOW }, (_, i) => Math.sin(i) * 50 + i / 7);
    const largest = [...all].sort((a, b) => b - a).slice(0, 6);
    const summary = summaryOf(all, true);
    expect(contents(summary).reverse().slice(0, 6)).toEqual(largest);
  });

  it("gives the same bytes after save and load", () => {
    fc.assert(
      fc.property(values, fc.nat(900), (all, cut) => {
        const before = summaryOf(all.slice(0, cut));
        const after = summaryOf(all.slice(cut)); // loads over what was there
        after.load(new StateReader(saved(before)));
        expect(contents(after)).toEqual(contents(before));
        for (const x of all.slice(cut)) {
          for (const one of [before, after]) one.add(Float64Array.of(x), 0, WINDOW, WINDOW);
        }
        expect(saved(after)).toEqual(saved(before));
      }),
      { numRuns: 60 },
    );
  });

  it("rejects what was not saved by a summary", () => {
    const writer = new StateWriter();
    writer.u32(49);
    const reader = new StateReader(writer.finish());
    expect(() => summaryOf([1]).load(reader)).toThrow(/49 entries does not fit/);
  });
});
