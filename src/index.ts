/**
 * iotmon as a library: the detector a row at a time, batch ECOD, and the deterministic engine.
 *
 * @module
 */

export {
  createDetector,
  type DetectorEntry,
  type Observation,
  type RowDetector,
} from "./config/create-detector.ts";
export { loadPipeline } from "./config/load.ts";
export { type ResolvedPipeline, resolvePipeline } from "./config/resolve.ts";
export type { AlertEvent, AlertStatus, Episode, Evidence } from "./core/alerts/alert-event.ts";
export {
  type AlertBudgetOptions,
  type BudgetDecision,
  type BudgetReading,
  createAlertBudget,
  type ReadingBudget,
} from "./core/alerts/budget/create-alert-budget.ts";
export type { Severity } from "./core/alerts/severity.ts";
export type { Batch, SequencedBatch, TextColumn } from "./core/batch.ts";
export type { Contribution, Explanation, ScoreColumns } from "./core/detectors/detector.ts";
export { type PyodEcod, pyodEcod } from "./core/detectors/ecod/batch/pyod.ts";
export { type ErrorCode, type Fault, IotmonError } from "./core/errors.ts";
export { KeyTable } from "./core/key-table.ts";
export type { Layout } from "./core/layout.ts";
export { Engine } from "./engine/engine.ts";
export type { EngineOutput } from "./engine/engine-output.ts";
export type { DetectorStatus } from "./engine/evaluation/evaluation.ts";
export { Intake, type IntakeOptions } from "./engine/intake.ts";
export type { SavedPart } from "./engine/keys/snapshot-parts.ts";
export type { DetectorPlan, EnginePlan } from "./engine/plan.ts";
export type { OutOfOrderPolicy } from "./engine/row-sequencer.ts";
export type { TimeNotice } from "./engine/time/time-notice.ts";
