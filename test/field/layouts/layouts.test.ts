import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
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
  const [, ...rows]: string[][] = parse(await readFile(scores, "utf8"));
  const byTime = rows.map(([, timestamp = "", sensor, detector, ...values]) => {
    const tenth = Math.round(Date.parse(timestamp) / 100);
    return [`${sensor} ${detector} ${tenth}`, values.join(",")];
  });
  return { rejected, scores: Object.fromEntries(byTime) };
}

/** The results of plain layouts, by recording. */
const plain = new Map<string, Promise<Replayed>>();

function plainOf(recording: Recording): Promise<Replayed> {
  const table = writeTable(recording, {});
  const name = String(table);
  const found = plain.get(name) ?? replayed(table, ".csv", []);
  plain.set(name, found);
  return found;
}

/** The recordings whose plain layouts must give the same scores: one, or one for each quantity. */
function partsOf({ isSplit = false }: Layout, recording: Recording): readonly Recording[] {
  if (!isSplit) return [recording];
  return recording.quantities.map((quantity) => ({
    ...recording,
    quantities: [quantity],
    readings: recording.readings.map((reading) => {
      return { ...reading, values: { [quantity]: reading.values[quantity] ?? Number.NaN } };
    }),
  }));
}

/** The scores of the plain layout, under the names that the layout gives the sensors. */
async function expectedScores(layout: Layout, recording: Recording): Promise<Replayed["scores"]> {
  const { sensorName = (sensor) => sensor } = layout;
  const all = await Promise.all(
    partsOf(layout, recording).map(async (part) => {
      const { scores } = await plainOf(part);
      expect(Object.keys(scores)).toHaveLength(part.readings.length);
      return Object.entries(scores).map(([place, values]) => {
        const [sensor = "", ...rest] = place.split(" ");
        return [[sensorName(sensor, part.quantities[0] ?? ""), ...rest].join(" "), values];
      });
    }),
  );
  return Object.fromEntries(all.flat());
}

it.each(LAYOUTS.map((layout) => [layout.name, layout] as const))(
  "%s gives the scores of the plain layout",
  async (_, layout) => {
    const { ending = ".csv", args = [], rejected = 0, refused } = layout;
    const recording = recordingOf(layout);
    const scores = await expectedScores(layout, recording);
    const written = layout.write(recording);
    const run =
      refused === undefined
        ? replayed(written, ending, args)
        : replayed(await converted(written, ending, refused.error), refused.ending, args);
    expect(await run).toEqual({ rejected, scores });
  },
);

/** The file that the command in the hint of a refusal makes. */
async function converted(
  content: string | Uint8Array,
  ending: string,
  error: string,
): Promise<string> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, `plant${ending}`), content);
  const { code, stderr } = await runCli(["replay", `plant${ending}`], { cwd });
  expect([code, stderr]).toEqual([65, expect.stringContaining(error)]);
  const [, command = ""] = /: ([a-z]+ .* FILE .*)/.exec(stderr) ?? [];
  return execFileSync("sh", ["-c", command.replaceAll("FILE", `plant${ending}`)], {
    cwd,
    encoding: "utf8",
  });
}

it("layouts have different names", () => {
  expect(new Set(LAYOUTS.map(({ name }) => name)).size).toBe(LAYOUTS.length);
});
