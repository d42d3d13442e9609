import { describe, expect, it } from "vitest";
import { workShares } from "../../src/runtime/work-shares.ts";

describe("keys are spread over engines", () => {
  it("by turns when every engine has a thread of its own", () => {
    expect(workShares(2, 4)).toEqual({ threads: 2, owners: Uint8Array.of(0, 1) });
    expect(workShares(4, 4)).toEqual({ threads: 4, owners: Uint8Array.of(0, 1, 2, 3) });
    expect(workShares(4, 2)).toEqual({ threads: 4, owners: Uint8Array.of(0, 1, 2, 3) });
  });

  it("so that the thread that reads has fewer, where engines take all cores", () => {
    expect(workShares(2, 2)).toEqual({
      threads: 1,
      owners: Uint8Array.of(0, 1, 0, 0, 1, 0, 1, 0),
    });
    const { threads, owners } = workShares(3, 3);
    const counts = [0, 1, 2].map((engine) => owners.filter((owner) => owner === engine).length);
    expect([threads, counts]).toEqual([2, [5, 5, 2]]);
  });

  it("to each engine one when there are as many keys as engines", () => {
    for (const [workers, cores] of [
      [2, 2],
      [3, 3],
      [3, 8],
    ] as const) {
      const { owners } = workShares(workers, cores);
      expect(new Set(owners.slice(0, workers)).size).toBe(workers);
    }
  });
});
