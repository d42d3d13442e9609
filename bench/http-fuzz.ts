/**
 * Sends careless and hostile requests to a running server over real sockets, and watches its heap. Fails
 * on a reply of 500 or more, and without a reply.
 *
 * Usage: `npm run bench:http-fuzz -- [--requests 50000] [--seed 1]`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { Pool } from "undici";
import type { WildRequest } from "../test/http/request-values.ts";
import { wildRequest } from "../test/http/requests.ts";
import { setup as bundleDist } from "../test/support/bundle-dist.ts";
import { startIotmon } from "./http-server.ts";

const CONNECTIONS = 20;
const SAMPLES = 5;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "50000" },
    seed: { type: "string", default: "1" },
  },
});
const [requests, seed] = [Number(values.requests), Number(values.seed)];

bundleDist();
const server = await startIotmon();
const pool = new Pool(server.origin, { connections: CONNECTIONS });
const counts = new Map<number, number>();
const failures: string[] = [];

async function send({ method, url, type, body }: WildRequest): Promise<void> {
  const sent = method === "GET" ? undefined : body;
  const reply = await pool.request({
    method,
    path: url,
    ...(sent === undefined ? {} : { body: sent, headers: { "content-type": type } }),
  });
  const text = await reply.body.text();
  counts.set(reply.statusCode, (counts.get(reply.statusCode) ?? 0) + 1);
  if (reply.statusCode >= 500) failures.push(`${method} ${url} ${sent} -> ${text}`);
}

async function heapMegabytes(): Promise<number> {
  const reply = await pool.request({ method: "GET", path: "/metrics" });
  const bytes = /^nodejs_heap_size_used_bytes (\S+)/m.exec(await reply.body.text())?.[1];
  return Number(bytes) / 2 ** 20;
}

/** The lowest of some samples, because garbage makes the heap vary. */
async function heapFloor(): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) samples.push(await heapMegabytes());
  return Math.min(...samples);
}

try {
  const wild = fc.sample(wildRequest, { numRuns: requests, seed });
  const steps = 10;
  for (let step = 0; step < steps; step++) {
    const part = wild.slice((step * requests) / steps, ((step + 1) * requests) / steps);
    const next = part[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (let one = next.next(); !one.done; one = next.next()) await send(one.value);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    console.log(`${(step + 1) * part.length} requests · heap ${(await heapFloor()).toFixed(0)} MB`);
  }
  console.log(
    [...counts]
      .sort(([a], [b]) => a - b)
      .map(([status, n]) => `${status}: ${n}`)
      .join(" · "),
  );
} finally {
  await pool.close();
  await server.stop();
}
for (const failure of failures.slice(0, 10)) console.error(failure.slice(0, 2000));
if (failures.length > 0) process.exitCode = 1;
