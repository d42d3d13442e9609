import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { main } from "../../src/cli/main.ts";
import { asFlag, columnOf, readTable } from "./table-file.ts";

/** The scores of all readings of a recording. */
export interface Scores {
  /** Nats; 0 without a score. */
  readonly rawScores: Float64Array;
  /** -ln p, nats; 0 without a score. */
  readonly surprises: Float64Array;
  /** 0 to 1; 0 without a score. */
  readonly anomalyScores: Float64Array;
  /** 0 or 1. */
  readonly alarms: Uint8Array;
}

/** A recording and the settings to score it. */
export interface ScoringTask {
  /** File with the recording. */
  readonly recording: string;
  /** The scores file; the pipeline file is written next to it. */
  readonly scores: string;
  /** Pipeline document, as in a pipeline file. */
  readonly pipeline: object;
  /** Data rows of the recording. */
  readonly rows: number;
}

/**
 * Scores a recording with the command `iotmon replay --scores`, run in this process.
 *
 * @throws {Error} If the command fails, with its error output.
 */
export async function scoreRecording(task: ScoringTask): Promise<Scores> {
  const { recording, scores, pipeline } = task;
  mkdirSync(dirname(scores), { recursive: true });
  const file = scores.replace(/\.csv$/, ".pipeline.json");
  writeFileSync(file, `${JSON.stringify({ version: 1, ...pipeline }, null, 2)}\n`);
  await replay(["replay", recording, "-p", file, "--scores", scores, "--workers", "1"]);
  return readScores(scores, task.rows);
}

/**
 * Runs `iotmon` in this process, with `--quiet`.
 *
 * @returns What it writes to stdout.
 * @throws {Error} If it fails, with its error output.
 */
export async function replay(args: readonly string[]): Promise<string> {
  let stdout = "";
  let stderr = "";
  const code = await main([...args, "--quiet"], {
    stdin: new PassThrough(),
    abandonStdout: () => {},
    stdout: new Writable({
      write(chunk, _encoding, next) {
        stdout += String(chunk);
        next();
      },
    }),
    stderr: new Writable({
      write(chunk, _encoding, next) {
        stderr += String(chunk);
        next();
      },
    }),
    signal: new AbortController().signal,
    env: {},
    cwd: process.cwd(),
  });
  if (code !== 0) throw new Error(`iotmon ${args.join(" ")} exited with ${code}: ${stderr}`);
  return stdout;
}

/** Rejected rows have no line and count as the least anomalous. */
function readScores(path: string, rows: number): Scores {
  const table = readTable(path);
  const column = (name: string): readonly string[] => columnOf(table, name, path);
  const [rawScore, anomalyScore] = [column("raw_score"), column("anomaly_score")];
  const p = column("p");
  const alarm = column("is_anomaly");
  const scores = {
    rawScores: new Float64Array(rows),
    surprises: new Float64Array(rows),
    anomalyScores: new Float64Array(rows),
    alarms: new Uint8Array(rows),
  };
  column("row").forEach((text, i) => {
    const at = Number(text) - 1;
    if (!(at >= 0 && at < rows)) throw new Error(`${path}: row ${text} is outside 1..${rows}`);
    scores.rawScores[at] = Number(rawScore[i]);
    scores.surprises[at] = p[i] === "" ? 0 : -Math.log(Number(p[i]));
    scores.anomalyScores[at] = Number(anomalyScore[i]);
    scores.alarms[at] = asFlag(alarm[i] ?? "");
  });
  return scores;
}
