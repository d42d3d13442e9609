import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pieces, type SequencedBatch, sourceAt } from "../../src/core/batch.ts";

const none = new Float64Array(0);

function batchOf(rows: number, breaks: readonly number[]): SequencedBatch {
  return {
    length: rows,
    timestamps: new Float64Array(rows),
    keys: new Uint32Array(rows),
    columns: [],
    labels: [],
    texts: [],
    rows: Uint32Array.from({ length: rows }, (_, row) => row),
    source: 9,
    eventTimes: none,
    watermarks: none,
    sequences: none,
    offset: 0,
    breaks: breaks.map((row, i) => ({ row, offset: 0, source: i })),
    restarts: [],
    carried: [],
  };
}

describe("sourceAt", () => {
  it("gives each row the source of its piece", () => {
    const breaks = fc.array(fc.nat(20)).map((rows) => rows.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(breaks, (rows) => {
        const batch = batchOf(20, rows);
        const slow = pieces(batch).flatMap((piece) => [...piece.rows].map(() => piece.source));
        expect(Array.from({ length: 20 }, (_, row) => sourceAt(batch, row))).toEqual(slow);
      }),
    );
  });
});
