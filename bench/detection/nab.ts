import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import type { DataSet, Form } from "./data-set.ts";
import { fixed } from "./figures.ts";
import { debounce } from "./metrics/debounce.ts";
import { NAB_PROFILES, type NabRecording, nabScore } from "./metrics/nab-score.ts";
import { scoreRecording } from "./score-recording.ts";
import { columnOf, readTable } from "./table-file.ts";

/** A score counts only if it is larger than all scores of this many earlier readings: alerts count, not readings. */
const REST = 100;

/** Length of `2014-04-10 07:15:00`; windows have fractions of seconds after it. */
const TO_SECONDS = 19;

type Windows = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;

function pipelineFor(rows: number, reference: Form): object {
  return {
    name: "nab",
    buffer: { key: null },
    detectors: [
      {
        name: "stream",
        algorithm: "ecod",
        preset: "stream",
        features: ["value", "value_diff", "value_mean_10", "value_std_50"],
        warmup_period: Math.max(30, probationOf(rows)),
        reference,
      },
    ],
  };
}

/** Readings at the start that the benchmark does not score: 15 %, at most 750. */
function probationOf(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 750);
}

/**
 * The Numenta Anomaly Benchmark: single columns, mostly of servers, with labelled windows. Each file has a
 * new detector. The benchmark chooses one threshold for all files, as for every detector.
 */
export const nab: DataSet = {
  name: "NAB",
  async run(data, scores, reference) {
    const labels = join(data, "nab/labels/combined_windows.json");
    if (!existsSync(labels)) return null;
    const windows = JSON.parse(readFileSync(labels, "utf8")) as Windows;
    const found = globSync("*/*.csv", { cwd: join(data, "nab/data") }).sort();
    const files = found.filter((file) => windows[file] !== undefined);
    if (files.length === 0) return null;
    const byRaw: NabRecording[] = [];
    const byP: NabRecording[] = [];
    for (const file of files) {
      const recording = join(data, "nab/data", file);
      const times = columnOf(readTable(recording), "timestamp", recording);
      const { rawScores, surprises } = await scoreRecording({
        recording,
        scores: join(scores, "nab", file),
        pipeline: pipelineFor(times.length, reference),
        rows: times.length,
      });
      const labelled = {
        windows: rowsOf(windows[file] ?? [], times, file),
        probation: probationOf(times.length),
      };
      byRaw.push({ ...labelled, scores: debounce(rawScores, REST) });
      byP.push({ ...labelled, scores: debounce(surprises, REST) });
    }
    const profiles = Object.entries(NAB_PROFILES);
    const results = [
      ...profiles.map(([name, profile]) => [name, nabScore(byRaw, profile)] as const),
      ...profiles.map(([name, profile]) => [`by_p_${name}`, nabScore(byP, profile)] as const),
    ];
    const unlabelled = found.filter((file) => windows[file] === undefined);
    const missing = Object.keys(windows).length - files.length;
    return {
      set: "NAB",
      over: `${files.length} files, ${byRaw.reduce((n, r) => n + r.windows.length, 0)} windows`,
      figures: Object.fromEntries(results.map(([name, { score }]) => [name, fixed(score, 2)])),
      notes: [
        `debounced over ${REST} readings, threshold raw_score >= ${fixed(results[0]?.[1].threshold ?? Number.NaN, 4)}`,
        ...(missing > 0 ? [`${missing} labelled files of the full set are not in the folder`] : []),
        ...unlabelled.map((file) => `${file} has no labels`),
      ],
    };
  },
};

/** Converts windows from times of their first and last reading to row numbers, in order. */
function rowsOf(
  windows: Windows[string],
  times: readonly string[],
  file: string,
): (readonly [number, number])[] {
  const rows = new Map(times.map((time, row) => [time.slice(0, TO_SECONDS), row]));
  const rowAt = (time: string): number => {
    const row = rows.get(time.slice(0, TO_SECONDS));
    if (row === undefined)
      throw new Error(`${file}: it has no row at ${time}, the edge of a window`);
    return row;
  };
  return windows.map(([from, to]) => [rowAt(from), rowAt(to)] as const).sort(([a], [b]) => a - b);
}
