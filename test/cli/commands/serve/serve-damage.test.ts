import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ChaosReceiver } from "../../../support/chaos-receiver.ts";
import { copyState } from "../../../support/copy-state.ts";
import {
  alertsOf,
  DAMAGED_STARTS,
  type DamagedStart,
  damagePipeline,
  damageSinks,
  expectStartsAfterDamage,
  type Reading,
  readingsAfter,
  readingsBefore,
  untilSynced,
} from "../../../support/damaged-starts.ts";
import { startCli } from "../../../support/run-cli.ts";
import { serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const PIPELINE = `version: 1
name: kiln
buffer: { schema: { timestamp: datetime, x: float } }
detectors: [{ name: hot, algorithm: threshold, when: x > 40 }]
sinks: [{ type: file, path: alerts.jsonl }]
`;

it("serve reports lost messages of a pipeline with their number, in the log and to its sinks", async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "kiln.yaml"), PIPELINE);
  const alerts = async (): Promise<readonly string[]> => {
    const text = await readFile(join(cwd, "alerts.jsonl"), "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  };
  const first = await serveIn(cwd, "-p", "kiln.yaml");
  await fetch(`http://127.0.0.1:${first.port}/v1/ml/pipelines/kiln/readings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ timestamp: "2026-01-01T00:00:00Z", x: 50 }),
  });
  await expect.poll(alerts, { timeout: 10_000 }).toHaveLength(1);
  const metrics = async (port: number): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  // a stop before that ends the attempt, and the delivery is not recorded
  const delivered = /iotmon_sink_pending_messages\{.*pipeline="kiln".*\} 0/;
  await expect.poll(() => metrics(first.port), { timeout: 10_000 }).toMatch(delivered);
  first.child.kill("SIGTERM");
  await first.ended;
  const outbox = join(cwd, ".iotmon/serve/delivery/kiln/outbox");
  await truncate(join(outbox, (await readdir(outbox)).sort().at(-1) ?? ""), 0);
  const second = await serveIn(cwd, "-p", "kiln.yaml");
  await expect.poll(alerts, { timeout: 10_000 }).toHaveLength(2);
  const said = "outbox/0000000000000001.seg:0: 2 records are missing";
  expect(second.logText()).toContain(`kiln: ${said}`);
  expect(JSON.parse((await alerts())[1] ?? "")).toMatchObject({
    labels: { event: "state_damaged" },
    explanation: {
      summary: `state: the state directory is damaged, records lost: 2; ${said}`,
    },
  });
  expect(await metrics(second.port)).toMatch(
    /iotmon_alerts_total\{pipeline="kiln",detector="iotmon",.*"firing"\} 1/,
  );
});

it("serve rejects changes after its state directory was deleted, and exits with 74", async () => {
  const cwd = await tempFolder();
  const served = await serveIn(cwd);
  const base = `http://127.0.0.1:${served.port}`;
  await rm(join(cwd, ".iotmon"), { recursive: true });
  const ready = async (): Promise<string> => (await fetch(`${base}/readyz`)).text();
  await expect.poll(ready, { timeout: 10_000 }).toContain("was deleted or moved");
  served.child.kill("SIGTERM");
  expect(await served.ended).toBe(74);
});

const STATE = ".iotmon/serve";
const PATIENCE = { timeout: 60_000 };

async function send(url: string, body: unknown, method = "POST"): Promise<void> {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(url, { method, headers, body: JSON.stringify(body) });
  await reply.arrayBuffer();
}

/** Sends a reading to both pipelines, and to a buffer with a detector. */
async function feed(base: string, reading: Reading): Promise<void> {
  await send(`${base}/v1/ml/pipelines/kiln/readings`, reading);
  await send(`${base}/v1/ml/pipelines/remote/readings`, reading);
  await send(`${base}/v1/ml/polars/buffers/plant/append`, { rows: [reading] });
}

/** Defines everything but the pipeline of the file. The receiver of `remote` is never reached. */
async function define(base: string): Promise<void> {
  await fetch(`${base}/v1/ml/pipelines/remote`, {
    method: "PUT",
    headers: { "content-type": "application/yaml" },
    body: damagePipeline("sinks: [{ type: slack, url: https://hooks.invalid/secret }]"),
  });
  const schema = { timestamp: "datetime", sensor_id: "str", x: "float" };
  await send(`${base}/v1/ml/polars/buffers`, { name: "plant", schema, max_rows: 1000 });
  const detector = { name: "calm", buffer: "plant", features: ["x"], algorithm: "ecod" };
  await send(`${base}/v1/ml/anomaly/streaming`, { ...detector, warmup_period: 40 });
}

/** What a loss of readings or of models changes. */
async function repliesOf(base: string): Promise<readonly string[]> {
  const rows = ["kiln", "remote", "plant"].map((name) => `polars/buffers/${name}/rows?format=csv`);
  const paths = ["overview", "pipelines", "pipelines/kiln", "pipelines/remote", ...rows];
  return Promise.all(
    [...paths, "anomaly/streaming/calm"].map(async (path) =>
      (await fetch(`${base}/v1/ml/${path}`)).text(),
    ),
  );
}

/** Sum of the metrics that match. */
async function metric(base: string, name: RegExp): Promise<number> {
  const lines = (await (await fetch(`${base}/metrics`)).text()).split("\n");
  const values = lines.filter((line) => name.test(line)).map((line) => line.split(" ").at(-1));
  return values.reduce((sum, value) => sum + Number(value), 0);
}

/** Starts the server, sends it a reading, waits for the receiver of `kiln`, and stops it. */
async function startOnce(cwd: string, reading: Reading): Promise<DamagedStart> {
  const started = await startCli(["serve", "--port", "0", "-p", "kiln.yaml"], { cwd });
  const port = (): string | undefined =>
    /docs at http:\/\/localhost:(\d+)/.exec(started.stderr())?.[1];
  try {
    await Promise.race([started.run, expect.poll(port, PATIENCE).toBeDefined()]);
    const base = `http://127.0.0.1:${port()}`;
    await feed(base, reading);
    const replies = await repliesOf(base);
    await expect.poll(() => metric(base, /sink_pending.*kiln/), PATIENCE).toBe(0);
    const aboutState = await metric(base, /alerts_total.*remote.*iotmon/);
    const queued = (await metric(base, /sink_pending.*remote/)) - aboutState;
    started.stop();
    const { code, stderr: log } = await started.run;
    const alerts = await alertsOf(cwd, `${STATE}/delivery/kiln`);
    return { code, log, values: [replies, queued, alerts] };
  } finally {
    started.stop();
    await started.run;
  }
}

it(
  `serve starts after random damage to any file of its state directory, and reports each loss (${DAMAGED_STARTS} rounds)`,
  async () => {
    const receiver = await ChaosReceiver.start({ status: 400 });
    const cwd = await tempFolder();
    await writeFile(join(cwd, "kiln.yaml"), damagePipeline(damageSinks(receiver.port)));
    const server = await serveIn(cwd, "-p", "kiln.yaml");
    const base = `http://127.0.0.1:${server.port}`;
    await define(base);
    for (const reading of readingsBefore) await feed(base, reading);
    await expect.poll(() => receiver.received.length, PATIENCE).toBeGreaterThan(20);
    await untilSynced(join(cwd, STATE));
    await copyState(join(cwd, STATE), join(cwd, "killed"));
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    await copyState(join(cwd, STATE), join(cwd, "stopped"));
    const world = { cwd, state: STATE, kept: ["stopped", "killed"] };
    await expectStartsAfterDamage(world, (n) => startOnce(cwd, readingsAfter[n] as Reading));
  },
  60_000 + 20_000 * DAMAGED_STARTS,
);
