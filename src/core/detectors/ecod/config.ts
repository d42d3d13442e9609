/** Settings of the streaming ECOD detector, every default filled in. */
export interface EcodConfig {
  readonly algorithm: "ecod";
  /** Expected fraction of anomalous readings: an alarm is raised when p <= contamination. In (0, 0.5]. */
  readonly contamination: number;
  /** Observations before the first score, >= 1. */
  readonly warmupPeriod: number;
  /** Reference values kept per feature, >= 1. */
  readonly window: number;
  /** Scores kept for the tail probability, >= 1. */
  readonly calibrationWindow: number;
  /** Rows with p at or below this are not learned, while patience lasts. */
  readonly gate: number;
  /** Gated rows in a row (leaking 1/64 a normal row) after which they are learned all the same. */
  readonly patience: number;
  /** A feature votes only with at least this many reference values. */
  readonly minReference: number;
  /** Last share of the warm-up whose scores seed the calibrator, in [0, 1]. */
  readonly seedFraction: number;
  /** Whether distance beyond everything seen adds to the score. */
  readonly extension: boolean;
  /** Learn nothing after the warm-up. */
  readonly frozen: boolean;
  /** Scores the median runs over; 0: none. */
  readonly smoothing: number;
  /** How strongly features that drift during the warm-up lose their vote; 0: not at all. */
  readonly weightPower: number;
  /** Features with a novelty memory, as indices into the detector's features. Ignored when frozen. */
  readonly noveltyFeatures: readonly number[];
}

/** How much the windows of a detector come to hold. */
export interface EcodCapacities {
  /** Values of the reference of each feature. */
  readonly reference: number;
  /** Scores of the calibrator. */
  readonly calibration: number;
  /** Rows of the warm-up that may seed the calibrator: the last ones. */
  readonly seeds: number;
}

/** Follows from the settings; a frozen detector never holds more than its warm-up gave. */
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

/** What a preset sets, beside the defaults. */
export const ECOD_PRESETS = {
  stream: { frozen: false, smoothing: 0, weightPower: 0, contamination: 0.01 },
  frozen: { frozen: true, smoothing: 10, weightPower: 16, contamination: 0.001 },
} as const;

/** Name of a preset: `stream` adapts for ever; `frozen` learns from a healthy warm-up and then nothing. */
export type EcodPreset = keyof typeof ECOD_PRESETS;

/** Defaults that hold in every preset (detector specification, section 1). */
export const ECOD_DEFAULTS = {
  warmupPeriod: 200,
  window: 5000,
  calibrationWindow: 10_000,
  gate: 1e-5,
  patience: 200,
  minReference: 8,
  seedFraction: 0.6,
  extension: true,
} as const;
