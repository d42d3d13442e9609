import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { DurableStore } from "../../../../src/durability/durable-store.ts";
import { copyOf } from "../../../durability/support.ts";
import { SENSOR_BUFFER } from "../../../support/live-definitions.ts";
import { startIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const CALLS = 40;
const ROWS = 5000;

interface Body {
  readonly reasons: readonly string[];
}

const BUFFER = `/v1/ml/polars/buffers/${SENSOR_BUFFER.name}`;

/** A state directory whose journal takes some time to execute. */
async function stateWithJournal(): Promise<string> {
  const path = join(await tempFolder(), "state");
  const store = await DurableStore.open(path, {
    durability: "interval", // each call is written before its answer
    report: (_, message) => expect.fail(message),
    checkpoints: { maxRecoveryMs: 1e9, maxBytes: 1e12 },
  });
  await store.execute({ kind: "create_buffer", definition: SENSOR_BUFFER, replace: false });
  const arrivalMs = Date.UTC(2026, 0, 1);
  for (let call = 0; call < CALLS; call++) {
    const rows = Array.from({ length: ROWS }, (_, i) => ({
      timestamp: arrivalMs + 1000 * call,
      sensor_id: `s${i}`,
      temperature: 20 + call,
    }));
    await store.execute({
      kind: "append",
      name: SENSOR_BUFFER.name,
      rows,
      arrivalMs: arrivalMs + 1000 * call,
      strict: true,
    });
  }
  const killed = await copyOf(path);
  await store.close();
  return killed;
}

it("iotmon serve answers during its recovery that it is not ready, and how far it is", async () => {
  const started = startIn(await tempFolder(), "--state", await stateWithJournal());
  const [, port] = await started.logged(/"urls":\["http:\/\/127\.0\.0\.1:(\d+)[^}]*"recovering"/);
  const ask = async (path: string, init: RequestInit = {}) => {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Body };
  };
  expect(await ask("/healthz")).toMatchObject({ status: 200, body: { status: "ok" } });
  const early = await ask(`${BUFFER}/append`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ rows: [{ temperature: 1 }] }),
  });
  expect(early.status).toBe(503);
  expect(early.headers.get("content-type")).toContain("application/problem+json");
  expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(early.body).toMatchObject({
    type: "urn:iotmon:problem:unavailable",
    detail: expect.stringMatching(/^Nothing was changed: the state is being restored/),
  });
  const reasons = new Set<string>();
  for (;;) {
    const { status, body } = await ask("/readyz");
    if (status === 200) break;
    expect(status).toBe(503);
    reasons.add(body.reasons.join());
    await sleep(20);
  }
  const counts = [...reasons].flatMap((reason) => {
    const [, records] = /(\d+) of 41 records of the journal/.exec(reason) ?? [];
    return records === undefined ? [] : Number(records);
  });
  expect(counts.length).toBeGreaterThan(2);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(await ask(BUFFER)).toMatchObject({ body: { rows_appended: CALLS * ROWS } });
  await started.logged(/"msg":"recovered"/);
});
