import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../../../support/run-cli.ts";
import { serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const ROWS = 1500;
const PIPELINE = `version: 1
name: machine
buffer: { schema: { timestamp: datetime, value: float } }
detectors: [{ name: anomaly, algorithm: ecod }]
alerts: { budget: 1/hour }
`;

/** The compared fields of a score. */
interface Line {
  readonly timestamp: string;
  readonly raw_score: number | null;
  readonly p: number | null;
  readonly anomaly_score: number;
  readonly is_anomaly: boolean;
  readonly severity: string | null;
}

const toLine = ({ timestamp, raw_score, p, anomaly_score, is_anomaly, severity }: Line): Line => ({
  timestamp,
  raw_score,
  p,
  anomaly_score,
  is_anomaly,
  severity,
});

function jsonLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

it("iotmon serve gives the same bits as replay in every way to send rows", async () => {
  const folder = await tempFolder();
  const recording = await readFile(resolve("fixtures/machine-temperature.csv"), "utf8");
  const [header = "", ...lines] = recording.split("\n").slice(0, ROWS + 1);
  await writeFile(join(folder, "machine.csv"), [header, ...lines, ""].join("\n"));
  await writeFile(join(folder, "machine.yaml"), PIPELINE);
  const replay = ["replay", "machine.csv", "-p", "machine.yaml", "--scores", "scores.jsonl", "-q"];
  expect((await runCli(replay, { cwd: folder })).code).toBe(0);
  const scores = jsonLines(await readFile(join(folder, "scores.jsonl"), "utf8")) as Line[];
  const expected = scores.map(toLine);
  expect(expected.filter(({ is_anomaly }) => is_anomaly).length).toBeGreaterThan(10);

  const { port } = await serveIn(folder);
  const rows = lines.map((line) => {
    const [timestamp, value] = line.split(",");
    return { timestamp, value: Number(value) };
  });
  const post = async (name: string, type: string, body: string): Promise<string> => {
    const url = `http://127.0.0.1:${port}/v1/ml/pipelines/${name}/readings`;
    const reply = await fetch(url, { method: "POST", headers: { "content-type": type }, body });
    expect(reply.status).toBe(200);
    return reply.text();
  };
  const scored = (results: readonly unknown[]): Line[] =>
    results.flatMap((result) => {
      const { timestamp, scores = [] } = result as { timestamp: string; scores?: Line[] };
      return scores.map((score) => toLine({ ...score, timestamp }));
    });
  const ways: Record<string, (name: string) => Promise<readonly unknown[]>> = {
    batches: async (name) => {
      const results: unknown[] = [];
      for (let i = 0; i < rows.length; i += 400) {
        const body = JSON.stringify({ rows: rows.slice(i, i + 400) });
        const reply = JSON.parse(await post(name, "application/json", body));
        results.push(...(reply as { results: unknown[] }).results);
      }
      return results;
    },
    stream: async (name) =>
      jsonLines(
        await post(name, "application/x-ndjson", rows.map((row) => JSON.stringify(row)).join("\n")),
      ),
    "one by one": async (name) => {
      const results: unknown[] = [];
      for (const row of rows) {
        const reply = JSON.parse(await post(name, "application/json", JSON.stringify(row)));
        results.push(...(reply as { results: unknown[] }).results);
      }
      return results;
    },
  };
  for (const [way, send] of Object.entries(ways)) {
    const name = way.replaceAll(" ", "-");
    const created = await fetch(`http://127.0.0.1:${port}/v1/ml/pipelines/${name}`, {
      method: "PUT",
      headers: { "content-type": "application/yaml" },
      body: PIPELINE.replace("name: machine", `name: ${name}`),
    });
    expect(created.status, await created.text()).toBe(201);
    expect(scored(await send(name)), way).toEqual(expected);
  }
});
