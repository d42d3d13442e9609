import { createScoreColumns, type ScoreColumns } from "../core/detectors/detector.ts";
import { bySet, type EnginePlan } from "./plan.ts";

/** Columns for the rows of one key in one batch, used by all keys in turn. */
export interface Workspace {
  /** Rows there is room for. */
  readonly capacity: number;
  /** Event times of the key's rows, ms. */
  readonly times: Float64Array;
  /** Row of the batch that each of the key's rows comes from. */
  readonly origin: Uint32Array;
  readonly columns: readonly Float64Array[];
  readonly features: readonly Float64Array[];
  /** The same, by window set. */
  readonly featureSets: readonly (readonly Float64Array[])[];
  /** Inputs of each detector. */
  readonly inputs: readonly (readonly Float64Array[])[];
  /** One detector's scores of the key's rows. */
  readonly scores: ScoreColumns;
}

/** A workspace for keys with up to `capacity` rows in a batch. */
export function createWorkspace(plan: EnginePlan, capacity: number): Workspace {
  // inputs of detectors are indices into these
  const signals = [...plan.columns, ...plan.features].map(() => new Float64Array(capacity));
  const features = signals.slice(plan.columns.length);
  return {
    capacity,
    times: new Float64Array(capacity),
    origin: new Uint32Array(capacity),
    columns: signals.slice(0, plan.columns.length),
    features,
    featureSets: bySet(plan, features),
    inputs: plan.detectors.map(({ inputs }) => inputs.map((i) => signals[i] as Float64Array)),
    scores: createScoreColumns(capacity),
  };
}
