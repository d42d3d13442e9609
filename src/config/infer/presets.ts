import type { PipelineDocument } from "../schema/pipeline.ts";
import { DEFAULT_FEATURES, type StandardFeature } from "./default-features.ts";

type Detector = Extract<NonNullable<PipelineDocument["detectors"]>[number], { algorithm: "ecod" }>;

/** What `iotmon init --preset` adds to the columns of the sample. */
export interface PipelinePreset {
  /** Its detector, as a phrase. */
  readonly summary: string;
  /** Whether the columns themselves are inputs of the detector. */
  readonly columns: boolean;
  /** Rolling features of every column. */
  readonly features: readonly StandardFeature[];
  readonly detector: Omit<Detector, "name" | "algorithm" | "features">;
  readonly alerts: NonNullable<PipelineDocument["alerts"]>;
}

/** For detectors with a contamination. */
const ALERTS = {
  severity: { warning: 0.85, critical: 0.95 },
  for: 1,
  cooldown: "1h",
  resolve_after: 12,
  repeat: "off",
  send_resolved: true,
} as const;

/** For detectors that share a budget, which says when an incident is over. */
const BUDGET_ALERTS = {
  severity: ALERTS.severity,
  budget: "1/week",
  for: 1,
  repeat: "off",
  send_resolved: true,
} as const;

/**
 * Presets of whole pipelines, by name. Their numbers come from the measurements in `docs/detection.md`, those of
 * `slow-drift` from `npm run bench:detection-limits`.
 */
export const PIPELINE_PRESETS = {
  sensor: {
    summary: "ecod, warm-up 200 readings per sensor",
    columns: true,
    features: DEFAULT_FEATURES,
    detector: { preset: "stream", warmup_period: 200, gate: 0.001 },
    alerts: BUDGET_ALERTS,
  },
  process: {
    summary:
      "ecod, frozen: learns only from the first 400 readings of each sensor, which must be healthy",
    columns: true,
    features: [],
    detector: { preset: "frozen", contamination: 0.003, warmup_period: 400 },
    alerts: ALERTS,
  },
  "slow-drift": {
    summary:
      "ecod over windows of 200 and 1000 readings, contamination 0.01, warm-up 2000 readings per sensor",
    columns: false,
    features: [
      { function: "mean", rows: 200 },
      { function: "slope", rows: 1000 },
    ],
    detector: {
      preset: "stream",
      contamination: 0.01,
      reference: "exact",
      warmup_period: 2000,
      window: 20_000,
      calibration_window: 20_000,
      gate: 0.001,
      patience: 2000,
    },
    alerts: { ...ALERTS, for: 20, resolve_after: 200 },
  },
} as const satisfies Record<string, PipelinePreset>;

/** Name of a preset of pipelines. */
export type PipelinePresetName = keyof typeof PIPELINE_PRESETS;
