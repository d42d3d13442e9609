import type { Batch } from "../../src/core/batch.ts";

/** One reading of a test stream: event time in ms, key code, a number per column. */
export interface TestReading {
  readonly time: number;
  readonly key: number;
  readonly values: readonly number[];
}

/** A batch of these readings; `firstRow` is the number of readings before them. */
export function batchOf(readings: readonly TestReading[], firstRow = 0): Batch {
  const width = readings[0]?.values.length ?? 2;
  return {
    length: readings.length,
    timestamps: Float64Array.from(readings, ({ time }) => time),
    keys: Uint32Array.from(readings, ({ key }) => key),
    columns: Array.from({ length: width }, (_, c) =>
      Float64Array.from(readings, ({ values }) => values[c] as number),
    ),
    labels: [],
    texts: [],
    rows: Uint32Array.from(readings, (_, i) => firstRow + i + 1),
    source: 0,
  };
}

/** Cuts a list at the given places (taken modulo its length) into consecutive pieces. */
export function cutAt<T>(list: readonly T[], places: readonly number[]): T[][] {
  const cuts = [...new Set(places.map((place) => place % (list.length + 1)))].sort((a, b) => a - b);
  const pieces: T[][] = [];
  let from = 0;
  for (const cut of [...cuts, list.length]) {
    pieces.push(list.slice(from, cut));
    from = cut;
  }
  return pieces;
}
