/**
 * What runs in a worker thread of a sweep: settings over the recording, as they are asked for.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { EnginePlan } from "../engine/plan.ts";
import { runSettings } from "./run-settings.ts";
import type { SweepRecording } from "./sweep-recording.ts";

const recording = workerData as SweepRecording;

parentPort?.on("message", (plans: readonly EnginePlan[]) => {
  parentPort?.postMessage(runSettings(recording, plans));
});
