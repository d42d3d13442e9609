import { join } from "node:path";
import { globSync } from "tinyglobby";
import type { DataSet, DetectionResult, Form } from "./data-set.ts";
import { fixed, mean, percent } from "./figures.ts";
import {
  type AlarmCounts,
  countAlarms,
  f1,
  f1OfAlwaysAlarming,
  falseAlarmRate,
  missingAlarmRate,
  poolCounts,
} from "./metrics/alarm-counts.ts";
import { type RankingQuality, rankingQuality } from "./metrics/ranking.ts";
import { scoreRecording } from "./score-recording.ts";
import { asFlag, readTable } from "./table-file.ts";

/** Readings at the start of a run for learning. */
const WARMUP = 400;

const SENSORS = [
  "Accelerometer1RMS",
  "Accelerometer2RMS",
  "Current",
  "Pressure",
  "Temperature",
  "Thermocouple",
  "Voltage",
  "Volume Flow RateRMS",
];

const pipelineFor = (reference: Form) => ({
  name: "skab",
  buffer: { key: null },
  detectors: [
    {
      name: "process",
      algorithm: "ecod",
      preset: "frozen",
      features: SENSORS,
      contamination: 0.003,
      warmup_period: WARMUP,
      reference,
    },
  ],
});

/**
 * The Skoltech Anomaly Benchmark: runs of a water circulation test bed, 8 sensors. For each run, a new
 * detector learns the first 400 readings and scores the others.
 */
export const skab: DataSet = {
  name: "SKAB",
  async run(data, scores, reference) {
    const files = globSync("skab/*/*.csv", { cwd: data }).sort();
    const outcomes: { counts: AlarmCounts; ranking: RankingQuality }[] = [];
    const notes: string[] = [];
    for (const file of files) {
      const recording = join(data, file);
      const labels = readTable(recording, ";").get("anomaly");
      if (labels === undefined) {
        notes.push(`${file} has no labels`);
        continue;
      }
      const scored = await scoreRecording({
        recording,
        scores: join(scores, file),
        pipeline: pipelineFor(reference),
        rows: labels.length,
      });
      const judged = Uint8Array.from(labels.slice(WARMUP), asFlag);
      outcomes.push({
        counts: countAlarms(scored.alarms.subarray(WARMUP), judged),
        ranking: rankingQuality(scored.rawScores.subarray(WARMUP), judged),
      });
    }
    return outcomes.length === 0 ? null : result(outcomes, notes);
  },
};

function result(
  outcomes: readonly { counts: AlarmCounts; ranking: RankingQuality }[],
  notes: readonly string[],
): DetectionResult {
  const counts = poolCounts(outcomes.map((outcome) => outcome.counts));
  const { hits, falseAlarms, misses, quiet } = counts;
  return {
    set: "SKAB",
    over: `${outcomes.length} files, ${hits + falseAlarms + misses + quiet} readings judged`,
    figures: {
      F1: fixed(f1(counts)),
      FAR: percent(falseAlarmRate(counts)),
      MAR: percent(missingAlarmRate(counts)),
      AUC: fixed(mean(outcomes.map(({ ranking }) => ranking.auc))),
      AP: fixed(mean(outcomes.map(({ ranking }) => ranking.averagePrecision))),
    },
    notes: [
      ...notes,
      `an alarm at every reading has F1 ${fixed(f1OfAlwaysAlarming(counts))} at FAR 100 %`,
    ],
  };
}
