import type { Episode } from "../core/alerts/alert-event.ts";
import type { SequencedBatch } from "../core/batch.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import type { DetectorStatus } from "../engine/evaluation.ts";

/** How things stand at the end. */
export interface RuntimeReport {
  /** Episodes that are going on, by key, then detector. */
  readonly open: readonly Episode[];
  /** Bytes that windows and models of all keys hold. */
  readonly bytes: number;
}

/**
 * Runs keys somewhere: in this thread, in worker threads, or on other machines. Output is the same
 * wherever that is.
 */
export interface KeyedRuntime {
  /** Batches that may be under way at once, >= 1. All other calls are made when none is. */
  readonly depth: number;
  /**
   * Runs the next rows, after those submitted before. At most {@link depth} calls may be unresolved.
   * What one resolves to stays as it is until the `depth`-th call after it: so the next rows can run
   * while these are looked at. The batch itself is read before the call returns.
   */
  submit(batch: SequencedBatch): Promise<EngineOutput>;
  /** Event time has come to `now`, ms, without a reading. */
  tick(now: number): Promise<Pick<EngineOutput, "events" | "episodes">>;
  /** From event time `from` up to `to`, ms, nobody watched, as `Engine.pause`. */
  pause(from: number, to: number): Promise<void>;
  /** Where a key's detectors stand; null for a key without readings. */
  peek(key: number): Promise<readonly DetectorStatus[] | null>;
  /** Releases everything and tells how things stand; the last call. */
  stop(): Promise<RuntimeReport>;
}
