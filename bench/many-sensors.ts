/**
 * Memory of many sensors in one engine: predicted, counted by the engine, and measured. Needs
 * `--expose-gc`. Usage: `npm run bench:sensors -- [sensors] [readings each] [window] [calibration window] [exact]`.
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

const [numbers, form] = [process.argv.slice(2, 6), process.argv[6]];
const [sensors = 10_000, readings = 1300, window = 5000, calibrationWindow = 10_000] =
  numbers.map(Number);
const reference = form === "exact" ? "exact" : "compact";

/** Bytes of heap and arrays in use, and resident bytes of the process. */
function memory(): { used: number; resident: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
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
const before = memory();
const engine = new Engine(plan, keys);
const intake = new Intake({ outOfOrder: "process" });
const start = performance.now();
for (let round = 0; round < readings; round++) {
  engine.apply(
    intake.accept({
      length: sensors,
      timestamps: new Float64Array(sensors).fill(1000 * round),
      keys: Uint32Array.from({ length: sensors }, (_, key) => key),
      columns: plan.columns.map(() =>
        Float64Array.from({ length: sensors }, () => random.normal()),
      ),
      labels: [],
      texts: [],
      rows: new Uint32Array(sensors),
      source: 0,
    }),
  );
}
const seconds = (performance.now() - start) / 1000;
const after = memory();
const { full: predicted } = predictKeyBytes(plan);
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const measured = (after.used - before.used) / sensors;
console.log(
  `${sensors} sensors x ${plan.columns.length} columns, 12 features, ${readings} readings each`,
);
console.log(`window ${window}, calibration_window ${calibrationWindow}, ${seconds.toFixed(0)} s`);
console.log(`a sensor, predicted: ${kilobytes(predicted)}`);
console.log(`a sensor, counted:   ${kilobytes(engine.bytes / sensors)}`);
console.log(
  `a sensor, measured:  ${kilobytes(measured)} = ${(measured / predicted).toFixed(2)} x predicted`,
);
console.log(`the process, resident: ${(after.resident / 1e9).toFixed(2)} GB`);
