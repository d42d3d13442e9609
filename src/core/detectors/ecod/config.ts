/** Settings of the streaming ECOD detector, with all defaults. */
export interface EcodConfig {
  readonly algorithm: "ecod";
  /** Form of the references and score histories: `exact` windows, or `compact` summaries of 832 bytes each. */
  readonly reference: "exact" | "compact";
  /** Expected fraction of anomalous readings, in (0, 0.5]; a reading with p <= contamination is anomalous. */
  readonly contamination: number;
  /** Observations before the first score, >= 1. */
  readonly warmupPeriod: number;
  /** Reference values kept per feature, >= 1. */
  readonly window: number;
  /** Scores kept for the tail probability, >= 1. */
  readonly calibrationWindow: number;
  /** Rows with p <= gate are not learned until patience runs out. */
  readonly gate: number;
  /** Consecutive gated rows after which gated rows are learned; each normal row reduces the count by 1/64. */
  readonly patience: number;
  /** A feature votes only with at least this many reference values. */
  readonly minReference: number;
  /** Share of the warm-up, at its end, whose scores seed the calibrators, in [0, 1]. */
  readonly seedFraction: number;
  /** Whether the distance of a value from all reference values adds to the score. */
  readonly extension: boolean;
  /** Whether learning stops after the warm-up. */
  readonly frozen: boolean;
  /** Number of scores in the median; 0: no median. */
  readonly smoothing: number;
  /** How strongly a feature that drifts during the warm-up loses weight; 0: not at all. */
  readonly weightPower: number;
  /**
   * Column of each feature, numbered from 0. A fault in one column is judged by the features of that column, so other
   * columns do not dilute it.
   */
  readonly columns: readonly number[];
  /** Features that are the values of their column, as indices into the detector's features. */
  readonly rawFeatures: readonly number[];
  /** Features with a novelty memory, as indices into the detector's features. Ignored when frozen. */
  readonly noveltyFeatures: readonly number[];
}

/** Capacities of a detector's windows. */
export interface EcodCapacities {
  /** Values of the reference of each feature. */
  readonly reference: number;
  /** Scores of each calibrator. */
  readonly calibration: number;
  /** Rows at the end of the warm-up that may seed the calibrators. */
  readonly seeds: number;
}

/** Capacities for the settings. A frozen detector holds only values of its warm-up. */
export function capacities(config: EcodConfig): EcodCapacities {
  const { warmupPeriod, window, calibrationWindow, seedFraction, frozen } = config;
  const seeds = warmupPeriod - Math.floor(warmupPeriod * (1 - seedFraction));
  if (!frozen) return { reference: window, calibration: calibrationWindow, seeds };
  return {
    reference: Math.min(window, warmupPeriod),
    calibration: Math.min(calibrationWindow, Math.max(1, seeds)),
    seeds,
  };
}

/** Settings of each preset, in addition to the defaults. */
export const ECOD_PRESETS = {
  stream: { frozen: false, smoothing: 0, weightPower: 0, contamination: 0.01 },
  frozen: { frozen: true, smoothing: 10, weightPower: 16, contamination: 0.003 },
} as const;

/** Name of a preset: `stream` adapts continuously; `frozen` learns only from a healthy warm-up. */
export type EcodPreset = keyof typeof ECOD_PRESETS;

/** Defaults of every preset. */
export const ECOD_DEFAULTS = {
  reference: "exact",
  warmupPeriod: 200,
  window: 5000,
  calibrationWindow: 10_000,
  gate: 1e-5,
  patience: 200,
  minReference: 8,
  seedFraction: 0.6,
  extension: true,
} as const;

const MAX_HELD = 200;
const MIN_MEMORY_ROWS = 500;

/** First rows that a detector holds back, until it knows the magnitudes of its features. */
export function heldRows(warmupPeriod: number): number {
  return Math.min(warmupPeriod, MAX_HELD);
}

/** Observations after which the novelty memories open. */
export function opensAt(warmupPeriod: number): number {
  return Math.max(warmupPeriod, MIN_MEMORY_ROWS);
}
