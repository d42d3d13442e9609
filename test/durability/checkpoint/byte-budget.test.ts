import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteBudget, SHARE } from "../../../src/durability/checkpoint/byte-budget.ts";

const DAY_S = 86_400;
/** What a day may take at a low rate, without the blocks that syncs write again. */
const DAY_BYTES = 250e6;

/** Feeds records of a size at a rate. @returns Bytes of the journal, and what was granted beside it. */
function day(rate: number, size: number): { journal: number; granted: number } {
  const budget = new ByteBudget(0);
  let records = 0;
  for (let second = 1; second <= DAY_S; second++) {
    for (; records < rate * second; records++) budget.record(size);
    budget.passed(1);
  }
  return { journal: records * size, granted: budget.granted };
}

describe("ByteBudget", () => {
  it("never grants more than its share of the journal", () => {
    const step = fc.record({
      records: fc.array(fc.nat(500), { maxLength: 40 }),
      seconds: fc.nat(90),
    });
    fc.assert(
      fc.property(fc.nat(1000), fc.array(step, { maxLength: 20 }), (earlier, steps) => {
        const budget = new ByteBudget(earlier);
        let journal = earlier;
        for (const { records, seconds } of steps) {
          for (const size of records) budget.record(size);
          journal += records.reduce((sum, size) => sum + size, 0);
          budget.passed(seconds);
          expect(budget.granted).toBeLessThanOrEqual(SHARE * journal * (1 + 1e-9));
          expect(budget.granted).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it.each([
    [1, 100],
    [5, 100],
    [9.9, 100],
    [9.9, 130],
  ])("keeps a day with %d records a second of %d bytes within 250 MB", (rate, size) => {
    const { journal, granted } = day(rate, size);
    expect(journal + granted).toBeLessThan(1.01 * DAY_BYTES);
    expect(granted).toBeGreaterThanOrEqual(journal);
  });

  it("grants the whole share at higher rates", () => {
    const { journal, granted } = day(12, 1000);
    expect(granted).toBeCloseTo(SHARE * journal, -2);
  });

  it("grants as much as the journal when that alone takes more than a day may", () => {
    const { journal, granted } = day(9, 2000);
    expect(granted).toBeCloseTo(journal, -2);
  });
});
