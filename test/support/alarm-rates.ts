/**
 * The alarm rate of the engine on clean noise, against `contamination`. Used by a test (few runs) and a
 * benchmark (many).
 *
 * @module
 */
import type { AlertConfig } from "../../src/core/alerts/config.ts";
import type { SequencedBatch } from "../../src/core/batch.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../src/core/detectors/ecod/config.ts";
import type { FeatureSpec } from "../../src/core/features/spec.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import { Random } from "./random.ts";

/** A kind of noise and the features of the detector. */
export interface NoiseCase {
  readonly name: string;
  /** Lag-1 autocorrelation of each column. */
  readonly rho: number;
  readonly columns: number;
  readonly features: readonly FeatureSpec[];
  /** Whether the raw columns are features too. */
  readonly raw: boolean;
  readonly warmupPeriod: number;
}

/** Realised alarm rate over contamination. */
export interface AlarmRate {
  readonly contamination: number;
  readonly ratio: number;
}

const BATCH_ROWS = 5000;
const CONTAMINATIONS = [0.05, 0.01, 0.001];

const feature = (
  column: number,
  fn: FeatureSpec["function"],
  rows: number | null,
): FeatureSpec => ({
  name: `c${column}_${fn}_${rows ?? ""}`,
  function: fn,
  column,
  other: null,
  window: rows === null ? null : { kind: "rows", rows },
  minPeriods: null,
  quantile: null,
});

const defaultFeatures = (columns: number): FeatureSpec[] =>
  Array.from({ length: columns }, (_, column) => [
    feature(column, "diff", null),
    feature(column, "mean", 10),
    feature(column, "std", 50),
  ]).flat();

/** The eight features of the example document (`test/services/python-client`): three windows of one column, one of two others. */
const originFeatures = [
  ...[10, 50, 200].flatMap((rows) => [feature(0, "mean", rows), feature(0, "std", rows)]),
  feature(1, "mean", 50),
  feature(2, "mean", 50),
];

const rawCase = (name: string, rho: number): NoiseCase => ({
  name,
  rho,
  columns: 3,
  features: [],
  raw: true,
  warmupPeriod: 200,
});

/** The cases whose alarm rates the documentation states. */
export const noiseCases: readonly NoiseCase[] = [
  rawCase("iid, 3 columns", 0),
  rawCase("AR .5, 3 columns", 0.5),
  rawCase("AR .9, 3 columns", 0.9),
  rawCase("AR .99, 3 columns", 0.99),
  {
    name: "8 features of the example document, iid",
    rho: 0,
    columns: 3,
    features: originFeatures,
    raw: false,
    warmupPeriod: 200,
  },
  {
    name: "3 features (windows 50), iid",
    rho: 0,
    columns: 2,
    features: [feature(0, "mean", 50), feature(0, "std", 50), feature(1, "mean", 50)],
    raw: false,
    warmupPeriod: 100,
  },
  {
    name: "default features, AR .9, 1 column",
    rho: 0.9,
    columns: 1,
    features: defaultFeatures(1),
    raw: true,
    warmupPeriod: 200,
  },
  {
    name: "default features, AR .9, 3 columns",
    rho: 0.9,
    columns: 3,
    features: defaultFeatures(3),
    raw: true,
    warmupPeriod: 200,
  },
];

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

export function planOf(
  { columns, features, raw, warmupPeriod }: NoiseCase,
  reference: EcodConfig["reference"] = "exact",
): EnginePlan {
  const rawInputs = raw ? Array.from({ length: columns }, (_, i) => i) : [];
  const inputs = [...rawInputs, ...features.map((_, i) => columns + i)];
  return {
    pipeline: "noise",
    columns: Array.from({ length: columns }, (_, i) => `c${i}`),
    features,
    detectors: [
      {
        name: "anomaly",
        config: {
          algorithm: "ecod",
          ...ECOD_DEFAULTS,
          ...ECOD_PRESETS.stream,
          reference,
          warmupPeriod,
          columns: inputs.map((i) => (i < columns ? i : (features[i - columns]?.column ?? 0))),
          rawFeatures: rawInputs,
          noveltyFeatures: rawInputs,
        },
        inputs,
        inputNames: inputs.map((i) => `input ${i}`),
        alerts,
      },
    ],
    maxWindowRows: 10_000,
  };
}

/** Rows of noise, one per second; each column is a stationary AR(1) process of variance 1. */
function* noise(
  { columns, rho }: NoiseCase,
  rows: number,
  random: Random,
): Generator<SequencedBatch> {
  const intake = new Intake({ outOfOrder: "process" });
  const level = Float64Array.from({ length: columns }, () => random.normal());
  const step = Math.sqrt(1 - rho * rho);
  for (let done = 0; done < rows; done += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, rows - done);
    const data = Array.from({ length: columns }, () => new Float64Array(length));
    for (let i = 0; i < length; i++) {
      for (let c = 0; c < columns; c++) {
        level[c] = rho * (level[c] as number) + step * random.normal();
        (data[c] as Float64Array)[i] = level[c] as number;
      }
    }
    yield intake.accept({
      length,
      timestamps: Float64Array.from({ length }, (_, i) => 1000 * (done + i)),
      keys: new Uint32Array(length),
      columns: data,
      labels: [],
      texts: [],
      rows: new Uint32Array(length),
      source: 0,
    });
  }
}

/**
 * Mean realised alarm rate over several runs of noise, by the whole engine.
 *
 * @param from First row that counts, 0-based; `to` is the first one after.
 */
export function alarmRates(
  noiseCase: NoiseCase,
  { runs, from, to, seed }: { runs: number; from: number; to: number; seed: number },
  reference: EcodConfig["reference"],
): AlarmRate[] {
  const random = new Random(seed);
  const alarms = new Float64Array(CONTAMINATIONS.length);
  for (let run = 0; run < runs; run++)
    addAlarms(alarms, planOf(noiseCase, reference), noise(noiseCase, to, random), from);
  const rows = runs * (to - from);
  return CONTAMINATIONS.map((contamination, c) => ({
    contamination,
    ratio: (alarms[c] as number) / rows / contamination,
  }));
}

/** One run. Adaptation does not depend on contamination, so one run serves all rates. */
function addAlarms(
  alarms: Float64Array,
  plan: EnginePlan,
  batches: Iterable<SequencedBatch>,
  from: number,
): void {
  const keys = new KeyTable();
  keys.intern("noise");
  const engine = new Engine(plan, keys);
  let done = 0;
  for (const batch of batches) {
    const output = engine.apply(batch);
    const p = output.scores[0]?.p.subarray(Math.max(0, from - done), batch.length) ?? [];
    for (const [c, contamination] of CONTAMINATIONS.entries()) {
      alarms[c] = (alarms[c] as number) + p.filter((value) => value <= contamination).length;
    }
    done += batch.length;
  }
}
