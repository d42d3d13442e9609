import { Bench } from "tinybench";
import type { AlertConfig } from "../src/core/alerts/config.ts";
import type { SequencedBatch } from "../src/core/batch.ts";
import { ECOD_DEFAULTS, ECOD_PRESETS } from "../src/core/detectors/ecod/config.ts";
import type { FeatureSpec } from "../src/core/features/spec.ts";
import { KeyTable } from "../src/core/key-table.ts";
import { Engine } from "../src/engine/engine.ts";
import { Intake } from "../src/engine/intake.ts";
import type { EnginePlan } from "../src/engine/plan.ts";
import { Random } from "../test/support/random.ts";
import { median } from "./median.ts";

/** Size of a detector. */
export interface EngineSize {
  readonly features: number;
  /** Reference values kept per feature. */
  readonly reference: number;
}

const COLUMNS = 4;
const BATCH_ROWS = 2000;
const WINDOWS = [10, 20, 50, 100];
const TASK_MS = 30;
const ROUNDS = 15;

const alerts: AlertConfig = {
  severity: { warning: 0.85, critical: 0.95 },
  budget: null,
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 3_600_000,
  resolveAfter: { kind: "rows", rows: 12 },
  repeatMs: null,
  sendResolved: true,
  labels: {},
};

/**
 * Time per reading of the whole engine (features, detector, alert policy) on one sensor whose
 * windows are full, by size. The sizes take turns.
 *
 * @returns Microseconds, in the order of `sizes`: medians.
 */
export async function measureGrowth(sizes: readonly EngineSize[]): Promise<readonly number[]> {
  const bench = new Bench({ time: TASK_MS, iterations: 5, warmup: false, throws: true });
  for (const [i, size] of sizes.entries()) addTask(bench, String(i), size);
  const times: number[][] = sizes.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { result }] of (await bench.run()).entries()) {
      if (!("latency" in result)) throw new Error("a benchmark did not finish");
      times[i]?.push((1000 * result.latency.p50) / BATCH_ROWS);
    }
    bench.reset();
  }
  return times.map(median);
}

function addTask(bench: Bench, name: string, size: EngineSize): void {
  const stream = new NoiseStream();
  const engine = new Engine(planOf(size), stream.keys);
  // until the windows are full and slide
  const rows = 1.5 * Math.max(size.reference, ECOD_DEFAULTS.calibrationWindow);
  for (let done = 0; done < rows; done += BATCH_ROWS) engine.apply(stream.next());
  let batch = stream.next();
  bench.add(name, () => void engine.apply(batch), {
    beforeEach() {
      batch = stream.next();
    },
  });
}

function planOf({ features, reference }: EngineSize): EnginePlan {
  const specs = Array.from({ length: features }, (_, i): FeatureSpec => {
    const rows = WINDOWS[(i >> 3) % WINDOWS.length] as number;
    return {
      name: `feature_${i}`,
      function: i % 2 === 0 ? "mean" : "std",
      column: (i >> 1) % COLUMNS,
      other: null,
      window: { kind: "rows", rows },
      minPeriods: null,
      quantile: null,
    };
  });
  return {
    pipeline: "bench",
    columns: Array.from({ length: COLUMNS }, (_, i) => `c${i}`),
    features: specs,
    detectors: [
      {
        name: "anomaly",
        config: {
          algorithm: "ecod",
          ...ECOD_DEFAULTS,
          ...ECOD_PRESETS.stream,
          window: reference,
          columns: specs.map(({ column }) => column),
          rawFeatures: [],
          noveltyFeatures: [],
        },
        inputs: specs.map((_, i) => COLUMNS + i),
        inputNames: specs.map(({ name }) => name),
        alerts,
      },
    ],
    maxWindowRows: 10_000,
  };
}

/** Endless readings of one sensor. */
class NoiseStream {
  readonly keys = new KeyTable();
  readonly #intake = new Intake({ outOfOrder: "process" });
  readonly #random = new Random(3);
  readonly #levels = new Float64Array(COLUMNS);
  #row = 0;

  constructor() {
    this.keys.intern("sensor");
  }

  next(): SequencedBatch {
    const columns = Array.from({ length: COLUMNS }, (_, c) =>
      Float64Array.from({ length: BATCH_ROWS }, () => {
        this.#levels[c] = 0.9 * (this.#levels[c] as number) + 0.4 * this.#random.normal();
        return this.#levels[c] as number;
      }),
    );
    const first = this.#row;
    this.#row += BATCH_ROWS;
    return this.#intake.accept({
      length: BATCH_ROWS,
      timestamps: Float64Array.from({ length: BATCH_ROWS }, (_, i) => 1000 * (first + i)),
      keys: new Uint32Array(BATCH_ROWS),
      columns,
      labels: [],
      texts: [],
      rows: new Uint32Array(BATCH_ROWS),
      source: 0,
    });
  }
}
