import type { WindowMemories } from "../sorted-window/window-memory.ts";
import type { KeyDetector } from "./detector.ts";

/** How a detector learns what is normal. */
export interface LearningSettings {
  /** Expected fraction of anomalous readings. */
  readonly contamination: number;
  /** Readings of a key before its first score. */
  readonly warmupPeriod: number;
  /** Newest readings that the detector compares with. */
  readonly window: number;
  /** Readings after which it learns a lasting anomaly as normal. */
  readonly patience: number;
  /** Whether it learns only from the warm-up. */
  readonly frozen: boolean;
  /** Inputs that are values of their column, not made of several readings. */
  readonly rawFeatures: readonly number[];
}

/** All that engines know about a detector. */
export interface Algorithm<Config> {
  /**
   * A fresh detector for one key.
   *
   * @param dimension Inputs of the detector.
   * @param memories Memory for large windows; its own by default.
   */
  create(config: Config, dimension: number, memories: WindowMemories | undefined): KeyDetector;
  /** Estimated upper limit of the memory of one key once its windows are full, bytes. */
  bytes(config: Config, dimension: number): number;
  /** How many bytes more it takes while the key is new. Undefined: none. */
  warmUpBytes?(config: Config, dimension: number): number;
  /** The rule as text; null: the detector learns instead. */
  rule(config: Config): string | null;
  /** Null: the detector is a rule and learns nothing. */
  learning(config: Config): LearningSettings | null;
  /** Whether each reading gets a verdict. */
  readonly scores: boolean;
}
