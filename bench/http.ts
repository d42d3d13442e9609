/**
 * The HTTP API against bare fastify with the same bodies, in turns. `bench/README.md` explains the results.
 *
 * Usage: `npm run bench:http -- [--rounds 5] [--calls 400]`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { Random } from "../test/support/random.ts";
import { type BenchServer, startBare, startIotmon } from "./http-server.ts";
import { median } from "./median.ts";
import { originPipeline } from "./origin-pipeline.ts";

const ROWS_A_CALL = 100;
/** Concurrent clients: enough to keep the server busy. */
const CLIENTS = 8;
const BUFFER = "/v1/ml/polars/buffers/bench";
const DETECTOR = "/v1/ml/anomaly/streaming/bench";
const PIPELINE = "/v1/ml/pipelines/origin";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    calls: { type: "string", default: "400" },
  },
});
const [rounds, calls] = [Number(values.rounds), Number(values.calls)];
const random = new Random(7);
let time = 1.7e12;

function row(): object {
  time += 1000;
  return {
    timestamp: new Date(time).toISOString(),
    sensor_id: "s1",
    temperature: 22 + random.normal(),
    humidity: 45 + random.normal(),
    pressure: 1013 + random.normal(),
  };
}

/** A JSON body, or null. */
async function call(
  client: Pool,
  path: string,
  body?: string,
  method: "GET" | "POST" | "PUT" = body === undefined ? "GET" : "POST",
): Promise<string> {
  const reply = await client.request({
    path,
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  const text = await reply.body.text();
  if (reply.statusCode >= 300) throw new Error(`${path}: ${text}`);
  return text;
}

async function setUp(client: Pool): Promise<void> {
  const columns = { temperature: "float", humidity: "float", pressure: "float" };
  const schema = { timestamp: "datetime", sensor_id: "str", ...columns };
  const create = { name: "bench", schema, max_rows: 10_000 };
  await call(client, "/v1/ml/polars/buffers", JSON.stringify(create));
  const windows = [10, 50, 200];
  const features = [
    { columns: ["temperature"], functions: ["mean", "std"], windows },
    { columns: ["humidity", "pressure"], functions: ["mean"], windows: [50] },
  ];
  const defined = await call(client, `${BUFFER}/features`, JSON.stringify({ features }));
  const names = (JSON.parse(defined) as { features: string[] }).features;
  const settings = { algorithm: "ecod", contamination: 0.05, warmup_period: 200 };
  const detector = { name: "bench", features: names, buffer: "bench", ...settings };
  await call(client, "/v1/ml/anomaly/streaming", JSON.stringify(detector));
  for (let i = 0; i < 60; i++) await append(client, ROWS_A_CALL);
  await call(client, `${DETECTOR}/score`, '{"features":{}}');
  await call(client, PIPELINE, JSON.stringify({ ...originPipeline, name: "origin" }), "PUT");
  for (let i = 0; i < 60; i++) await ingest(client);
}

/** Append, features, score and alerts in one call, with a result for each row. */
async function ingest(client: Pool): Promise<void> {
  await call(client, `${PIPELINE}/readings`, bodyOf(ROWS_A_CALL));
}

async function append(client: Pool, count: number): Promise<void> {
  await call(client, `${BUFFER}/append`, bodyOf(count));
}

/** Bodies by number of rows, created beforehand to keep the client fast. */
const bodies = new Map<number, string[]>();

function bodyOf(count: number): string {
  const made = bodies.get(count)?.pop();
  return made ?? JSON.stringify({ rows: Array.from({ length: count }, row) });
}

/** The loop of the example document for one reading. */
async function loop(client: Pool): Promise<void> {
  await append(client, 1);
  const { features } = JSON.parse(await call(client, `${BUFFER}/features`)) as { features: object };
  await call(client, `${DETECTOR}/score`, JSON.stringify({ features }));
}

/** One of the two compared servers. */
interface Side {
  readonly server: BenchServer;
  readonly client: Pool;
}

/** Time of a round, and of its calls in ascending order, ms. */
interface Timing {
  readonly wall: number;
  /** Processor time of the server per call. */
  readonly cpu: number;
  readonly sorted: readonly number[];
}

async function timed(
  { server, client }: Side,
  work: (client: Pool) => Promise<void>,
): Promise<Timing> {
  const times: number[] = [];
  const before = await server.cpuMs();
  const begun = performance.now();
  const worker = async (): Promise<void> => {
    for (let i = 0; i < calls / CLIENTS; i++) {
      const start = performance.now();
      await work(client);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
  const wall = performance.now() - begun;
  const cpu = ((await server.cpuMs()) - before) / times.length;
  return { wall, cpu, sorted: times.sort((a, b) => a - b) };
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;

async function compare(
  name: string,
  work: (client: Pool) => Promise<void>,
  [own, bare]: readonly [Side, Side],
): Promise<void> {
  const [mine, theirs]: [Timing[], Timing[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    bodies.set(ROWS_A_CALL, Array.from({ length: 2 * calls }, () => bodyOf(ROWS_A_CALL)).reverse());
    mine.push(await timed(own, work));
    theirs.push(await timed(bare, work));
  }
  const middle = (sides: readonly Timing[]): number => median(sides.map(({ cpu }) => cpu));
  const ratio = (figure: "wall" | "cpu"): string =>
    median(mine.map((timing, i) => (theirs[i]?.[figure] ?? Number.NaN) / timing[figure])).toFixed(
      2,
    );
  const [p50, p99] = [0.5, 0.99].map((share) => at(mine.at(-1)?.sorted ?? [], share).toFixed(2));
  const [cpu, bareCpu] = [mine, theirs].map((sides) => middle(sides).toFixed(2));
  console.log(
    `${name.padEnd(34)} ${ratio("wall")} x bare fastify · p50 ${p50} ms · p99 ${p99} ms · ` +
      `CPU ${cpu} ms a call, bare ${bareCpu}: ${ratio("cpu")} x`,
  );
}

bundleDist();
const sides = [await sideOf(startIotmon()), await sideOf(startBare())] as const;
try {
  await setUp(sides[0].client);
  await compare(
    `append, ${ROWS_A_CALL} rows a call`,
    (client) => append(client, ROWS_A_CALL),
    sides,
  );
  await compare(`pipeline readings, ${ROWS_A_CALL} rows a call`, ingest, sides);
  await compare("append, features, score of a row", loop, sides);
} finally {
  await Promise.all(sides.map(({ client }) => client.close()));
  await Promise.all(sides.map(({ server }) => server.stop()));
}

async function sideOf(starting: Promise<BenchServer>): Promise<Side> {
  const server = await starting;
  return { server, client: new Pool(server.origin, { connections: CLIENTS }) };
}
