import type { SweepGoal } from "./result/sweep-goal.ts";
import type { SweepResult } from "./result/sweep-result.ts";
import { runInThreads } from "./run/run-in-threads.ts";
import type { SweepRecording } from "./run/sweep-recording.ts";
import type { SweepPlans } from "./settings/sweep-plans.ts";

/** Memory limit for the windows and models of all settings that a thread runs together, bytes. */
const MAX_BYTES = 400_000_000;

/** How a sweep runs. */
export interface SweepOptions {
  /** Share of the readings that are held out; the recording is divided already. */
  readonly holdout: number;
  /** Threads, >= 1. */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Called with the number of readings processed so far, by all settings together, and their share. */
  progress(readings: number, share: number): void;
}

/**
 * Runs all settings of a sweep, and the unchanged pipeline, over a recording.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function runSweep(
  recording: SweepRecording,
  { axes, settings, pipelines, asIsIndex, current }: SweepPlans,
  goal: SweepGoal,
  { holdout, workers, signal, progress }: SweepOptions,
): Promise<SweepResult> {
  const all = asIsIndex < 0 ? [...pipelines, current] : pipelines;
  const rows = recording.batches.reduce((sum, { length }) => sum + length, 0);
  const bytesPerKey = Math.max(
    ...[current, ...all].map(({ bytesPerKey: { full, warmUp } }) => full + warmUp),
  );
  const bytes = bytesPerKey * recording.keys.length;
  const outcomes = await runInThreads(
    recording,
    all.map(({ plan }) => plan),
    {
      workers,
      together: Math.max(1, Math.floor(MAX_BYTES / Math.max(1, bytes))),
      signal,
      progress: (done) => progress(done * rows, done / all.length),
    },
  );
  const asIs = outcomes.at(asIsIndex); // the last if no setting equals the unchanged pipeline
  if (asIs === undefined) throw new Error("The unchanged pipeline has no outcome");
  return {
    ...goal,
    axes,
    settings,
    outcomes: outcomes.slice(0, pipelines.length),
    asIs,
    asIsIndex,
    holdout,
  };
}
