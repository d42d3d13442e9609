/**
 * Entry of a sweep's worker thread: runs each group of settings it is sent over the recording.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { EnginePlan } from "../../engine/plan.ts";
import { runSettings } from "./run-settings.ts";
import type { SweepRecording } from "./sweep-recording.ts";

const recording = workerData as SweepRecording;

parentPort?.on("message", (plans: readonly EnginePlan[]) => {
  parentPort?.postMessage(runSettings(recording, plans));
});
