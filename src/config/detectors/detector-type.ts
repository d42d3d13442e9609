import type { z } from "zod";
import type { AlertConfig } from "../../core/alerts/config.ts";
import type { DetectorAlgorithm } from "../../core/detectors/registry.ts";
import type { Layout } from "../../core/layout.ts";
import type { DetectorPlan } from "../../engine/plan.ts";
import type { Path } from "../document.ts";
import type { InputTable } from "../resolve/detectors/inputs.ts";
import type { FeatureTable } from "../resolve/features.ts";
import type { Findings } from "../resolve/findings.ts";
import type { AlertsSection } from "../schema/alerts.ts";

/** What a detector is resolved against. */
export interface DetectorContext {
  readonly layout: Layout;
  /** Numeric columns that are meters, watched by their rate unless the detector names features. */
  readonly meters: readonly string[];
  readonly features: FeatureTable;
  /** Finds inputs by name; features named by convention are added to `features`. */
  readonly table: InputTable;
  /** Place of the detector in its document. */
  readonly path: Path;
  /** Receives faults and warnings. */
  readonly findings: Findings;
}

/** Settings and inputs of a detector for the engine. */
export type ResolvedDetector = Pick<DetectorPlan, "config" | "inputs" | "inputNames">;

/**
 * A type of detector in pipeline files. The pipeline schema, the checks and the plan of the engine are made
 * from it. The algorithm itself is in `src/core/detectors`, because engine threads load no schema.
 */
export interface DetectorType<Schema extends z.ZodObject = z.ZodObject> {
  readonly algorithm: DetectorAlgorithm;
  /** Settings, each with its description, and `algorithm`, `name` and `alerts`. */
  readonly schema: Schema;
  /** Names of columns and features that the settings mention; none for a rule that can't be parsed. */
  namedInputs(settings: z.output<Schema>): readonly string[];
  /** @returns Null, and a fault, when the settings make no detector. */
  resolve(settings: z.output<Schema>, context: DetectorContext): ResolvedDetector | null;
  /** Whether the detector is one of those that share the budget of the pipeline. */
  sharesBudget(settings: z.output<Schema>): boolean;
  /**
   * The alert policy of the detector.
   *
   * @param shared Settings of the pipeline, with the part of the budget that is for this detector.
   * @param path Place of the detector's own `alerts`, which may be missing.
   */
  resolveAlerts(
    settings: z.output<Schema>,
    shared: AlertsSection,
    path: Path,
    findings: Findings,
  ): AlertConfig;
}
