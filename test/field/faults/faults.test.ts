import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Random } from "../../support/random.ts";
import { runCli } from "../../support/run-cli.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { FAULTY, type FaultyRecording } from "./faulty-recordings.ts";

/** Recordings of each kind. */
const RECORDINGS = 5;
/** Minutes after the fault in which its alert may start. */
const LATE_MS = 5 * 60_000;

interface Episode {
  readonly sensor_id: string;
  readonly started_at: string;
  readonly notified: boolean;
}

/** The alerts of a replay without a pipeline: of the fault, and others. */
async function alertsOf({ csv, fault }: FaultyRecording): Promise<{ told: number; false: number }> {
  const path = join(await tempFolder(), "plant.csv");
  await writeFile(path, csv);
  const { stdout } = await runCli(["replay", path, "--format", "json", "-q"]);
  const { episodes } = JSON.parse(stdout) as { episodes: readonly Episode[] };
  const notified = episodes.filter((episode) => episode.notified);
  const ofFault = notified.filter(({ sensor_id, started_at }) => {
    const start = Date.parse(started_at);
    const isThen = start >= fault.from && start <= fault.to + LATE_MS;
    return isThen && sensor_id.includes(fault.sensor);
  });
  return { told: Math.min(1, ofFault.length), false: notified.length - ofFault.length };
}

it("replay without a pipeline reports nine of ten generated faults, and few other things", async () => {
  const found: Record<string, { told: number; false: number; weeks: number }> = {};
  for (const [k, [kind, generate]] of Object.entries(FAULTY).entries()) {
    const sum = { told: 0, false: 0, weeks: 0 };
    for (let seed = 0; seed < RECORDINGS; seed++) {
      const recording = generate(new Random(100 * k + seed));
      const alerts = await alertsOf(recording);
      sum.told += alerts.told;
      sum.false += alerts.false;
      sum.weeks += recording.sensorWeeks;
    }
    found[kind] = sum;
  }
  const all = Object.values(found);
  const told = all.reduce((sum, one) => sum + one.told, 0);
  const falseAlerts = all.reduce((sum, one) => sum + one.false, 0);
  const weeks = all.reduce((sum, one) => sum + one.weeks, 0);
  const shown = JSON.stringify(found, null, 1);
  expect(told, shown).toBeGreaterThanOrEqual(0.9 * RECORDINGS * all.length);
  // one a week and sensor; other parts of a fault are not counted apart
  expect(falseAlerts, shown).toBeLessThanOrEqual(weeks);
});
