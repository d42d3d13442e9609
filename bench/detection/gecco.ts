import { join } from "node:path";
import { globSync } from "tinyglobby";
import type { DataSet, Form } from "./data-set.ts";
import { fixed, percent } from "./figures.ts";
import { countAlarms, f1, falseAlarmRate, missingAlarmRate } from "./metrics/alarm-counts.ts";
import { rankingQuality } from "./metrics/ranking.ts";
import { scoreRecording } from "./score-recording.ts";
import { asFlag, columnOf, readTable } from "./table-file.ts";

const WARMUP = 2000;
const SENSORS = ["Tp", "Cl", "pH", "Redox", "Leit", "Trueb", "Cl_2", "Fm", "Fm_2"];

const pipelineFor = (reference: Form) => ({
  name: "gecco",
  buffer: { key: null },
  detectors: [
    {
      name: "stream",
      algorithm: "ecod",
      preset: "stream",
      features: SENSORS.flatMap((name) => [
        name,
        `${name}_diff`,
        `${name}_mean_10`,
        `${name}_std_50`,
      ]),
      contamination: 0.01,
      warmup_period: WARMUP,
      reference,
    },
  ],
});

/** The GECCO 2018 challenge: quality of drinking water, 9 sensors a minute, with missing cells. */
export const gecco: DataSet = {
  name: "GECCO",
  async run(data, scores, reference) {
    const [file] = globSync("gecco2018/*.csv", { cwd: data }).sort();
    if (file === undefined) return null;
    const recording = join(data, file);
    const labels = columnOf(readTable(recording), "EVENT", recording);
    const scored = await scoreRecording({
      recording,
      scores: join(scores, "gecco/gecco.csv"),
      pipeline: pipelineFor(reference),
      rows: labels.length,
    });
    const judged = Uint8Array.from(labels.slice(WARMUP), asFlag);
    const ranking = rankingQuality(scored.rawScores.subarray(WARMUP), judged);
    const counts = countAlarms(scored.alarms.subarray(WARMUP), judged);
    return {
      set: "GECCO",
      over: `1 file, ${labels.length} readings, ${judged.length} judged`,
      figures: {
        AUC: fixed(ranking.auc),
        AP: fixed(ranking.averagePrecision),
        F1: fixed(f1(counts)),
        FAR: percent(falseAlarmRate(counts)),
        MAR: percent(missingAlarmRate(counts)),
      },
      notes: [],
    };
  },
};
