import { readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ChaosReceiver } from "../../../support/chaos-receiver.ts";
import { copyState } from "../../../support/copy-state.ts";
import {
  alertsOf,
  DAMAGED_STARTS,
  damagePipeline,
  damageSinks,
  expectStartsAfterDamage,
  type Reading,
  readingsAfter,
  readingsBefore,
  stateInfo,
  untilSynced,
} from "../../../support/damaged-starts.ts";
import { runCli, runProgram, startCli } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { WatchProcess } from "../../../support/watch-process.ts";

const PIPELINE = `version: 1
name: kiln
detectors: [{ name: hot, algorithm: threshold, when: x > 40 }]
alerts: { cooldown: 0s, resolve_after: 1 }
sinks:
  - { name: log, type: file, path: alerts.jsonl }
  - { name: down, type: webhook, url: "http://127.0.0.1:9/" }
`;
const HEADER = "timestamp,sensor_id,x\n";
const STATE = ".iotmon/kiln";

/** Rows that alternate between too hot and fine, each with its own message. */
function csv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const time = new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString();
    return `${time},k,${i % 2 === 0 ? 50 : 20}\n`;
  });
  return HEADER + lines.join("");
}

async function kiln(rows: number): Promise<string> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "kiln.yaml"), PIPELINE);
  await writeFile(join(cwd, "kiln.csv"), csv(rows));
  return cwd;
}

/** Messages about the state directory that the file sink got. */
async function stateMessages(cwd: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(cwd, "alerts.jsonl"), "utf8");
  const messages = text.split("\n").filter((line) => line !== "");
  return messages
    .map((line) => JSON.parse(line))
    .filter(({ labels }) => /^(state|disk)_/.test(labels.event));
}

describe("a damaged state directory of watch", () => {
  it("is reported with the number of lost records: on stderr, to the sinks, in state info", async () => {
    const cwd = await kiln(20);
    const watch = ["watch", "kiln.csv", "-p", "kiln.yaml", "--limit"];
    expect((await runProgram([...watch, "20"], { cwd })).code).toBe(0);
    const outbox = join(cwd, STATE, "outbox");
    await truncate(join(outbox, (await readdir(outbox)).sort().at(-1) ?? ""), 0);
    const info = async (): Promise<Record<string, unknown>> => {
      const args = ["state", "info", "--state", STATE, "--format", "json"];
      return JSON.parse((await runCli(args, { cwd })).stdout);
    };
    const before = await info();
    const lost = Number(before["records_lost"]);
    expect(lost).toBeGreaterThan(20);
    await writeFile(join(cwd, "kiln.csv"), csv(22));
    const { code, stderr } = await runProgram([...watch, "2"], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`outbox/0000000000000001.seg:0: ${lost} records are missing`);
    expect(await stateMessages(cwd)).toMatchObject([
      {
        labels: { event: "state_damaged" },
        status: "firing",
        explanation: { summary: expect.stringContaining(`records lost: ${lost}`) },
      },
    ]);
    expect(await info()).toMatchObject({ records_lost: lost, damages: [{ records: lost }] });
    const text = (await runCli(["state", "info", "--state", STATE], { cwd })).stdout;
    expect(text).toContain(`1 damage found, records lost: ${lost}`);
    await writeFile(join(cwd, "kiln.csv"), csv(24));
    expect((await runProgram([...watch, "2"], { cwd })).stderr).not.toContain("missing");
    expect(await stateMessages(cwd)).toHaveLength(1);
  });

  it.each(["deleted", "moved"])(
    "that is %s while watch runs is reported with what to do, and at the end with exit code 74",
    async (way) => {
      const cwd = await kiln(20);
      const watch = new WatchProcess(["kiln.csv", "-p", "kiln.yaml"], cwd);
      onTestFinished(() => void watch.child.kill("SIGKILL"));
      await watch.until(() => watch.stdout.includes("00:00:18"));
      if (way === "deleted") await rm(join(cwd, STATE), { recursive: true });
      else await rename(join(cwd, STATE), join(cwd, "away"));
      await watch.until(() => watch.stderr.includes("was deleted or moved"));
      await watch.until(() => watch.stdout.includes("nothing more can be saved"));
      expect(await watch.stop("SIGTERM")).toBe(74);
      expect(watch.stderr).toContain("put the directory back if you can");
      expect(watch.stderr).not.toContain("    at ");
      expect(watch.stderr).not.toContain("can be written again");
      expect((await stateMessages(cwd))[0]).toMatchObject({ labels: { event: "disk_error" } });
    },
  );
});

it(
  `watch starts after random damage to any file of its state directory, and reports each loss (${DAMAGED_STARTS} rounds)`,
  async () => {
    const receiver = await ChaosReceiver.start({ status: 400 });
    const cwd = await tempFolder();
    await writeFile(join(cwd, "kiln.yaml"), damagePipeline(damageSinks(receiver.port)));
    const file = join(cwd, "kiln.csv"); // a name from the folder would change with the process
    const lines = (rows: readonly Reading[]): readonly string[] =>
      rows.map(({ timestamp, sensor_id, x }) => `${timestamp},${sensor_id},${x}`);
    const unusable = ["2090-01-01T00:00:00Z,s1,20", ...Array<string>(60).fill("garbage")];
    const before = [HEADER.trim(), ...lines(readingsBefore), ...unusable];
    await writeFile(file, `${before.join("\n")}\n`);
    const running = new WatchProcess([file, "-p", "kiln.yaml"], cwd);
    onTestFinished(() => void running.child.kill("SIGKILL"));
    await running.until(() => running.stdout.includes("lines are rejected"));
    await running.until(() => receiver.received.length > 20);
    await untilSynced(join(cwd, STATE));
    await copyState(join(cwd, STATE), join(cwd, "killed"));
    expect(await running.stop("SIGTERM")).toBe(0);
    await copyState(join(cwd, STATE), join(cwd, "stopped"));
    await writeFile(file, `${[...before, ...lines(readingsAfter)].join("\n")}\n`);
    await expectStartsAfterDamage({ cwd, state: STATE, kept: ["stopped", "killed"] }, async () => {
      const { run, stop } = await startCli(["watch", file, "-p", "kiln.yaml", "--limit", "1"], {
        cwd,
      });
      const timer = setTimeout(stop, 60_000);
      const { code, stderr: log } = await run;
      clearTimeout(timer);
      const { pipelines } = await stateInfo(cwd, STATE);
      return { code, log, values: [pipelines, await alertsOf(cwd, STATE)] };
    });
  },
  60_000 + 20_000 * DAMAGED_STARTS,
);
