import { expect, it } from "vitest";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

/** Processor time for a body below, s. Each takes at most some tenths, but minutes in quadratic time. */
const MAX_COST = 10;

const BUFFERS = "/v1/ml/polars/buffers";
const DETECTORS = "/v1/ml/anomaly/streaming";
const PIPELINES = "/v1/ml/pipelines";
const YAML = "application/yaml";
const NDJSON = "application/x-ndjson";

const schema = { timestamp: "datetime", sensor_id: "str", temperature: "float" };
const pipeline = {
  version: 1,
  buffer: { schema },
  detectors: [{ name: "hot", algorithm: "threshold", when: "temperature > 40" }],
};

interface Reply {
  readonly status: number;
  readonly text: string;
}

async function send(
  { port }: Served,
  method: string,
  path: string,
  body: unknown,
  type = "application/json",
): Promise<Reply> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { "content-type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: reply.status, text: await reply.text() };
}

/** Processor time of the server so far, s. */
async function processorTime({ port }: Served): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (.+)$/m.exec(metrics)?.[1]);
}

/** Text of an object with `n` names. */
const wide = (n: number, prefix: string, value = "1"): string =>
  `{${list(n, (i) => `"${prefix}${i}":${value}`)}}`;

const list = (n: number, item: (i: number) => string, separator = ","): string =>
  Array.from({ length: n }, (_, i) => item(i)).join(separator);

const rowsOf = (text: string): string => `{"rows":[${text}]}`;

/** What to send, and the status of the reply. */
type Attack = readonly [
  what: string,
  status: number,
  method: "POST" | "PUT",
  path: string,
  body: () => unknown,
  type?: string,
];

const grid = {
  columns: Array(500).fill("temperature"),
  functions: Array(500).fill("mean"),
  windows: Array.from({ length: 500 }, (_, i) => i + 1),
};
const wrongRule = { algorithm: "threshold", when: "temprature > 40" };
const aliased = `a: &a [${list(900, () => "x")}]\nb: &b [${list(900, () => "*a")}]\n`;

const attacks: readonly Attack[] = [
  ["unknown columns in a row", 422, "POST", "append", () => rowsOf(wide(400_000, "k"))],
  [
    "unknown columns in many rows",
    422,
    "POST",
    "append",
    () => rowsOf(list(40_000, (i) => wide(10, `r${i}_`))),
  ],
  ["unknown columns in readings", 422, "POST", "readings", () => wide(400_000, "k")],
  [
    "unknown columns in a stream",
    200,
    "POST",
    "readings",
    () => list(4000, (i) => wide(100, `r${i}_`), "\n"),
    NDJSON,
  ],
  ["a line with unknown columns", 200, "POST", "readings", () => wide(80_000, "k"), NDJSON],
  ["lines that are not JSON", 200, "POST", "readings", () => "x\n".repeat(100_000), NDJSON],
  ["unknown features", 422, "POST", "score", () => `{"features":${wide(400_000, "k")}}`],
  [
    "unknown features beside a known one in many observations",
    200,
    "POST",
    "score",
    () => {
      const features = wide(2000, "k").replace("{", '{"temperature":1,');
      return rowsOf(list(500, () => `{"features":${features}}`));
    },
  ],
  ["unknown keys of a buffer", 422, "POST", BUFFERS, () => wide(9000, "k".repeat(80))],
  ["unknown keys of a detector", 422, "POST", DETECTORS, () => wide(9000, "k".repeat(80))],
  [
    "columns of unknown types",
    422,
    "POST",
    BUFFERS,
    () => `{"name":"x","schema":${wide(9000, "k", '"floot"')}}`,
  ],
  [
    "features of unknown columns",
    422,
    "POST",
    "features",
    () => ({
      features: Array(9000).fill({ name: "f", column: "temprature", function: "mean", window: 5 }),
    }),
  ],
  ["a product of features", 422, "POST", "features", () => ({ features: [grid] })],
  [
    "unknown features of a detector",
    422,
    "POST",
    DETECTORS,
    () => `{"name":"x","algorithm":"ecod","features":[${list(90_000, (i) => `"f${i}"`)}]}`,
  ],
  ["unknown keys in YAML", 422, "PUT", "x", () => list(20_000, (i) => `k${i}: 1`, "\n"), YAML],
  [
    "unknown keys of a section in YAML",
    422,
    "PUT",
    "x",
    () => `version: 1\nbuffer: {${list(20_000, (i) => `k${i}: 1`)}}`,
    YAML,
  ],
  ["a YAML key many times", 400, "PUT", "x", () => "k: 1\n".repeat(50_000), YAML],
  ["YAML anchors", 422, "PUT", "x", () => list(20_000, (i) => `- &a${i} x`, "\n"), YAML],
  ["YAML aliases", 400, "PUT", "x", () => `- &a x\n${"- *a\n".repeat(50_000)}`, YAML],
  [
    "YAML aliases without anchors",
    400,
    "PUT",
    "x",
    () => list(20_000, (i) => `- *a${i}`, "\n"),
    YAML,
  ],
  ["YAML aliases of aliases", 400, "PUT", "x", () => `${aliased}c: [*b, *b]`, YAML],
  ["YAML maps in maps", 400, "PUT", "x", () => "{".repeat(250_000), YAML],
  ["YAML that is nested deeply", 400, "PUT", "x", () => "[".repeat(250_000), YAML],
  ["YAML lists in lists", 400, "PUT", "x", () => "- ".repeat(125_000), YAML],
  ["YAML with a fault at each character", 400, "PUT", "x", () => "}".repeat(250_000), YAML],
  ["faults of YAML", 400, "PUT", "x", () => "]\n".repeat(100_000), YAML],
  ["much YAML", 413, "PUT", "x", () => "# a\n".repeat(70_000), YAML],
  [
    "detectors with unknown columns",
    422,
    "PUT",
    "x",
    () => ({
      ...pipeline,
      detectors: Array.from({ length: 9000 }, (_, i) => ({ name: `d${i}`, ...wrongRule })),
    }),
  ],
  [
    "a rule with many terms",
    422,
    "PUT",
    "x",
    () => ({
      ...pipeline,
      detectors: [{ ...wrongRule, name: "x", when: list(30_000, () => "t > 1", " or ") }],
    }),
  ],
  [
    "a rule with many parentheses",
    422,
    "PUT",
    "x",
    () => ({
      ...pipeline,
      detectors: [{ ...wrongRule, name: "x", when: "(".repeat(500_000) }],
    }),
  ],
  ["sinks", 422, "PUT", "x", () => ({ ...pipeline, sinks: Array(9000).fill({ type: "console" }) })],
  [
    "a text of spaces for a number",
    200,
    "POST",
    "append",
    () => ({ rows: [{ temperature: `${" ".repeat(4_000_000)}x` }] }),
  ],
  [
    "a text of digits for a number",
    200,
    "POST",
    "append",
    () => ({ rows: [{ temperature: `${"1".repeat(4_000_000)}x` }] }),
  ],
  [
    "a text of digits for a time",
    200,
    "POST",
    "append",
    () => ({ rows: [{ timestamp: `2026-03-01T09:30:00.${"1".repeat(4_000_000)}x` }] }),
  ],
  [
    "a number with many digits",
    200,
    "POST",
    "append",
    () => rowsOf(`{"temperature":${"1".repeat(4_000_000)}}`),
  ],
  ["a short definition that is too large", 413, "POST", BUFFERS, () => " ".repeat(1_100_000)],
];

