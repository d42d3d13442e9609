import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../../support/random.ts";
import { runProgram } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { WatchProcess } from "../../../support/watch-process.ts";

/** Times that it is killed; more when asked for. */
const KILLS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 8);
/** Rows that the file grows by in each life. */
const ROWS = 120;
const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

const PIPELINE = `version: 1
name: kiln
features:
  - { name: temp_mean_10, column: temperature, function: mean, window: 10 }
  - { name: temp_std_2m, column: temperature, function: std, window: 2m }
detectors:
  - { name: anomaly, algorithm: ecod, features: [temperature, temp_mean_10, temp_std_2m], warmup_period: 60 }
  - { name: too_hot, algorithm: threshold, when: temperature > 40, severity: critical }
  - { name: quiet, algorithm: silent, after: 4s }
alerts: { cooldown: 2m, resolve_after: 20s }
sinks: [{ type: file, path: alerts.jsonl }]
# a checkpoint whenever the budget of bytes allows one
state: { max_recovery: 1ms }
`;

/** How far ahead the time of a row is, ms: of single rows, and for a while of one sensor. */
function aheadBy(i: number): number {
  if (i % 131 === 130) return 30 * DAY;
  return i >= 400 && i < 600 && i % 3 === 2 ? 20 * DAY : 0;
}

/** A CSV with a line that can't be used now and then, and times that can't be right. */
function csvLines(count: number): readonly string[] {
  const random = new Random(17);
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(START + 1000 * i + aheadBy(i)).toISOString();
    const temperature = (i % 83 === 82 ? 47 : 22) + random.normal() / 2;
    return i % 97 === 96 ? `${time},k-0,broken` : `${time},k-${i % 3},${temperature.toFixed(3)}`;
  });
}

/** Lines by their name, in order of appearance; repeated lines must be equal. */
function distinct(lines: readonly string[], name: (line: string) => string): string[] {
  const known = new Map<string, string>();
  for (const line of lines) {
    const key = name(line);
    expect(known.get(key) ?? line, "a repeated line is the same").toBe(line);
    known.set(key, line);
  }
  return [...known.values()];
}

/** Not about the clock of a sensor: those have times of their own. */
const isAlert = (line: string): boolean => !isRow(line) && JSON.parse(line).detector !== "iotmon";
const isRow = (line: string): boolean => line.startsWith('{"row":');
const rowOf = (line: string): string => line.slice(0, line.indexOf(',"raw_score"'));
const idOf = (line: string): string => JSON.parse(line).id;

describe("iotmon watch, killed while it reads a growing file", () => {
  it(`gives the same scores and alerts as without ${KILLS} kills`, {
    timeout: 1_800_000 + 10_000 * KILLS,
  }, async () => {
    const cwd = await tempFolder();
    const random = new Random(23);
    const below = (n: number): number => Math.floor(n * random.uniform());
    const lines = csvLines(ROWS * (KILLS + 1));
    await writeFile(join(cwd, "kiln.yaml"), PIPELINE);
    await writeFile(join(cwd, "kiln.csv"), "timestamp,sensor_id,temperature\n");
    const args = ["kiln.csv", "-p", "kiln.yaml", "--all", "--format", "jsonl"];
    const shown: string[] = [];
    let again = 0;

    const grow = async (life: number): Promise<void> => {
      const mine = lines.slice(life * ROWS, (life + 1) * ROWS);
      for (let at = 0; at < mine.length; at += 10) {
        const text = `${mine.slice(at, at + 10).join("\n")}\n`;
        const cut = below(text.length); // in the middle of a line
        await appendFile(join(cwd, "kiln.csv"), text.slice(0, cut));
        await sleep(below(60));
        await appendFile(join(cwd, "kiln.csv"), text.slice(cut));
      }
    };

    for (let life = 0; life < KILLS; life++) {
      const watch = new WatchProcess(args, cwd);
      const growing = grow(life);
      // some kills during the start, most while lines arrive
      const isAtWork = life % 3 !== 0;
      if (isAtWork) await watch.until(() => watch.stdout !== "");
      await sleep(below(isAtWork ? 500 : 1000));
      if (life % 4 === 3) watch.child.kill("SIGTERM"); // and during its last checkpoint
      await sleep(life % 4 === 3 ? below(150) : 0);
      await watch.stop("SIGKILL");
      await growing;
      const before = new Set(shown);
      again += watch.lines.filter((line) => before.has(line)).length;
      shown.push(...watch.lines);
    }
    const last = new WatchProcess(args, cwd);
    await grow(KILLS);
    await last.until(() => last.stdout.includes(`"row":${lines.length},`));
    expect(await last.stop("SIGTERM"), last.stderr).toBe(0);
    shown.push(...last.lines);

    const replay = ["replay", "kiln.csv", "-p", "kiln.yaml", "--scores", "scores.jsonl"];
    const undisturbed = await runProgram([...replay, "--format", "jsonl"], { cwd });
    const scores = (await readFile(join(cwd, "scores.jsonl"), "utf8")).split("\n").slice(0, -1);
    const alerts = undisturbed.stdout.split("\n").slice(0, -1);
    const delivered = (await readFile(join(cwd, "alerts.jsonl"), "utf8")).split("\n").slice(0, -1);
    expect(alerts.length).toBeGreaterThan(2);
    expect(distinct(shown.filter(isRow), rowOf)).toEqual(scores);
    expect(distinct(shown.filter(isAlert), idOf)).toEqual(alerts);
    expect(distinct(delivered.filter(isAlert), idOf).sort()).toEqual([...alerts].sort());
    process.stderr.write(`${KILLS} kills, ${again} of ${shown.length} lines were repeated\n`);
  });
});
