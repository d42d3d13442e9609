import type { SequencedBatch } from "../../core/batch.ts";
import type { OutputColumns } from "../../engine/engine-output.ts";
import type { EnginePlan } from "../../engine/plan.ts";

const FLOAT = 8;
/** Float columns of a batch beside the numeric ones: timestamps, event times, watermarks, sequences. */
const TIMES = 4;
/** Float columns of one detector's scores. */
const SCORES = 3;

interface SlabBatch extends SequencedBatch {
  length: number;
  restarts: readonly number[];
}

/** Shared memory of threads: a batch that engines read, and their output. */
export interface SharedSlab {
  readonly buffer: SharedArrayBuffer;
  readonly capacity: number;
  /** View of the shared columns; reused for batches of any length. */
  readonly batch: SlabBatch;
  readonly output: OutputColumns;
}

/** Bytes of a slab for batches of up to `capacity` rows. */
function slabBytes(plan: EnginePlan, capacity: number): number {
  const { columns, features, detectors } = plan;
  const floats = TIMES + columns.length + features.length + SCORES * detectors.length;
  return capacity * (floats * FLOAT + 4 + detectors.length);
}

/** Allocates shared memory. */
export function createSlab(plan: EnginePlan, capacity: number): SharedSlab {
  return viewSlab(plan, new SharedArrayBuffer(slabBytes(plan, capacity)), capacity);
}

/** Views shared memory of another thread. */
export function viewSlab(
  plan: EnginePlan,
  buffer: SharedArrayBuffer,
  capacity: number,
): SharedSlab {
  let offset = 0;
  const floats = (): Float64Array => {
    const column = new Float64Array(buffer, offset, capacity);
    offset += capacity * FLOAT;
    return column;
  };
  const timestamps = floats();
  const eventTimes = floats();
  const watermarks = floats();
  const sequences = floats();
  const columns = plan.columns.map(floats);
  const features = plan.features.map(floats);
  const scored = plan.detectors.map(() => ({
    rawScore: floats(),
    p: floats(),
    anomalyScore: floats(),
  }));
  const keys = new Uint32Array(buffer, offset, capacity);
  offset += capacity * 4;
  const scores = scored.map((columnsOf) => {
    const isAnomaly = new Uint8Array(buffer, offset, capacity);
    offset += capacity;
    const { rawScore, p, anomalyScore } = columnsOf;
    return { rawScore, p, anomalyScore, isAnomaly };
  });
  const batch: SlabBatch = {
    length: capacity,
    timestamps,
    keys,
    columns,
    labels: [],
    texts: [],
    rows: new Uint32Array(0),
    source: 0,
    eventTimes,
    watermarks,
    sequences,
    offset: 0,
    breaks: [],
    restarts: [],
    carried: [],
  };
  return { buffer, capacity, batch, output: { capacity, scores, features } };
}

/** Copies the columns that engines read to shared memory. O(rows x columns). */
export function fillSlab(slab: SharedSlab, batch: SequencedBatch): void {
  const n = batch.length;
  const { batch: shared } = slab;
  shared.timestamps.set(batch.timestamps.subarray(0, n));
  shared.eventTimes.set(batch.eventTimes.subarray(0, n));
  shared.watermarks.set(batch.watermarks.subarray(0, n));
  shared.sequences.set(batch.sequences.subarray(0, n));
  shared.keys.set(batch.keys.subarray(0, n));
  for (let c = 0; c < shared.columns.length; c++) {
    const column = batch.columns[c] as Float64Array;
    (shared.columns[c] as Float64Array).set(column.subarray(0, n));
  }
}