const PATHS: Readonly<Record<string, string>> = {
  append: `${BUFFERS}/room/append`,
  features: `${BUFFERS}/room/features`,
  score: `${DETECTORS}/odd/score`,
  readings: `${PIPELINES}/boiler/readings`,
  x: `${PIPELINES}/x`,
};

async function serveRoom(): Promise<Served> {
  const server = await serveIn(await tempFolder());
  await send(server, "POST", BUFFERS, { name: "room", schema });
  const mean = { name: "mean_3", column: "temperature", function: "mean", window: 3 };
  await send(server, "POST", `${BUFFERS}/room/features`, { features: [mean] });
  const detector = { name: "odd", algorithm: "ecod", features: ["mean_3", "temperature"] };
  await send(server, "POST", DETECTORS, detector);
  await send(server, "PUT", `${PIPELINES}/boiler`, pipeline);
  return server;
}

it("no body costs more than linear time", async () => {
  const server = await serveRoom();
  for (const [what, status, method, path, body, type] of attacks) {
    const before = await processorTime(server);
    const reply = await send(server, method, PATHS[path] ?? path, body(), type);
    const cost = (await processorTime(server)) - before;
    expect(reply.status, `${what}: ${reply.text.slice(0, 300)}`).toBe(status);
    expect(cost, what).toBeLessThan(MAX_COST);
    expect(reply.text.length, what).toBeLessThan(20_000_000);
  }
});

it("many unknown columns do not make later calls slow", async () => {
  const server = await serveRoom();
  const path = `${BUFFERS}/room/append`;
  const ordinary = rowsOf(list(1000, () => '{"note":1,"temperature":2}'));
  const costOf = async (body: string): Promise<number> => {
    const before = await processorTime(server);
    for (let i = 0; i < 50; i++) await send(server, "POST", path, body);
    return (await processorTime(server)) - before;
  };
  await costOf(ordinary); // compiles
  const before = await costOf(ordinary);
  await send(server, "POST", path, rowsOf(wide(400_000, "k")));
  await send(server, "POST", path, rowsOf(list(900, (i) => wide(10, `r${i}_`))));
  expect(await costOf(ordinary)).toBeLessThan(3 * before + 0.2);
});
