/**
 * Counts the messages of the default alerts for recordings with labelled windows, and the windows without
 * a message. Usage: `npm run bench:alert-load -- FOLDER WINDOWS.json`: a folder of recordings
 * (CSV, one sensor each), and a JSON file of the form `{ "folder/name.csv": [["from", "to"], ...] }`,
 * as the Numenta benchmark has them.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { parse } from "csv-parse/sync";

const MS_PER_DAY = 86_400_000;
const BIN = fileURLToPath(new URL("../bin/iotmon.js", import.meta.url));

type Window = readonly [from: string, to: string];

interface Message {
  readonly status: string;
  readonly timestamp: string;
}

interface Reading {
  readonly timestamp: string;
  readonly is_anomaly: string;
}

/** The messages of the program for a recording, with default settings. */
function replayed(path: string): { messages: Message[]; readings: Reading[] } {
  const folder = mkdtempSync(join(tmpdir(), "iotmon-alert-load-"));
  try {
    const scores = join(folder, "scores.csv");
    const args = ["replay", path, "-q", "--format", "jsonl", "--scores", scores];
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`replay ${path} failed: ${stderr}`);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return {
      messages: lines.map((line) => JSON.parse(line) as Message),
      readings: parse<Reading>(readFileSync(scores), { columns: true }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `2013-12-15 07:00:00.000000`, in UTC, as ms since epoch. */
function utc(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

/** Largest number of messages on one day (UTC). */
function busiestDay(messages: readonly Message[]): number {
  const days = new Map<string, number>();
  for (const { timestamp } of messages) {
    const day = timestamp.slice(0, "2013-12-02".length);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return Math.max(0, ...days.values());
}

const [folder, windowsFile] = process.argv.slice(2);
if (folder === undefined || windowsFile === undefined) {
  throw new Error("Usage: npm run bench:alert-load -- FOLDER WINDOWS.json");
}
const entries = Object.entries(
  JSON.parse(readFileSync(windowsFile, "utf8")) as Record<string, readonly Window[]>,
);
const table = new Table({
  head: [
    "recording",
    "days",
    "messages",
    "a day",
    "busiest",
    "windows",
    "anomalous",
    "sent",
    "missed",
  ],
  style: { head: [], border: [] },
});
for (const name of readdirSync(folder)
  .filter((file) => file.endsWith(".csv"))
  .sort()) {
  const { messages, readings } = replayed(join(folder, name));
  const sent = messages.filter(({ status }) => status === "firing" || status === "escalated");
  const times = readings.map(({ timestamp }) => Date.parse(timestamp));
  const days = ((times.at(-1) ?? Number.NaN) - (times[0] ?? Number.NaN)) / MS_PER_DAY;
  const [, windows = []] = entries.find(([path]) => basename(path) === name) ?? [];
  const spans = windows.map(([from, to]) => [utc(from), utc(to)] as const);
  const anomalous = spans.filter(([from, to]) =>
    readings.some(({ is_anomaly }, i) => {
      const time = times[i] as number;
      return is_anomaly === "1" && time >= from && time <= to;
    }),
  );
  const missed = anomalous.filter(
    ([from, to]) =>
      !sent.some(({ timestamp }) => {
        const time = Date.parse(timestamp);
        return time >= from && time <= to;
      }),
  );
  table.push([
    name.replace(/\.csv$/, ""),
    days.toFixed(1),
    sent.length,
    (sent.length / days).toFixed(2),
    busiestDay(sent),
    windows.length,
    anomalous.length,
    anomalous.length - missed.length,
    missed.map(([from]) => new Date(from).toISOString()).join(", "),
  ]);
}
console.log("Messages (firing and escalated) with the default alerts, and the labelled windows:");
console.log(table.toString());
