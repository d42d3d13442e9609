import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { listDeadLetters } from "../../../../src/io/outbox/dead-letters.ts";
import { ChaosReceiver } from "../../../support/chaos-receiver.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const PATIENCE = { timeout: 30_000 };

/** A pipeline that alarms above 40 and posts to these ports, to each by a sink named after its place. */
const pipeline = (...ports: readonly number[]): string =>
  `version: 1
name: boiler
buffer: { schema: { timestamp: datetime, temperature: float } }
detectors:
  - { name: hot, algorithm: threshold, when: temperature > 40, severity: critical }
  - { name: odd, algorithm: ecod, features: [temperature], warmup_period: 20, min_reference: 10 }
alerts: { resolve_after: 1, cooldown: 0s }
sinks:
${ports.map((port, i) => `  - { name: hook-${i}, type: webhook, url: "http://127.0.0.1:${port}/" }`).join("\n")}
`.replace(/sinks:\n\n/, "");

let second = 0;

/** Sends readings. */
async function read(server: Served, ...temperatures: readonly number[]): Promise<void> {
  for (const temperature of temperatures) {
    second += 1;
    const timestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const reply = await fetch(`http://127.0.0.1:${server.port}/v1/ml/pipelines/boiler/readings`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ timestamp, temperature }),
    });
    expect(reply.status).toBe(200);
  }
}

/** Log lines about sinks. */
const sinkLog = (server: Served): { sink: string; state: string; msg: string; level: string }[] =>
  server
    .logText()
    .split("\n")
    .filter((line) => line.includes('"sink"'))
    .map((line) => JSON.parse(line));

const states = (server: Served): string[] =>
  sinkLog(server).map(({ sink, state }) => `${sink} ${state}`);

