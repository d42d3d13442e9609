import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../support/random.ts";
import { runProgram } from "../../support/run-cli.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { WatchProcess } from "../../support/watch-process.ts";
import { canHere } from "../can-here.ts";
import { Broker } from "./broker.ts";

/** Times that it is killed; more when asked for. */
const KILLS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 10);
const MESSAGES = 5000;
const START = Date.UTC(2026, 0, 1);

const hasBroker = canHere("a kill while it reads a broker", "sh", ["-c", "command -v mosquitto"]);

function pipelineFor(url: string): string {
  return `version: 1
name: plant
source:
  type: mqtt
  url: ${url}
  topic: site/{site}/{sensor_id}
features:
  - { name: temp_mean_10, column: temperature, function: mean, window: 10 }
detectors:
  - { name: anomaly, algorithm: ecod, features: [temperature, temp_mean_10], warmup_period: 60 }
alerts: { cooldown: 2m, resolve_after: 20s }
# a checkpoint whenever the budget of bytes allows one
state: { max_recovery: 1ms }
`;
}

interface Reading {
  readonly time: string;
  readonly temperature: number;
}

/** Lines by row, in order of appearance; repeated lines must be equal. */
function distinct(lines: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const line of lines) {
    const row = line.slice(0, line.indexOf(","));
    expect(known.get(row) ?? line, "a repeated line is the same").toBe(line);
    known.set(row, line);
  }
  return [...known.values()];
}

describe.skipIf(!hasBroker)("iotmon watch, killed while it reads a broker", () => {
  it(`counts each of ${MESSAGES} messages once in spite of ${KILLS} kills`, {
    timeout: 600_000 + 20_000 * KILLS,
  }, async () => {
    const cwd = await tempFolder();
    const random = new Random(Number(process.env["IOTMON_TORTURE_SEED"] ?? 7));
    const broker = await Broker.create();
    await writeFile(join(cwd, "plant.yaml"), pipelineFor(broker.url));
    const readings = Array.from({ length: MESSAGES }, (_, i): Reading => {
      const temperature = (i % 401 === 400 ? 47 : 22) + random.normal() / 2;
      return { time: new Date(START + 1000 * i).toISOString(), temperature };
    });
    const args = ["-p", "plant.yaml", "--all", "--format", "jsonl"];
    const shown: string[] = [];
    let begun = new WatchProcess(args, cwd);
    await begun.until(() => begun.stderr.includes("reading mqtt"));

    const publisher = await broker.connect();
    const publish = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        const topic = `site/a/k-${i % 3}`;
        await publisher.publishAsync(topic, JSON.stringify(readings[i]), { qos: 1 });
      }
    };
    const share = Math.floor(MESSAGES / (KILLS + 1));
    for (let life = 0; life < KILLS; life++) {
      const publishing = publish(life * share, (life + 1) * share);
      // some kills during the start, most while messages arrive
      const watch = begun;
      if (life % 3 !== 2) await watch.until(() => watch.stdout !== "");
      await sleep(Math.floor(300 * random.uniform()));
      await watch.stop("SIGKILL");
      shown.push(...watch.lines);
      begun = new WatchProcess(args, cwd);
      await publishing;
    }
    await publish(KILLS * share, MESSAGES);
    await begun.until(() => begun.stdout.includes(`{"row":${MESSAGES},`));
    await sleep(500); // for a message too many
    expect(await begun.stop("SIGTERM"), begun.stderr).toBe(0);
    shown.push(...begun.lines);
    const rows = shown.filter((line) => line.startsWith('{"row":'));

    const lines = readings.map((reading, i) =>
      JSON.stringify({ site: "a", sensor_id: `k-${i % 3}`, ...reading }),
    );
    await writeFile(join(cwd, "plant.jsonl"), `${lines.join("\n")}\n`);
    const replay = ["replay", "plant.jsonl", "-p", "plant.yaml", "--scores", "scores.jsonl"];
    const undisturbed = await runProgram(replay, { cwd });
    expect(undisturbed.code, undisturbed.stderr).toBe(0);
    const scores = (await readFile(join(cwd, "scores.jsonl"), "utf8")).split("\n").slice(0, -1);
    expect(scores).toHaveLength(MESSAGES);
    expect(distinct(rows)).toEqual(scores);
    process.stderr.write(`${KILLS} kills, ${rows.length - MESSAGES} lines were repeated\n`);
  });
});
