import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ChaosReceiver } from "../../../support/chaos-receiver.ts";
import { Random } from "../../../support/random.ts";
import { type CliRun, runProgram } from "../../../support/run-cli.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const RECORDING = resolve("fixtures/machine-temperature.csv");
const BINARY = resolve("bin/iotmon.js");
/** Runs that are killed; `npm run torture` asks for more. */
const KILLS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 8);
const RUN_MS = 30_000;

interface Message {
  readonly id: string;
  readonly episode: string;
  readonly detector: string;
  readonly timestamp: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The recording repeats an hour, as local time does when summer time ends. */
const CLOCK_MESSAGES = [{ timestamp: "2014-01-07T02:00:00.000Z", event: "clock_step" }];

/** A pipeline with one webhook, in a new folder. */
async function folderWithPipeline(port: number): Promise<string> {
  const folder = await tempFolder();
  const pipeline = `version: 1
name: plant
sinks:
  - { type: console }
  - type: webhook
    url: http://127.0.0.1:${port}/hook
    retry: { schedule: [0s, 20ms, 50ms] }
    circuit: { open_for: 100ms }
`;
  await writeFile(join(folder, "plant.yaml"), pipeline);
  return folder;
}

const replayArgs = (...more: readonly string[]): string[] => [
  ...["replay", RECORDING, "-p", "plant.yaml", "--format", "jsonl"],
  ...more,
];

function replayIn(cwd: string, ...more: readonly string[]): Promise<CliRun> {
  return runProgram(replayArgs(...more), { cwd });
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Sent bodies: those of alerts, which `--format jsonl` shows too, and messages about clocks. */
function byKind(bodies: readonly string[]) {
  const messages = bodies.map((body) => ({ body, message: JSON.parse(body) as Message }));
  const isClock = ({ message }: (typeof messages)[number]) => message.detector === "iotmon";
  const clocks = messages.filter(isClock).map(({ message: { timestamp, labels } }) => ({
    timestamp,
    event: labels["event"],
  }));
  const alerts = messages.filter((sent) => !isClock(sent)).map(({ body }) => body);
  return { alerts, clocks };
}

describe("replay --send", () => {
  it("sends what --format jsonl shows, character by character, and about clocks; nothing without it", async () => {
    const receiver = await ChaosReceiver.start({ status: 204 });
    const folder = await folderWithPipeline(receiver.port);
    const dry = await replayIn(folder);
    expect(receiver.received).toEqual([]);
    const { code, stdout, stderr } = await replayIn(folder, "--send");
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(dry.stdout);
    const bodies = receiver.received.map(({ body }) => body);
    const { alerts, clocks } = byKind(bodies);
    expect(alerts.toSorted()).toEqual(lines(stdout).toSorted());
    expect(clocks).toEqual(CLOCK_MESSAGES);
    expect(stderr).toContain(`sent to webhook: ${bodies.length} messages`);
  });

  it("sends nothing a second time", async () => {
    const receiver = await ChaosReceiver.start({ status: 200 });
    const folder = await folderWithPipeline(receiver.port);
    await replayIn(folder, "--send");
    const first = receiver.received.length;
    expect(first).toBeGreaterThan(10);
    expect((await replayIn(folder, "--send")).code).toBe(0);
    expect(receiver.received.length).toBe(first);
  });

  it("gives up waiting for a dead receiver, keeps the messages, and sends them the next time", async () => {
    const gone = await ChaosReceiver.start({ status: 200 });
    const { port } = gone;
    const folder = await folderWithPipeline(port);
    await gone.close();
    const failed = await replayIn(folder, "--send", "--send-wait", "300ms");
    expect(failed.code).toBe(69);
    expect(failed.stderr).toMatch(/\d+ messages not delivered yet, kept in \.iotmon\/plant/);
    const receiver = await ChaosReceiver.start({ status: 200 });
    await writeFile(
      join(folder, "plant.yaml"),
      `version: 1
name: plant
sinks: [{ type: webhook, url: "http://127.0.0.1:${receiver.port}/" }]
`,
    );
    const resumed = await replayIn(folder, "--send");
    expect(resumed.code, resumed.stderr).toBe(0);
    const { alerts, clocks } = byKind(receiver.received.map(({ body }) => body));
    expect(alerts.toSorted()).toEqual(lines(resumed.stdout).toSorted());
    expect(clocks).toEqual(CLOCK_MESSAGES);
  });

  it("reports a missing pipeline or sink", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "plant.yaml"), "version: 1\nsinks: [{ type: console }]\n");
    const none = await replayIn(folder, "--send");
    expect([none.code, none.stderr]).toEqual([64, expect.stringContaining("has no sink to send")]);
    const inferred = await runProgram(["replay", RECORDING, "--send"], { cwd: folder });
    expect([inferred.code, inferred.stderr]).toEqual([64, expect.stringContaining("Add -p")]);
  });

  it(`loses nothing over ${KILLS} kills, repeats only under the same id, keeps the order of episodes`, {
    timeout: RUN_MS * (KILLS + 2),
  }, async () => {
    const random = new Random(7);
    const taken: string[] = [];
    const receiver = await ChaosReceiver.start(() => {
      const roll = random.uniform();
      if (roll < 0.2) return "reset";
      if (roll < 0.3) return "reset-mid-body"; // taken, and the sender may not know
      return { status: roll < 0.5 ? 503 : 200 };
    });
    const folder = await folderWithPipeline(receiver.port);
    const expected = lines((await replayIn(folder)).stdout);
    for (let run = 0; run < KILLS; run++) {
      const child = spawn(process.execPath, [BINARY, ...replayArgs("--send")], {
        cwd: folder,
        stdio: "ignore",
      });
      await Promise.race([
        sleep(100 + 2500 * random.uniform()),
        new Promise((done) => child.once("exit", done)),
      ]);
      child.kill("SIGKILL");
    }
    const last = await replayIn(folder, "--send");
    expect(last.code, last.stderr).toBe(0);
    taken.push(...receiver.received.map(({ body }) => body));
    const { alerts, clocks } = byKind([...new Set(taken)]);
    expect(alerts.toSorted()).toEqual(expected.toSorted());
    expect(firstSeen(alerts)).toEqual(firstSeen(expected));
    expect(clocks).toEqual(CLOCK_MESSAGES);
  });
});

/** Ids of each episode's messages, in the order in which they were first seen. */
function firstSeen(bodies: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const episodes = new Map<string, string[]>();
  for (const body of bodies) {
    const { id, episode } = JSON.parse(body) as Message;
    episodes.set(episode, [...(episodes.get(episode) ?? []), id]);
  }
  return episodes;
}
