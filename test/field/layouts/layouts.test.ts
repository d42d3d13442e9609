import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../../support/run-cli.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import type { Layout } from "./layout.ts";
import { LAYOUTS } from "./layouts.ts";
import { createRecording, type Recording } from "./recording.ts";
import { writeTable } from "./table.ts";

const SENSORS = ["pump-1", "pump-2"];

/** What a replay gives. */
interface Replayed {
  readonly rejected: number;
  /** Scores of each reading, by sensor, detector and time. */
  readonly scores: Readonly<Record<string, string>>;
}

const recordingOf = ({ recording }: Layout): Recording =>
  createRecording({ sensors: SENSORS, ...recording });

/** Times are compared to a tenth of a second: serial days are no exact milliseconds. */
async function replayed(
  content: string | Uint8Array,
  ending: string,
  args: readonly string[],
): Promise<Replayed> {
  const folder = await tempFolder();
  const file = join(folder, `plant${ending}`);
  await writeFile(file, content);
  const scores = join(folder, "scores.csv");
  const run = await runCli(["replay", file, "--scores", scores, "--format", "json", ...args]);
  expect(run.code, run.stderr).toBe(0);
  const { rejected } = JSON.parse(run.stdout) as { rejected: number };
  const [, ...lines] = (await readFile(scores, "utf8")).trimEnd().split("\n");
  const byTime = lines.map((line) => {
    const [, timestamp = "", sensor, detector, ...values] = line.split(",");
    const tenth = Math.round(Date.parse(timestamp) / 100);
    return [`${sensor} ${detector} ${tenth}`, values.join(",")];
  });
  return { rejected, scores: Object.fromEntries(byTime) };
}

/** The results of plain layouts, by recording. */
const plain = new Map<string, Promise<Replayed>>();

function plainOf(layout: Layout): Promise<Replayed> {
  const name = JSON.stringify(layout.recording ?? {});
  const found = plain.get(name) ?? replayed(writeTable(recordingOf(layout), {}), ".csv", []);
  plain.set(name, found);
  return found;
}

async function expectPlainScores(layout: Layout): Promise<void> {
  const { ending = ".csv", args = [], rejected = 0 } = layout;
  const recording = recordingOf(layout);
  const { scores } = await plainOf(layout);
  expect(Object.keys(scores)).toHaveLength(recording.readings.length);
  expect(await replayed(layout.write(recording), ending, args)).toEqual({ rejected, scores });
}

const read = LAYOUTS.filter(({ waits }) => waits === undefined);
const waiting = LAYOUTS.filter(({ waits }) => waits !== undefined);

it.each(read.map((layout) => [layout.name, layout] as const))(
  "%s gives the scores of the plain layout",
  (_, layout) => expectPlainScores(layout),
);

it.fails.each(waiting.map((layout) => [layout.name, layout] as const))(
  "%s does not yet give the scores of the plain layout",
  (_, layout) => expectPlainScores(layout),
);

it("layouts have different names", () => {
  expect(new Set(LAYOUTS.map(({ name }) => name)).size).toBe(LAYOUTS.length);
});
