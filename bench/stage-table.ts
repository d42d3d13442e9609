import { join } from "node:path";
import type { SequencedBatch } from "../src/core/batch.ts";
import { Intake } from "../src/engine/intake.ts";
import { interleave, stopwatch } from "./interleave.ts";
import { median, medianRatio } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";
import { naivePolars } from "./peer.ts";
import { printTable } from "./report.ts";
import { csvParseAlone } from "./stages/csv-parse.ts";
import { featuresBySensor, runDetector } from "./stages/detector.ts";
import { runEngine } from "./stages/engine.ts";
import { writeScores } from "./stages/output.ts";
import { openRecording } from "./stages/read.ts";

const PEER_READINGS = 100;

/**
 * Measures each stage of a replay alone, in this process and one thread, against csv-parse for the same
 * file.
 *
 * @param folder Folder for temporary files.
 */
export async function printStages(
  recording: string,
  rows: number,
  rounds: number,
  folder: string,
): Promise<void> {
  const { pipeline, keys, batches } = await openRecording(recording, originPipeline);
  const { plan } = pipeline;
  const intake = new Intake({ outOfOrder: "process" });
  const readings: SequencedBatch[] = [];
  for await (const batch of batches) readings.push(intake.accept(batch));
  const features = await featuresBySensor(plan, keys, readings);
  const seconds = await interleave(rounds, {
    csvParse: () => stopwatch(() => csvParseAlone(recording)),
    read: () => stopwatch(() => drain(recording)),
    features: () => runEngine({ ...plan, detectors: [] }, keys, readings),
    detector: () => stopwatch(() => runDetector(plan, features)),
    engine: () => runEngine(plan, keys, readings),
    output: () => writeScores(plan, keys, readings, join(folder, "scores.csv")),
    peer: () => naivePolars(PEER_READINGS) * rows,
  });
  const alerts = seconds.engine.map(
    (engine, round) =>
      engine - (seconds.features[round] as number) - (seconds.detector[round] as number),
  );
  const row = (name: string, values: readonly number[]): readonly string[] => [
    name,
    ((1e6 * median(values)) / rows).toPrecision(3),
    medianRatio(values, seconds.csvParse).toPrecision(3),
  ];
  printTable(
    "Stages, one thread",
    ["stage", "us per reading", "x csv-parse"],
    [
      row("csv-parse alone", seconds.csvParse),
      row("read: CSV to batches", seconds.read),
      row("features: 8 rolling", seconds.features),
      row("detector: ECOD, reference 5,000", seconds.detector),
      row("alert policy and the rest of the engine", alerts),
      row("engine: the three together", seconds.engine),
      row("output: scores file", seconds.output),
      row(`peer: a Polars call per reading (${PEER_READINGS} readings, scaled)`, seconds.peer),
    ],
  );
}

async function drain(recording: string): Promise<void> {
  const { batches } = await openRecording(recording, originPipeline);
  for await (const _batch of batches);
}
