import type { SavedPart } from "../../../engine/engine.ts";

/** What a detector has learned of one sensor. */
interface CarriedModel {
  readonly parts: readonly SavedPart[];
  readonly scored: number;
  readonly anomalies: number;
}

/** What a detector has learned, by sensor: it moves from one pipeline to another with it. */
export type CarriedModels = ReadonlyMap<string, CarriedModel>;
