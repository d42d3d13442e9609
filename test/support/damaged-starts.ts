import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { readRange } from "../../src/state/segment/log-range.ts";
import { readSegmentFolder } from "../../src/state/segment/segment-reader.ts";
import { copyState } from "./copy-state.ts";
import { damageFile, filesOf } from "./file-damage.ts";
import { Random } from "./random.ts";
import { runCli } from "./run-cli.ts";

/** Damaged starts of a command; more when asked for. */
export const DAMAGED_STARTS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 8);

/** Readings before the damage; each start gets one more. */
const BEFORE = 200;

const SYNC_PATIENCE = { timeout: 60_000 };

/** A folder with what a start needs. */
export interface DamageWorld {
  readonly cwd: string;
  /** State directory of the next start. */
  readonly state: string;
  /** State directories as a stop and a kill have left them. */
  readonly kept: readonly string[];
}

/** Of a start. */
export interface DamagedStart {
  readonly code: number | null;
  /** Its stderr. */
  readonly log: string;
  /** What a loss changes: readings, models, messages. */
  readonly values: unknown;
}

export interface Reading {
  readonly timestamp: string;
  readonly sensor_id: string;
  readonly x: number;
}

/** Readings of two sensors, hot ones at times: those before the damage, and one for each start after it. */
const readings: readonly Reading[] = Array.from({ length: BEFORE + 2 }, (_, i) => {
  const timestamp = new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString();
  return { timestamp, sensor_id: `s${i % 2}`, x: i % 20 < 2 ? 50 : 20 + Math.sin(i) };
});

export const readingsBefore = readings.slice(0, BEFORE);
export const readingsAfter = readings.slice(BEFORE);

/** A pipeline of these readings. @param sinks Its last lines. */
export const damagePipeline = (sinks: string): string => `version: 1
buffer: { schema: { timestamp: datetime, sensor_id: str, x: float }, key: sensor_id }
detectors:
  - { name: hot, algorithm: threshold, when: x > 40 }
  - { name: odd, algorithm: ecod, features: [x], warmup_period: 40, min_reference: 10 }
alerts: { cooldown: 0s, resolve_after: 1 }
${sinks}`;

/** Last lines of such a pipeline: a file takes all messages, a receiver at this port refuses all. */
export const damageSinks = (port: number): string => `name: kiln
sinks:
  - { name: log, type: file, path: alerts.jsonl }
  - { name: refused, type: webhook, url: "http://127.0.0.1:${port}/" }
`;

/** Resolves when the range of a journal covers its present records. No start can know of later ones. */
export async function untilSynced(state: string): Promise<void> {
  const journal = join(state, "journal");
  let last = 0;
  for await (const { seq } of readSegmentFolder(journal, () => {})) last = seq;
  const next = async (): Promise<number> => (await readRange(journal, () => {}))?.next ?? 0;
  await expect.poll(next, SYNC_PATIENCE).toBeGreaterThan(last);
}

interface StateInfo {
  readonly records_lost: number;
  readonly damages: readonly { readonly at: string; readonly message: string }[];
  readonly pipelines: readonly unknown[];
}

/** As `iotmon state info`. */
export async function stateInfo(cwd: string, state: string): Promise<StateInfo> {
  return (await json(["state", "info", "--state", state], cwd)) as StateInfo;
}

/** Alerts that the file sink got, and alerts that are dead letters; none about the running of the pipeline. */
export async function alertsOf(cwd: string, state: string): Promise<readonly string[]> {
  const text = await readFile(join(cwd, "alerts.jsonl"), "utf8").catch(() => "");
  const taken = text.split("\n").filter((line) => line !== "");
  const letters = (await json(["dead-letters", "list", "--state", state], cwd)) as {
    readonly sink: string;
    readonly reason: string;
    readonly message: { readonly id: string; readonly detector: string };
  }[];
  return [
    ...taken.filter((line) => JSON.parse(line).detector !== "iotmon"),
    ...letters
      .filter(({ message: { detector } }) => detector !== "iotmon")
      .map(({ sink, reason, message: { id } }) => `${id} ${sink} ${reason}`),
  ].sort();
}

