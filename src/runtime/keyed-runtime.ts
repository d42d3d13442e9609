import type { Episode } from "../core/alerts/alert-event.ts";
import type { SequencedBatch } from "../core/batch.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import type { DetectorStatus } from "../engine/evaluation/evaluation.ts";

/** State at the end of a run. */
export interface RuntimeReport {
  /** Open episodes, by key, then detector. */
  readonly open: readonly Episode[];
  /** Memory of the windows and models of all keys, in bytes. */
  readonly bytes: number;
}

/**
 * Runs keys in this thread or in worker threads. The output is the same.
 */
export interface KeyedRuntime {
  /** Maximum number of unresolved {@link submit} calls, >= 1. Other calls need all of them resolved. */
  readonly depth: number;
  /**
   * Runs the next rows, after those submitted before. The `depth`-th call after it overwrites the result, so
   * a caller can read a result while the next rows run. The batch is read before the call returns.
   */
  submit(batch: SequencedBatch): Promise<EngineOutput>;
  /** Advances event time to `now`, ms, without a reading. */
  tick(now: number): Promise<Pick<EngineOutput, "events" | "episodes">>;
  /** Excludes event time `from` up to `to`, ms, from silence, as `Engine.pause`. */
  pause(from: number, to: number): Promise<void>;
  /** Status of a key's detectors; null for a key without readings. */
  peek(key: number): Promise<readonly DetectorStatus[] | null>;
  /** Ends the engines and returns their state; the last call. */
  stop(): Promise<RuntimeReport>;
}
