import { createScoreColumns, type ScoreColumns } from "../core/detectors/detector.ts";
import type { OrderedDecisions } from "./event-queue.ts";
import type { EnginePlan } from "./plan.ts";

/** Result of a batch. The engine owns the arrays and overwrites them at the next batch but one. */
export interface EngineOutput extends OrderedDecisions {
  /** Rows of the batch. */
  readonly length: number;
  /** One per detector of the plan; by row of the batch. */
  readonly scores: readonly ScoreColumns[];
  /** One per feature of the plan; by row of the batch. */
  readonly features: readonly Float64Array[];
}

/** The arrays of an {@link EngineOutput}, for batches of up to `capacity` rows. */
export interface OutputColumns {
  readonly capacity: number;
  readonly scores: readonly ScoreColumns[];
  readonly features: readonly Float64Array[];
}

/** Allocates the output of batches of up to `capacity` rows. */
export function createOutputColumns(plan: EnginePlan, capacity: number): OutputColumns {
  return {
    capacity,
    scores: plan.detectors.map(() => createScoreColumns(capacity)),
    features: plan.features.map(() => new Float64Array(capacity)),
  };
}
