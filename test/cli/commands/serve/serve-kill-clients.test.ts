import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Random } from "../../../support/random.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const CLIENTS = 8;
/** Clients that repeat a call without an answer, with its key. The others go on with the next call. */
const REPEATING = 4;
/** Times that the server is killed; more when asked for. */
const KILLS = Number(process.env["IOTMON_TORTURE_RUNS"] ?? 4);
const MOST_ROWS = 10;
/** Time between two calls of a client, ms: over 100 kills, its rows fit into one reply. */
const PAUSE_MS = 5;
const BUFFERS = "/v1/ml/polars/buffers";
/** A checkpoint whenever the budget of bytes allows one. */
const EAGER = ["--max-recovery", "1ms"];

/** What a client knows about a call. */
interface Call {
  readonly client: number;
  readonly call: number;
  readonly rows: number;
  readonly isAnswered: boolean;
}

/** Where the server is; null: it is down. */
interface Place {
  served: Served | null;
}

/** @returns The status; null when there was no answer. */
async function post(
  place: Place,
  path: string,
  body: unknown,
  key: string,
): Promise<number | null> {
  try {
    const reply = await fetch(`http://127.0.0.1:${place.served?.port ?? 1}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key && { "idempotency-key": key }) },
      body: JSON.stringify(body),
    });
    await reply.text();
    return reply.status;
  } catch {
    return null;
  }
}

/**
 * Appends calls of some rows each until `isDone`.
 *
 * @param answered Number of answered calls by client; updated.
 * @returns Its calls.
 */
async function append(
  client: number,
  place: Place,
  answered: number[],
  isDone: () => boolean,
): Promise<Call[]> {
  const random = new Random(client);
  const calls: Call[] = [];
  for (let call = 0; !isDone(); call++) {
    const count = 1 + Math.floor(MOST_ROWS * random.uniform());
    const rows = Array.from({ length: count }, (_, row) => ({ client: `c${client}`, call, row }));
    const key = client < REPEATING ? randomUUID() : "";
    for (;;) {
      const status = await post(place, `${BUFFERS}/shared/append`, { rows }, key);
      if (status === null && key === "") {
        calls.push({ client, call, rows: count, isAnswered: false });
        await sleep(20);
        break;
      }
      if (status === 200) {
        calls.push({ client, call, rows: count, isAnswered: true });
        answered[client] = (answered[client] ?? 0) + 1;
        await sleep(PAUSE_MS);
        break;
      }
      // 503: the server recovers or stops, and has changed nothing
      expect([null, 503]).toContain(status);
      await sleep(20);
    }
  }
  return calls;
}

/** The stored calls of a client, in order; fails if the rows of a call are not complete and next to each other. */
async function storedCalls(place: Place, client: number): Promise<Omit<Call, "isAnswered">[]> {
  const path = `${BUFFERS}/shared/rows?format=csv&limit=100000&sensor_id=c${client}`;
  const reply = await fetch(`http://127.0.0.1:${place.served?.port}${path}`);
  const [head, ...lines] = (await reply.text()).trimEnd().split("\n");
  const names = (head ?? "").split(",");
  const [callAt, rowAt] = [names.indexOf("call"), names.indexOf("row")];
  const calls: { client: number; call: number; rows: number }[] = [];
  for (const line of lines) {
    const cells = line.split(",");
    const [call, row] = [Number(cells[callAt]), Number(cells[rowAt])];
    if (row === 0) calls.push({ client, call, rows: 0 });
    const last = calls.at(-1);
    expect([last?.call, last?.rows], line).toEqual([call, row]);
    if (last !== undefined) last.rows += 1;
  }
  return calls;
}

it(`iotmon serve keeps each row of ${CLIENTS} clients exactly once over ${KILLS} kills`, {
  timeout: 1_800_000 + 20_000 * KILLS,
}, async () => {
  const random = new Random(Number(process.env["IOTMON_TORTURE_SEED"] ?? 3));
  const folder = await tempFolder();
  const place: Place = { served: await serveIn(folder, ...EAGER) };
  const schema = { client: "str", call: "float", row: "float" };
  const buffer = { name: "shared", schema, key: "client", max_rows: 1_000_000 };
  expect(await post(place, BUFFERS, buffer, "")).toBe(201);
  let isDone = false;
  const answered: number[] = Array(CLIENTS).fill(0);
  const clients = answered.map((_, i) => append(i, place, answered, () => isDone));
  for (let kill = 0; kill < KILLS; kill++) {
    await expect.poll(() => Math.min(...answered)).toBeGreaterThan(kill + 1);
    await sleep(100 + 500 * random.uniform());
    const { child, ended } = place.served as Served;
    if (random.uniform() < 0.3) {
      child.kill("SIGTERM"); // so that the last checkpoint is cut off
      await sleep(60 * random.uniform());
    }
    child.kill("SIGKILL");
    await ended;
    place.served = null;
    place.served = await serveIn(folder, ...EAGER);
  }
  isDone = true;
  const known = await Promise.all(clients);
  expect(place.served?.logText()).not.toMatch(/"level":"(warn|error)"/);
  for (const [client, calls] of known.entries()) {
    const stored = await storedCalls(place, client);
    const found = new Set(stored.map(({ call }) => call));
    const expected = calls.filter(({ call, isAnswered }) => isAnswered || found.has(call));
    expect(stored).toEqual(expected.map(({ isAnswered: _, ...one }) => one));
    expect(stored.length).toBeGreaterThan(KILLS);
  }
  expect(known.flat().some(({ isAnswered }) => !isAnswered)).toBe(true);
});
