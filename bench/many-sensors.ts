/**
 * Memory and speed of many sensors in one engine: predicted, counted by the engine, and resident. Needs `--expose-gc`.
 * Usage: `npm run bench:sensors -- [sensors] [readings each] [window] [calibration window] [exact]`.
 *
 * The memory of compact references does not grow after 500 readings, when the novelty memories open.
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

/** Rounds in which the time of a reading is measured, and sensors that are saved and restored. */
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
for (let key = 0; key < sensors; key++) keys.intern(`sensor-${key}`);
const random = new Random(1);
const intake = new Intake({ outOfOrder: "process" });
let round = 0;

/** One reading of each sensor. */
function readingOfEach(): ReturnType<Intake["accept"]> {
  round += 1;
  return intake.accept({
    length: sensors,
    timestamps: new Float64Array(sensors).fill(1000 * round),
    keys: Uint32Array.from({ length: sensors }, (_, key) => key),
    columns: plan.columns.map(() => Float64Array.from({ length: sensors }, () => random.normal())),
    labels: [],
    texts: [],
    rows: new Uint32Array(sensors),
    source: 0,
  });
}

const before = resident();
const engine = new Engine(plan, keys);
const first = readingOfEach();
const created = processorTime(() => engine.apply(first)) / sensors;
let peak = 0;
while (round < readings) {
  engine.apply(readingOfEach());
  if (round % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss);
}
const after = resident();
const batches = Array.from({ length: TIMED_ROUNDS }, readingOfEach);
const turn = processorTime(() => {
  for (const batch of batches) engine.apply(batch);
});
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
console.log(`a sensor, counted:   ${kilobytes(engine.bytes / sensors)}`);
console.log(
  `a sensor, resident:  ${kilobytes(measured)} = ${(measured / full).toFixed(2)} x predicted`,
);
console.log(
  `the process:         ${gigabytes(after)} resident, at most ${gigabytes(peak)} until then`,
);
console.log(`a new sensor:        ${each(created)} of processor time`);
console.log(`a reading in turn:   ${((1000 * turn) / sensors / TIMED_ROUNDS).toFixed(2)} us`);
console.log(
  `to save, to restore: ${each(saving / count)}, ${each(restoring / count)}; ${kilobytes(snapshot)}`,
);
