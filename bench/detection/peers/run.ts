/**
 * What a user feels: the alerts of iotmon and of common detectors on recordings with labelled events, all under the same alert
 * budget. iotmon runs with default settings, as `iotmon replay`. The scores of the peers are files that `peers.py` writes.
 * `docs/detection.md` explains the results.
 *
 * Usage: `npm run bench:detection-peers -- --data FOLDER --scores SCORES`.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../../test/support/random.ts";
import { replay } from "../score-recording.ts";
import { columnOf, readTable } from "../table-file.ts";
import { type Labelled, nabRecordings, skabRecordings } from "./labelled.ts";
import { alertsOf } from "./policy.ts";
import { type Episode, meets, Tally } from "./tally.ts";

const USAGE = "Usage: npm run bench:detection-peers -- --data FOLDER --scores SCORES";
const WEEK = 604_800_000;
/** Runs of a detector whose scores are random. */
const RANDOM_RUNS = 20;
/** Readings without a score of such a detector, as of the peers. */
const UNSCORED = 200;
/** Peers whose scores have a largest value. */
const BOUNDED = ["half-space-trees", "isolation-forest"];

const { values } = parseArgs({ options: { data: { type: "string" }, scores: { type: "string" } } });
const { data, scores } = values;
if (data === undefined || scores === undefined) throw new Error(USAGE);
if (!existsSync(scores)) throw new Error(`${scores} is no folder. First run peers.py. ${USAGE}`);
const peers = readdirSync(scores).sort();

/** What a policy allows, and how the table counts it. */
interface Allowance {
  /** Alerts a week. */
  budget(recording: Labelled): number;
  readonly unit: string;
  rate(tally: Tally): number;
}

const aWeek: Allowance = {
  budget: () => 1,
  unit: "alerts a week",
  rate: ({ perWeek }) => perWeek,
};
const twoARecording: Allowance = {
  budget: ({ times }) => (2 * WEEK) / lengthOf(times),
  unit: "alerts a recording",
  rate: ({ perRecording }) => perRecording,
};
await show("NAB", nabRecordings(data), aWeek);
await show("SKAB", skabRecordings(data), twoARecording);

async function show(
  set: string,
  recordings: readonly Labelled[],
  { budget, unit, rate }: Allowance,
): Promise<void> {
  const row = (name: string, tally: Tally): string =>
    `| ${[name, rate(tally).toFixed(2), ...tally.figures].join(" | ")} |`;
  if (recordings.length === 0) return console.log(`${set}: not in ${data}`);
  const iotmon = new Tally();
  const missed: string[] = [];
  for (const one of recordings) {
    const alerts = await alertsOfIotmon(one.file);
    add(iotmon, one, alerts);
    const count = one.events.filter((event) => !alerts.some((alert) => meets(alert, event))).length;
    if (count > 0) missed.push(`${one.name} ${count} of ${one.events.length}`);
  }
  const chance = iotmon.chance.toFixed(2);
  console.log(
    `\n${set}: ${recordings.length} recordings, ${iotmon.events} events, chance ${chance}\n`,
  );
  console.log(`| detector | ${unit} | precision | events told | delay, min |`);
  console.log("|---|---|---|---|---|");
  console.log(row("iotmon", iotmon));
  for (const peer of peers) {
    const tally = new Tally();
    const isBounded = BOUNDED.includes(peer);
    for (const one of recordings) {
      const scored = readScores(join(scores ?? "", peer, one.name));
      add(tally, one, alertsOf(one.times, scored, { perWeek: budget(one), isBounded }));
    }
    console.log(row(peer, tally));
  }
  console.log(row("random scores", atRandom(recordings, budget)));
  console.log(`\niotmon did not tell: ${missed.join(", ")}`);
}

function atRandom(recordings: readonly Labelled[], budget: (recording: Labelled) => number): Tally {
  const tally = new Tally();
  const random = new Random(1);
  for (let run = 0; run < RANDOM_RUNS; run++) {
    for (const one of recordings) {
      const scored = one.times.map((_, row) => (row < UNSCORED ? null : random.uniform()));
      add(tally, one, alertsOf(one.times, scored, { perWeek: budget(one), isBounded: true }));
    }
  }
  return tally;
}

function add(tally: Tally, { times, events }: Labelled, episodes: readonly Episode[]): void {
  tally.add(episodes, events, [times[0] as number, times.at(-1) as number]);
}

function lengthOf(times: readonly number[]): number {
  return (times.at(-1) as number) - (times[0] as number);
}

function readScores(file: string): (number | null)[] {
  return columnOf(readTable(file), "score", file).map((text) =>
    text === "" ? null : Number(text),
  );
}

/** A message of iotmon about an episode. */
interface Message {
  readonly episode: string;
  readonly timestamp: string;
  readonly started_at: string;
  readonly resolved_at: string | null;
}

/** The alerts of iotmon with default settings. */
async function alertsOfIotmon(recording: string): Promise<Episode[]> {
  const lines = await replay(["replay", recording, "--format", "jsonl", "--workers", "1"]);
  const episodes = new Map<string, Episode>();
  for (const line of lines.split("\n").filter((text) => text !== "")) {
    const { episode, timestamp, started_at, resolved_at } = JSON.parse(line) as Message;
    const at = Date.parse(timestamp);
    const to = resolved_at === null ? at : Math.max(at, Date.parse(resolved_at));
    const known = episodes.get(episode) ?? { from: Date.parse(started_at), to, toldAt: at };
    episodes.set(episode, { ...known, to: Math.max(known.to, to) });
  }
  return [...episodes.values()];
}
