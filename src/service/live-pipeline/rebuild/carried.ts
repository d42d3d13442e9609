import type { SavedPart } from "../../../engine/engine.ts";

/** Model and counts of a detector for one sensor. */
interface CarriedModel {
  readonly parts: readonly SavedPart[];
  readonly scored: number;
  readonly anomalies: number;
}

/** Models of a detector by sensor, which move with it to another pipeline. */
export type CarriedModels = ReadonlyMap<string, CarriedModel>;
