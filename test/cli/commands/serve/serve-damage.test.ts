import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
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
