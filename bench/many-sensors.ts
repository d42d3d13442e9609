/**
 * Memory and speed of many sensors in one engine: predicted, counted by the engine, and resident. Needs `--expose-gc`.
 * Usage: `npm run bench:sensors -- [sensors] [readings each] [window] [calibration window] [exact]`.
 *
 * The sensors are new one after the other, as they are in a fleet that grows or is restored. The memory of compact references
 * does not grow after 500 readings, when the novelty memories open.
 *
 * @module
 */
import { KeyTable } from "../src/core/key-table.ts";
import { Engine } from "../src/engine/engine.ts";
import { Intake } from "../src/engine/intake.ts";
import { predictKeyBytes } from "../src/engine/keys/key-common.ts";
import type { EnginePlan } from "../src/engine/plan.ts";
import { noiseCases, planOf } from "../test/support/alarm-rates.ts";
import { Random } from "../test/support/random.ts";

/** Rounds in which the time of a reading is measured, and sensors that are created, saved and restored for it. */
const TIMED_ROUNDS = 10;
const SAVED = 1000;

const [numbers, form] = [process.argv.slice(2, 6), process.argv[6]];
const [sensors = 10_000, readings = 600, window = 5000, calibrationWindow = 10_000] =
  numbers.map(Number);
const reference = form === "exact" ? "exact" : "compact";

/** Bytes of the process in memory, after garbage collection. */
function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

/** Milliseconds of processor time, of all threads. */
function processorTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const defaults = noiseCases.find(({ name }) => name === "default features, AR .9, 3 columns");
if (!defaults) throw new Error("the case of default features is gone");
const base = planOf(defaults, reference);
const plan: EnginePlan = {
  ...base,
  detectors: base.detectors.map((detector) => ({
    ...detector,
    config: { ...detector.config, window, calibrationWindow },
  })),
};
const keys = new KeyTable();
for (let key = 0; key < sensors + SAVED; key++) keys.intern(`sensor-${key}`);
const random = new Random(1);
const intake = new Intake({ outOfOrder: "process" });

/** A batch of so many rows, of noise. */
function batchOf(
  length: number,
  row: (i: number) => { readonly key: number; readonly time: number },
): ReturnType<Intake["accept"]> {
  return intake.accept({
    length,
    timestamps: Float64Array.from({ length }, (_, i) => row(i).time),
    keys: Uint32Array.from({ length }, (_, i) => row(i).key),
    columns: plan.columns.map(() => Float64Array.from({ length }, () => random.normal())),
    labels: [],
    texts: [],
    rows: new Uint32Array(length),
    source: 0,
  });
}

const before = resident();
const engine = new Engine(plan, keys);
for (let key = 0; key < sensors; key++) {
  engine.apply(batchOf(readings, (i) => ({ key, time: 1000 * i })));
}
const after = resident();
const counted = engine.bytes;
const batches = Array.from({ length: TIMED_ROUNDS }, (_, r) =>
  batchOf(sensors, (key) => ({ key, time: 1000 * (readings + r) })),
);
const turn = processorTime(() => {
  for (const batch of batches) engine.apply(batch);
});
const more = batchOf(SAVED, (i) => ({ key: sensors + i, time: 1000 * readings }));
const created = processorTime(() => engine.apply(more)) / SAVED;
const count = Math.min(SAVED, sensors);
const saved = Array.from({ length: count }, () => engine.snapshot(0));
const saving = processorTime(() => {
  for (let key = 0; key < count; key++) saved[key] = engine.snapshot(key);
});
const other = new Engine(plan, keys);
const restoring = processorTime(() => {
  for (const [key, parts] of saved.entries()) other.restore(key, parts);
});

const { full, warmUp } = predictKeyBytes(plan);
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
const each = (milliseconds: number): string => `${milliseconds.toFixed(3)} ms`;
const snapshot = (saved[0] ?? []).reduce((sum, { bytes }) => sum + bytes.length, 0);
const measured = (after - before) / sensors;
console.log(
  `${sensors} sensors x ${plan.columns.length} columns, 12 features, ${readings} readings each, ` +
    `${reference} references, window ${window}, calibration_window ${calibrationWindow}`,
);
console.log(`a sensor, predicted: ${kilobytes(full)} (${kilobytes(warmUp)} more while it is new)`);
console.log(`a sensor, counted:   ${kilobytes(counted / sensors)}`);
console.log(
  `a sensor, resident:  ${kilobytes(measured)} = ${(measured / full).toFixed(2)} x predicted`,
);
console.log(`the process:         ${gigabytes(after)} resident`);
console.log(`a new sensor:        ${each(created)} of processor time`);
console.log(`a reading in turn:   ${((1000 * turn) / sensors / TIMED_ROUNDS).toFixed(2)} us`);
console.log(
  `to save, to restore: ${each(saving / count)}, ${each(restoring / count)}; ${kilobytes(snapshot)}`,
);
