import { createScoreColumns, type ScoreColumns } from "../../core/detectors/detector.ts";
import { bySet, type EnginePlan } from "../plan.ts";

/** Columns for the rows of one key in one batch. All keys use it in turn. */
export interface Workspace {
  /** Maximum number of rows. */
  readonly capacity: number;
  /** Event times of the key's rows, ms. */
  readonly times: Float64Array;
  /** The same times on a clock that was never set: windows and models run on it. */
  readonly steadyTimes: Float64Array;
  /** Row of the batch that each of the key's rows comes from. */
  readonly origin: Uint32Array;
  readonly columns: readonly Float64Array[];
  readonly features: readonly Float64Array[];
  /** The features by window set. */
  readonly featureSets: readonly (readonly Float64Array[])[];
  /** Inputs of each detector. */
  readonly inputs: readonly (readonly Float64Array[])[];
  /** Scores of the key's rows by one detector. */
  readonly scores: ScoreColumns;
}

/** Creates a workspace for up to `capacity` rows of a key. */
export function createWorkspace(plan: EnginePlan, capacity: number): Workspace {
  // detector inputs are indices into this list
  const signals = [...plan.columns, ...plan.features].map(() => new Float64Array(capacity));
  const features = signals.slice(plan.columns.length);
  return {
    capacity,
    times: new Float64Array(capacity),
    steadyTimes: new Float64Array(capacity),
    origin: new Uint32Array(capacity),
    columns: signals.slice(0, plan.columns.length),
    features,
    featureSets: bySet(plan, features),
    inputs: plan.detectors.map(({ inputs }) => inputs.map((i) => signals[i] as Float64Array)),
    scores: createScoreColumns(capacity),
  };
}
