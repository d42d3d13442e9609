import type { Episode, Evidence } from "../../src/core/alerts/alert-event.ts";
import type { SequencedBatch } from "../../src/core/batch.ts";
import { UNSCORED } from "../../src/core/detectors/detector.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../src/core/detectors/ecod/config.ts";
import type { EngineOutput } from "../../src/engine/engine-output.ts";
import type { DetectorPlan, EnginePlan } from "../../src/engine/plan.ts";

/** Settings of an adapting detector, with `changes`. */
function ecodConfig(changes: Partial<EcodConfig> = {}): EcodConfig {
  return {
    algorithm: "ecod",
    ...ECOD_DEFAULTS,
    ...ECOD_PRESETS.stream,
    columns: [0, 0],
    rawFeatures: [0],
    noveltyFeatures: [],
    ...changes,
  };
}

/** A detector on the raw column `value` and the feature `value_std_50`. */
export function detectorPlan(name: string, changes: Partial<EcodConfig> = {}): DetectorPlan {
  return {
    name,
    config: ecodConfig(changes),
    inputs: [0, 1],
    inputNames: ["value", "value_std_50"],
    alerts: {
      severity: { warning: 0.85, critical: 0.95 },
      budget: null,
      for: { kind: "rows", need: 1, of: 1 },
      cooldownMs: 3_600_000,
      resolveAfter: { kind: "rows", rows: 12 },
      repeatMs: null,
      sendResolved: true,
      labels: {},
    },
  };
}

/** A pipeline with one column, these detectors and these features. */
export function planOf(
  detectors: readonly DetectorPlan[],
  features: readonly string[] = ["value_std_50"],
): EnginePlan {
  return {
    pipeline: "pump",
    columns: ["value"],
    features: features.map((name) => ({
      name,
      function: "std",
      column: 0,
      other: null,
      window: { kind: "rows", rows: 50 },
      minPeriods: null,
      quantile: null,
    })),
    detectors,
    maxWindowRows: 1000,
  };
}

/** One reading and the scores of each detector; `raw` NaN: not scored. */
export interface ScoredRow {
  readonly time: number;
  readonly key?: number;
  readonly label?: number;
  readonly features?: readonly number[];
  readonly scores: readonly {
    readonly raw: number;
    readonly p: number;
    readonly score: number;
    readonly anomalous: boolean;
  }[];
}

/** The rows as engine input and output. @param firstRow Number of rows before them. */
export function scored(
  rows: readonly ScoredRow[],
  firstRow = 0,
  source = 0,
): { batch: SequencedBatch; output: EngineOutput } {
  const times = Float64Array.from(rows, ({ time }) => time);
  const detectors = rows[0]?.scores.length ?? 0;
  const features = rows[0]?.features?.length ?? 0;
  return {
    batch: {
      length: rows.length,
      timestamps: times,
      keys: Uint32Array.from(rows, ({ key }) => key ?? 0),
      columns: [new Float64Array(rows.length)],
      labels: [Float64Array.from(rows, ({ label }) => label ?? Number.NaN)],
      texts: [],
      rows: Uint32Array.from(rows, (_, i) => firstRow + i + 1),
      source,
      eventTimes: times,
      watermarks: times.slice().sort(),
      sequences: Float64Array.from(rows, (_, i) => firstRow + i),
      offset: 0,
      breaks: [],
      restarts: [],
      carried: [],
    },
    output: {
      length: rows.length,
      scores: Array.from({ length: detectors }, (_, d) => ({
        rawScore: Float64Array.from(rows, ({ scores }) => scores[d]?.raw ?? Number.NaN),
        p: Float64Array.from(rows, ({ scores }) => scores[d]?.p ?? Number.NaN),
        anomalyScore: Float64Array.from(rows, ({ scores }) => scores[d]?.score ?? 0),
        isAnomaly: Uint8Array.from(rows, ({ scores }) =>
          Number.isNaN(scores[d]?.raw ?? Number.NaN) ? UNSCORED : Number(scores[d]?.anomalous),
        ),
      })),
      features: Array.from({ length: features }, (_, f) =>
        Float64Array.from(rows, (row) => row.features?.[f] ?? Number.NaN),
      ),
      events: [],
      eventRows: [],
      episodes: [],
    },
  };
}

/** Evidence of a drop of `value` to 2.08, with its standard deviation. */
export function evidenceOf(changes: Partial<Evidence> = {}): Evidence {
  return {
    timestamp: Date.UTC(2013, 11, 2, 21, 15),
    rawScore: 30.5,
    p: 1 / 4321,
    anomalyScore: 0.98,
    reading: Float64Array.of(2.08),
    features: Float64Array.of(2.08, 9.1666),
    explanation: {
      contributions: [
        { input: 0, value: 2.08, typical: 84.1, low: 71.3, high: 98, side: "low", share: 0.7 },
        { input: 1, value: 9.1666, typical: 1, low: 0.31, high: 2.2, side: "high", share: 0.3 },
      ],
      novel: [],
      rule: null,
      threshold: 22.5,
    },
    ...changes,
  };
}

/** A notified episode of key 0 from `from` to `to`, with `changes`. */
export function episodeOf(from: number, to: number, changes: Partial<Episode> = {}): Episode {
  return {
    id: "e1",
    detector: 0,
    key: 0,
    startedAt: from,
    lastAnomalyAt: to,
    resolvedAt: to,
    severity: "critical",
    anomalies: 1,
    notified: true,
    peak: evidenceOf(),
    ...changes,
  };
}
