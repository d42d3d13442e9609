import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { pipelineOf } from "../../../../src/config/parse.ts";
import { DurableStore } from "../../../../src/durability/durable-store.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const PATIENCE = { timeout: 30_000 };

const pipeline = (...sinks: readonly object[]) => ({
  version: 1,
  buffer: { schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" } },
  detectors: [{ name: "hot", algorithm: "threshold", when: "temperature > 40" }],
  sinks,
});

async function send(
  { port }: Served,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const reply = await fetch(`http://127.0.0.1:${port}/v1/ml/pipelines/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

const attemptsOf = async ({ port }: Served, sink: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const series = `iotmon_sink_attempts_total{pipeline="boiler",sink="${sink}"} `;
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(series))
      ?.slice(series.length),
  );
};

const hotReading = {
  timestamp: "2026-01-01T00:00:00Z",
  sensor_id: `${"a".repeat(100)}!`,
  temperature: 45,
};

it("an expression that comes over HTTP takes linear time, or is refused with a reason", async () => {
  const server = await serveIn(await tempFolder());
  const refused = await send(
    server,
    "PUT",
    "boiler",
    pipeline({ type: "console", match: { team: ["x", "/(?!a)b/"] } }),
  );
  expect(refused.status).toBe(422);
  expect(refused.body["errors"]).toMatchObject([
    { field: "sinks.0.match.team.1", hint: expect.stringContaining("list") },
  ]);
  expect(refused.body["detail"]).toContain("must not use lookahead");
  const put = await send(
    server,
    "PUT",
    "boiler",
    pipeline(
      { type: "console", name: "never", match: { sensor_id: "/^(a+)+$/" } },
      { type: "console", name: "always", match: { sensor_id: "/(a+)+!/" } },
    ),
  );
  expect(put.status).toBe(201);
  expect((await send(server, "POST", "boiler/readings", hotReading)).status).toBe(200);
  await vi.waitFor(async () => expect(await attemptsOf(server, "always")).toBe(1), PATIENCE);
  expect(await attemptsOf(server, "never")).toBe(0);
});

it("a stored pipeline with an unsupported expression starts, and its sink gets the messages", async () => {
  const folder = await tempFolder();
  const document = pipeline(
    { type: "console", name: "old", match: { team: "/^(?!x)/", sensor_id: "/!$/" } },
    { type: "console", name: "other", match: { sensor_id: "/^b/" } },
  );
  const origin = { label: "boiler", variables: {} };
  const { config } = pipelineOf({ ...document, sinks: [] }, origin);
  const store = await DurableStore.open(join(folder, ".iotmon/serve"), {
    durability: "interval",
    report: () => {},
  });
  await store.execute({ kind: "put_pipeline", name: "boiler", config, document });
  await store.close();
  const server = await serveIn(folder);
  expect(server.logText()).toContain(
    "the sink old of the pipeline boiler gets messages with any value of team: its expression must not use lookahead",
  );
  expect((await send(server, "POST", "boiler/readings", hotReading)).status).toBe(200);
  await vi.waitFor(async () => expect(await attemptsOf(server, "old")).toBe(1), PATIENCE);
  expect(await attemptsOf(server, "other")).toBe(0);
});