const textOf = async ({ port }: Served, path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text();

it("iotmon serve logs each change of a sink, counts its attempts, and tells the other sink", async () => {
  let status = 503;
  const failing = await ChaosReceiver.start(() => ({ status }));
  const working = await ChaosReceiver.start({ status: 200 });
  const folder = await tempFolder();
  const text = pipeline(failing.port, working.port).replace(
    "name: hook-0,",
    "name: hook-0, circuit: { failures: 2, open_for: 1s }, retry: { schedule: [0s] },",
  );
  await writeFile(join(folder, "boiler.yaml"), text);
  const server = await serveIn(folder, "-p", "boiler.yaml");
  await read(server, 20, 45, 20, 45, 20, 45, 20);
  const summaries = (): string[] =>
    working.received.map(({ body }) => JSON.parse(body).explanation.summary);
  const fired = "hook-0: all attempts fail: answered 503 Service Unavailable";
  await vi.waitFor(() => expect(summaries()).toContain(fired), PATIENCE);
  expect(states(server)).toEqual(["hook-0 failing", "hook-0 circuit_open"]);
  const metrics = await textOf(server, "/metrics");
  expect(metrics).toContain('iotmon_sink_pending_messages{pipeline="boiler",sink="hook-0"} 6');
  expect(metrics).toMatch(
    /iotmon_sink_failed_attempts_total\{pipeline="boiler",sink="hook-0"\} [2-9]/,
  );
  expect(metrics).toMatch(
    /iotmon_sink_oldest_pending_seconds\{pipeline="boiler",sink="hook-0"\} 0*[0-9.]*[1-9]/,
  );
  const alerts = (labels: string): string => `iotmon_alerts_total{pipeline="boiler",${labels}}`;
  expect(metrics).toContain(`${alerts('detector="hot",severity="critical",status="firing"')} 3`);
  expect(metrics).toContain(`${alerts('detector="hot",severity="critical",status="resolved"')} 3`);
  expect(metrics).toContain(`${alerts('detector="iotmon",severity="warning",status="firing"')} 1`);
  expect(metrics).toMatch(/iotmon_scored_readings\{pipeline="boiler",detector="odd"\} \d/);
  expect(metrics).toMatch(/iotmon_score_seconds_count\{pipeline="boiler",detector="odd"\} 7/);
  status = 200;
  await vi.waitFor(() => expect(summaries()).toContain("hook-0: works again"), PATIENCE);
  expect(states(server).slice(2)).toEqual(["hook-0 recovered"]);
  expect(sinkLog(server).map(({ level }) => level)).toEqual(["warn", "warn", "info"]);
});

it("iotmon serve names a disabled sink in /readyz, and stays ready", async () => {
  const gone = await ChaosReceiver.start({ status: 410 });
  const folder = await tempFolder();
  await writeFile(join(folder, "boiler.yaml"), pipeline(gone.port));
  const server = await serveIn(folder, "-p", "boiler.yaml");
  await read(server, 45);
  await vi.waitFor(() => expect(states(server)).toEqual(["hook-0 disabled"]), PATIENCE);
  const reply = await fetch(`http://127.0.0.1:${server.port}/readyz`);
  expect(reply.status).toBe(200);
  expect(await reply.json()).toEqual({
    status: "ready",
    reasons: ["the sink hook-0 of the pipeline boiler is disabled: answered 410 Gone"],
  });
  expect(await textOf(server, "/metrics")).toContain(
    'iotmon_sink_disabled{pipeline="boiler",sink="hook-0"} 1',
  );
});

it("iotmon serve moves the queue of the last sink to the dead letters when the file drops it", async () => {
  const failing = await ChaosReceiver.start({ status: 503 });
  const folder = await tempFolder();
  await writeFile(join(folder, "boiler.yaml"), pipeline(failing.port));
  const server = await serveIn(folder, "-p", "boiler.yaml");
  await read(server, 45);
  await vi.waitFor(() => expect(states(server)).toEqual(["hook-0 failing"]), PATIENCE);
  await writeFile(join(folder, "boiler.yaml"), pipeline());
  server.child.kill("SIGHUP");
  await vi.waitFor(
    () => expect(states(server)).toEqual(["hook-0 failing", "hook-0 dead_letters"]),
    PATIENCE,
  );
  await vi.waitFor(async () => {
    const path = join(folder, ".iotmon/serve/delivery/boiler");
    const { letters } = await listDeadLetters(path, () => {});
    expect(letters.map(({ reason }) => reason)).toEqual([
      "the pipeline has no sink of this name any more",
    ]);
  }, PATIENCE);
});

describe("the queue of a deleted pipeline", () => {
  const path = "/v1/ml/pipelines/boiler";
  const reasons = async (folder: string): Promise<readonly string[]> => {
    const state = join(folder, ".iotmon/serve/delivery/boiler");
    const { letters } = await listDeadLetters(state, () => {});
    return letters.map(({ reason }) => reason);
  };
  const gone = "the pipeline has no sink of this name any more";

  async function withQueue(): Promise<{ readonly folder: string; readonly server: Served }> {
    const folder = await tempFolder();
    const server = await serveIn(folder);
    const text = pipeline(1).replace("http://127.0.0.1:1/", "https://hooks.invalid/");
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: "PUT",
      headers: { "content-type": "application/yaml" },
      body: text,
    });
    expect(reply.status, await reply.text()).toBe(201);
    await read(server, 45, 20);
    await vi.waitFor(() => expect(states(server)).toEqual(["hook-0 failing"]), PATIENCE);
    expect(await reasons(folder)).toEqual([]);
    return { folder, server };
  }

  it("moves to the dead letters at once", async () => {
    const { folder, server } = await withQueue();
    await fetch(`http://127.0.0.1:${server.port}${path}`, { method: "DELETE" });
    expect(await reasons(folder)).toEqual([gone, gone]);
    expect(states(server)).toEqual(["hook-0 failing", "hook-0 dead_letters"]);
    expect(await textOf(server, "/metrics")).not.toContain('pipeline="boiler"');
  });

  it("moves to the dead letters at the next start if a crash came between", async () => {
    const { folder, server } = await withQueue();
    const state = join(folder, ".iotmon/serve");
    server.child.kill("SIGTERM");
    await server.ended;
    await rename(join(state, "delivery"), join(folder, "queue"));
    const second = await serveIn(folder);
    await fetch(`http://127.0.0.1:${second.port}${path}`, { method: "DELETE" });
    second.child.kill("SIGKILL");
    await second.ended;
    await rm(join(state, "delivery"), { recursive: true, force: true });
    await rename(join(folder, "queue"), join(state, "delivery"));
    expect(await reasons(folder)).toEqual([]);
    const third = await serveIn(folder);
    expect(await reasons(folder)).toEqual([gone, gone]);
    expect(states(third)).toEqual(["hook-0 dead_letters"]);
  });
});

it("iotmon serve calls the heartbeat of a pipeline until a sink is disabled", async () => {
  const gone = await ChaosReceiver.start({ status: 410 });
  const pulse = await ChaosReceiver.start({ status: 200 });
  const folder = await tempFolder();
  const heartbeat = `heartbeat: { url: "${pulse.origin}/ping/secret", every: 1s }\n`;
  await writeFile(join(folder, "boiler.yaml"), pipeline(gone.port) + heartbeat);
  const server = await serveIn(folder, "-p", "boiler.yaml");
  await vi.waitFor(() => expect(pulse.received.length).toBeGreaterThan(1), PATIENCE);
  await read(server, 45);
  const paused = "the heartbeat pauses: the sink hook-0 is disabled: answered 410 Gone";
  await vi.waitFor(() => expect(server.logText()).toContain(paused), PATIENCE);
  const shown = await textOf(server, "/v1/ml/pipelines/boiler");
  expect(shown).toContain(`${pulse.origin}/…`);
  expect(shown).not.toContain("secret");
});
