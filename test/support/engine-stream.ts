import type { AlertConfig } from "../../src/core/alerts/config.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../src/core/detectors/ecod/config.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import type { TestReading } from "./batches.ts";
import { Random } from "./random.ts";

/** Sensors of the test stream. */
export const TEST_KEYS = 3;

const ecod: EcodConfig = {
  algorithm: "ecod",
  ...ECOD_DEFAULTS,
  ...ECOD_PRESETS.stream,
  contamination: 0.05,
  warmupPeriod: 40,
  window: 60,
  calibrationWindow: 80,
  columns: [0, 0, 1, 0],
  rawFeatures: [0],
  noveltyFeatures: [0],
};

const alerts: AlertConfig = {
  severity: { warning: 0.85, critical: 0.95 },
  budget: null,
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 30_000,
  resolveAfter: { kind: "rows", rows: 3 },
  repeatMs: null,
  sendResolved: true,
  labels: {},
};

/** A plan with every kind of window and of alert rule. */
export const testPlan: EnginePlan = {
  pipeline: "test",
  columns: ["a", "b"],
  features: [
    feature("a_mean_5", "mean", 0, { kind: "rows", rows: 5 }),
    feature("b_std_4s", "std", 1, { kind: "duration", ms: 4000 }),
    feature("a_median_7", "median", 0, { kind: "rows", rows: 7 }),
  ],
  detectors: [
    {
      name: "both",
      config: ecod,
      inputs: [0, 2, 3, 4],
      inputNames: ["a", "a_mean_5", "b_std_4s", "a_median_7"],
      alerts,
    },
    {
      name: "budgeted",
      config: { ...ecod, columns: [0, 1], rawFeatures: [0, 1], noveltyFeatures: [0] },
      inputs: [0, 1],
      inputNames: ["a", "b"],
      alerts: { ...alerts, budget: 20_000, cooldownMs: 0, resolveAfter: { kind: "rows", rows: 1 } },
    },
    {
      name: "paced",
      config: { ...ecod, columns: [0], rawFeatures: [], noveltyFeatures: [] },
      inputs: [2],
      inputNames: ["a_mean_5"],
      alerts: { ...alerts, cooldownMs: null },
    },
    {
      name: "timed",
      config: {
        ...ecod,
        ...ECOD_PRESETS.frozen,
        contamination: 0.1,
        columns: [0, 1],
        noveltyFeatures: [],
      },
      inputs: [1, 2],
      inputNames: ["b", "a_mean_5"],
      alerts: {
        ...alerts,
        for: { kind: "duration", ms: 1500 },
        resolveAfter: { kind: "duration", ms: 2500 },
        cooldownMs: 0,
        repeatMs: 4000,
      },
    },
    {
      name: "patient",
      config: {
        ...ecod,
        reference: "compact",
        contamination: 0.2,
        columns: [0, 1],
        rawFeatures: [0, 1],
        noveltyFeatures: [1],
      },
      inputs: [0, 1],
      inputNames: ["a", "b"],
      alerts: {
        ...alerts,
        for: { kind: "rows", need: 2, of: 5 },
        resolveAfter: { kind: "rows", rows: 2 },
        cooldownMs: 4000,
        sendResolved: false,
      },
    },
  ],
  maxWindowRows: 1000,
};

function feature(
  name: string,
  fn: "mean" | "std" | "median",
  column: number,
  window: EnginePlan["features"][number]["window"],
): EnginePlan["features"][number] {
  return { name, function: fn, column, other: null, window, minPeriods: null, quantile: null };
}

/** Noisy readings of three sensors with spikes, gaps, ties, zeros of both signs and late rows. */
export function testStream(seed: number, length: number): TestReading[] {
  const random = new Random(seed);
  let time = 0;
  return Array.from({ length }, () => {
    time += Math.floor(random.uniform() * 800);
    const spike = random.uniform() < 0.06 ? 8 : 0;
    const missing = random.uniform() < 0.1;
    const still = random.uniform();
    const calm = still < 0.1 ? -0 : still < 0.2 ? 0 : random.normal() * (1 + spike);
    return {
      time: random.uniform() < 0.05 ? time - 1200 : time,
      key: Math.floor(random.uniform() * TEST_KEYS),
      values: [
        missing ? Number.NaN : random.normal() + spike,
        missing && spike > 0 ? Number.NaN : calm,
      ],
    };
  });
}

/** Names of the sensors. */
export function testKeys(): KeyTable {
  const keys = new KeyTable();
  for (let key = 0; key < TEST_KEYS; key++) keys.intern(`sensor-${key}`);
  return keys;
}