async function json(args: readonly string[], cwd: string): Promise<unknown> {
  const { stdout, stderr } = await runCli([...args, "--format", "json"], { cwd });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/**
 * Damages a random file of a state directory again and again, and starts a command twice each time: it starts, reports
 * each loss with a number, in the log too, and does not report it again.
 *
 * @param start Runs the command with the n-th reading after the damage, from 0, and stops it.
 */
export async function expectStartsAfterDamage(
  world: DamageWorld,
  start: (n: number) => Promise<DamagedStart>,
): Promise<void> {
  const { cwd, kept } = world;
  const intact = new Map<string, string>();
  for (const one of kept) {
    await putBack(world, one);
    const { values, code, log } = await start(0);
    expect(code, log).toBe(0);
    intact.set(one, JSON.stringify(values));
  }
  const faults: string[] = [];
  for (let round = 0; round < DAMAGED_STARTS; round++) {
    const one = kept[round % kept.length] as string;
    const files = await filesOf(join(cwd, one));
    const file = files[Math.floor(round / kept.length) % files.length] as string;
    await putBack(world, one);
    const path = join(cwd, world.state, file);
    const what = await damageFile(path, new Random(5000 + round));
    const fault = await faultOf(world, start, intact.get(one) ?? "").catch(String);
    if (fault !== null) faults.push(`round ${round}, ${one}, ${file}, ${what}: ${fault}`);
  }
  expect(faults).toEqual([]);
}

async function putBack({ cwd, state }: DamageWorld, kept: string): Promise<void> {
  await rm(join(cwd, state), { recursive: true, force: true });
  await rm(join(cwd, "alerts.jsonl"), { force: true });
  await copyState(join(cwd, kept), join(cwd, state));
}

/** @returns What is wrong with the starts; null: nothing. */
async function faultOf(
  { cwd, state }: DamageWorld,
  start: (n: number) => Promise<DamagedStart>,
  intact: string,
): Promise<string | null> {
  const { code, log, values } = await start(0);
  if (code !== 0 || log.includes("    at ")) return `exit ${code}: ${log}`;
  const { lost, damages } = await reported(cwd, state, log);
  const found = JSON.stringify(values);
  if (lost === 0 && found !== intact) return `a silent loss: ${log}\n${difference(found, intact)}`;
  const unsaid = damages.filter((message) => !log.includes(message));
  if (unsaid.length > 0) return `not in the log: ${unsaid.join(", ")}: ${log}`;
  const again = await start(1);
  if (again.code !== 0) return `at the second start, exit ${again.code}: ${again.log}`;
  const later = (await reported(cwd, state, "")).damages.slice(damages.length);
  return later.length === 0 ? null : `reported at the second start: ${later.join(", ")}`;
}

/** Damages that starts have found in a state directory and those in it, and how much is lost. */
async function reported(
  cwd: string,
  state: string,
  log: string,
): Promise<{ readonly lost: number; readonly damages: readonly string[] }> {
  const inner = await readdir(join(cwd, state, "delivery")).catch(() => []);
  const states = [state, ...inner.map((name) => join(state, "delivery", name))];
  const infos: StateInfo[] = [];
  for (const path of states.filter((one) => existsSync(join(cwd, one, "format")))) {
    infos.push(await stateInfo(cwd, path));
  }
  const records = infos.reduce((sum, { records_lost }) => sum + records_lost, 0);
  const secrets = log.split("has lost its secrets").length - 1;
  const damages = infos.flatMap((info) => info.damages.map(({ message }) => message));
  return { lost: records + secrets, damages };
}

function difference(found: string, intact: string): string {
  const at = [...found].findIndex((char, i) => char !== intact[i]);
  return `${found.slice(at - 200, at + 200)}\ninstead of\n${intact.slice(at - 200, at + 200)}`;
}
