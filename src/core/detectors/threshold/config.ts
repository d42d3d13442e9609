import type { Program } from "../../expression/program.ts";

/** Settings of a detector that is a rule over columns and features. */
export interface ThresholdConfig {
  readonly algorithm: "threshold";
  /** True for an anomalous reading. Inputs are the detector's. */
  readonly when: Program;
  /** Once anomalous, readings stay so until this is true; null: until `when` is false. */
  readonly clearWhen: Program | null;
  /** The rule in words: `temperature > 40`. */
  readonly rule: string;
}
