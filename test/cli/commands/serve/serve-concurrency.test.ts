import { Pool } from "undici";
import { expect, it, onTestFinished } from "vitest";
import { serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const CLIENTS = 50;
const ROWS = 50;
/** Calls of each client; 200 make it a million rows. */
const CALLS = Number(process.env["IOTMON_CONCURRENCY_CALLS"] ?? 8);
const KEPT = 10_000;
const BUFFERS = "/v1/ml/polars/buffers";

interface StoredRow {
  readonly client: number;
  readonly call: number;
  readonly row: number;
}

it(`iotmon serve counts ${2 * CLIENTS * CALLS * ROWS} rows of ${CLIENTS} clients exactly, and never mixes calls`, {
  timeout: 1_800_000 + 2000 * CALLS,
}, async () => {
  const { port } = await serveIn(await tempFolder());
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CLIENTS });
  onTestFinished(() => pool.close());
  const ask = async (method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> => {
    const headers = { "content-type": "application/json" };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const reply = await pool.request({ path, method, ...sent });
    const answer = await reply.body.json();
    expect(reply.statusCode, JSON.stringify(answer)).toBeLessThan(300);
    return answer;
  };
  const schema = { client: "float", call: "float", row: "float" };
  const create = (name: string) => ask("POST", BUFFERS, { name, schema, max_rows: KEPT });
  const run = async (client: number, name: string): Promise<void> => {
    for (let call = 0; call < CALLS; call++) {
      const rows = Array.from({ length: ROWS }, (_, row) => ({ client, call, row }));
      await ask("POST", `${BUFFERS}/${name}/append`, { rows });
    }
  };
  const names = Array.from({ length: CLIENTS }, (_, i) => `own-${i}`);
  for (const name of ["shared", ...names]) await create(name);
  await Promise.all([
    ...names.map((_, client) => run(client, "shared")),
    ...names.map((name, client) => run(client, name)),
  ]);

  expect(await ask("GET", `${BUFFERS}/shared`)).toMatchObject({
    rows_appended: CLIENTS * CALLS * ROWS,
    current_rows: Math.min(KEPT, CLIENTS * CALLS * ROWS),
  });
  for (const name of names) {
    const state = { rows_appended: CALLS * ROWS, current_rows: Math.min(KEPT, CALLS * ROWS) };
    expect(await ask("GET", `${BUFFERS}/${name}`)).toMatchObject(state);
  }
  const { rows } = (await ask("GET", `${BUFFERS}/shared/rows?limit=${KEPT}`)) as {
    rows: StoredRow[];
  };
  expect(rows).toHaveLength(Math.min(KEPT, CLIENTS * CALLS * ROWS));
  for (let i = 0; i < rows.length; i += ROWS) {
    const call = rows.slice(i, i + ROWS);
    const [first] = call;
    const whole = Array.from({ length: ROWS }, (_, row) => ({ ...first, row }));
    expect(call.map(({ client, call: number, row }) => ({ client, call: number, row }))).toEqual(
      whole.map(({ client, call: number, row }) => ({ client, call: number, row })),
    );
  }
});
