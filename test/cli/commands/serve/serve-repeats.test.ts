import { expect, it } from "vitest";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const BUFFERS = "/v1/ml/polars/buffers";

async function send(
  { port }: Served,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; isReplayed: boolean }> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  await reply.text();
  return { status: reply.status, isReplayed: reply.headers.get("idempotency-replayed") === "true" };
}

it("a call that comes again after kill -9 does not double its rows", async () => {
  const folder = await tempFolder();
  const args = ["--durability", "always"];
  const first = await serveIn(folder, ...args);
  await send(first, BUFFERS, { name: "room", schema: { t: "float" } });
  const append = (server: Served) =>
    send(
      server,
      `${BUFFERS}/room/append`,
      { rows: [{ t: 1 }, { t: 2 }] },
      { "idempotency-key": "k" },
    );
  const calls = await Promise.all(Array.from({ length: 10 }, () => append(first)));
  expect(calls.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
  first.child.kill("SIGKILL");
  await first.ended;
  const second = await serveIn(folder, ...args);
  await expect
    .poll(() => append(second), { timeout: 60_000 })
    .toEqual({ status: 200, isReplayed: true });
  const reply = await fetch(`http://127.0.0.1:${second.port}${BUFFERS}/room`);
  expect(await reply.json()).toMatchObject({ rows_appended: 2 });
});
