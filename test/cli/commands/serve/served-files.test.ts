import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ChaosReceiver } from "../../../support/chaos-receiver.ts";
import { runCli } from "../../../support/run-cli.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const MAX_WAIT_MS = 600_000;

/** A pipeline that alarms above a limit, and posts to a port. */
const pipeline = (limit: number, port: number): string => `version: 1
name: boiler
buffer: { schema: { timestamp: datetime, temperature: float } }
features: [{ name: mean_3, column: temperature, function: mean, window: 3 }]
detectors: [{ name: hot, algorithm: threshold, when: temperature > ${limit}, severity: critical }]
sinks: [{ type: webhook, url: "http://127.0.0.1:${port}/" }]
`;

async function folderWithPipeline(limit: number, port: number): Promise<string> {
  const folder = await tempFolder();
  await writeFile(join(folder, "boiler.yaml"), pipeline(limit, port));
  return folder;
}

async function ask(
  { port }: Served,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const url = `http://127.0.0.1:${port}/v1/ml/pipelines/boiler${path}`;
  const headers = { "content-type": "application/json" };
  const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  const reply = await fetch(url, { method, ...sent });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

let second = 0;

/** Sends one reading. @returns The number of alerts it caused. */
async function read(server: Served, temperature: number): Promise<unknown> {
  second += 1;
  const timestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const { status, body } = await ask(server, "POST", "/readings", { timestamp, temperature });
  expect(status).toBe(200);
  return body["alerts"];
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > MAX_WAIT_MS) throw new Error("waited in vain");
    await sleep(20);
  }
}

describe("iotmon serve -p", () => {
  it("runs the pipeline of a file and sends its alerts to its sinks", async () => {
    const receiver = await ChaosReceiver.start({ status: 200 });
    const server = await serveIn(await folderWithPipeline(40, receiver.port), "-p", "boiler.yaml");
    expect(await read(server, 20)).toBe(0);
    expect(await read(server, 45)).toBe(1);
    await until(() => receiver.received.length === 1);
    const [message] = receiver.received.map(({ body }) => JSON.parse(body) as object);
    expect(message).toMatchObject({ status: "firing", severity: "critical", pipeline: "boiler" });
    expect((await ask(server, "DELETE", "")).status).toBe(409);
  });

  it("does not start with a fault in the file, and reports its line and column", async () => {
    const folder = await folderWithPipeline(40, 9);
    await writeFile(join(folder, "boiler.yaml"), pipeline(40, 9).replace("window: 3", "windw: 3"));
    const { code, stderr } = await runCli(["serve", "--port", "0", "-p", "boiler.yaml"], {
      cwd: folder,
    });
    expect(code).toBe(78);
    expect(stderr).toMatch(/boiler\.yaml:4:\d+/);
    expect(stderr).toContain("window");
  });

  it("reads files again at SIGHUP, keeps unchanged parts, and keeps the old pipeline if a file is invalid", async () => {
    const receiver = await ChaosReceiver.start({ status: 200 });
    const folder = await folderWithPipeline(40, receiver.port);
    const server = await serveIn(folder, "-p", "boiler.yaml");
    const again = async (text: string, expectedLog: RegExp): Promise<void> => {
      await writeFile(join(folder, "boiler.yaml"), text);
      server.child.kill("SIGHUP");
      await until(() => expectedLog.test(server.logText()));
    };
    expect(server.logText()).toContain("sensors: ");
    expect(await read(server, 45)).toBe(1);
    await again(
      pipeline(40, receiver.port).replace("temperature >", "temprature >"),
      /left unchanged/,
    );
    expect(await read(server, 20)).toBe(0);
    await again(pipeline(60, receiver.port), /read again/);
    expect(await read(server, 55)).toBe(0);
    expect((await ask(server, "GET", "")).body["rows_appended"]).toBe(3);
  });

  it("recovers rows and the open episode after kill -9", async () => {
    const receiver = await ChaosReceiver.start({ status: 200 });
    const folder = await folderWithPipeline(40, receiver.port);
    const first = await serveIn(folder, "-p", "boiler.yaml");
    expect(await read(first, 45)).toBe(1);
    await until(() => receiver.received.length === 1);
    first.child.kill("SIGKILL");
    await first.ended;
    const server = await serveIn(folder, "-p", "boiler.yaml");
    const { body } = await ask(server, "GET", "");
    expect(body).toMatchObject({ rows_appended: 1, open_episodes: 1 });
    expect(await read(server, 46)).toBe(0);
    const ids = new Set(
      receiver.received.map(({ body: text }) => (JSON.parse(text) as { id: string }).id),
    );
    expect(ids.size).toBe(1);
  });

  it("continues without sinks, and reports the fix, when a restart omits the file", async () => {
    const folder = await tempFolder();
    // everything in it could have come over HTTP
    const text = pipeline(40, 9).replace(/^sinks.*$/m, "sinks: [{ type: console }]");
    await writeFile(join(folder, "boiler.yaml"), text);
    const first = await serveIn(folder, "-p", "boiler.yaml");
    first.child.kill("SIGKILL");
    await first.ended;
    const server = await serveIn(folder);
    expect(await read(server, 45)).toBe(1);
    expect(server.logText()).toContain("the pipeline boiler of boiler.yaml runs without its sinks");
    expect(server.logText()).toContain("DELETE /v1/ml/pipelines/boiler");
    expect((await ask(server, "DELETE", "")).status).toBe(200);
  });
});
