import { describe, expect, it } from "vitest";
import type { ProblemBody } from "../../src/http/problems/problem.ts";
import { roomDocument, roomRows } from "../support/live-pipeline.ts";
import { type Api, BUFFERS, PIPELINES, setUp, startApi } from "./support.ts";

const APPEND = `${BUFFERS}/room/append`;
const keyed = (key: string) => ({ "idempotency-key": key });
const body = { rows: [{ temperature: 1 }, { temperature: "x" }] };

async function withRoom(): Promise<Api> {
  const api = await startApi();
  await setUp(api);
  return api;
}

const appended = async (api: Api): Promise<unknown> =>
  ((await api.get(`${BUFFERS}/room`)).body as { rows_appended: number }).rows_appended;

describe("a call with an idempotency-key", () => {
  it("is executed once, and its repetition has the same counts", async () => {
    const api = await withRoom();
    const first = await api.send("POST", APPEND, body, keyed("k"));
    const again = await api.send("POST", APPEND, body, keyed("k"));
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([200, "true"]);
    const { warning_count: count } = first.body as { warning_count: number };
    expect(again.body).toMatchObject({ rows_appended: 2, warning_count: count, warnings: [] });
    expect(await appended(api)).toBe(2);
    await api.send("POST", APPEND, body, keyed("other"));
    expect(await appended(api)).toBe(4);
  });

  it("must not have another body or query under the same key", async () => {
    const api = await withRoom();
    await api.send("POST", APPEND, body, keyed("k"));
    for (const [url, other] of [
      [APPEND, { rows: [] }],
      [`${APPEND}?strict=true`, body],
    ] as const) {
      const answer = await api.send("POST", url, other, keyed("k"));
      expect(answer.status).toBe(422);
      expect((answer.body as ProblemBody).detail).toContain("another body or query");
    }
    expect(await appended(api)).toBe(2);
  });

  it("may come again with its key after it was rejected", async () => {
    const api = await withRoom();
    expect((await api.send("POST", `${APPEND}?strict=true`, body, keyed("k"))).status).toBe(422);
    expect((await api.send("POST", APPEND, body, keyed("k"))).status).toBe(200);
  });

  it("may send readings, whose repetition has no results", async () => {
    const api = await startApi();
    await api.send("PUT", `${PIPELINES}/room`, roomDocument());
    const url = `${PIPELINES}/room/readings`;
    const rows = [...roomRows(1, 0, 50), 7];
    const first = await api.send("POST", url, rows, keyed("k"));
    const { results: _, ignored_columns: __, ...counts } = first.body as Record<string, unknown>;
    const again = await api.send("POST", url, rows, keyed("k"));
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.body).toEqual({ ...counts, ignored_columns: [], results: [] });
    expect(counts).toMatchObject({ rows_appended: 1, rows_rejected: 1, alerts: 1 });
  });

  it.each(["a b", "", "ü", "x".repeat(256)])("is invalid with the key %j", async (key) => {
    const answer = await (await withRoom()).send("POST", APPEND, body, keyed(key));
    expect(answer.body).toMatchObject({ status: 422, errors: [{ in: "header" }] });
  });

  it("cannot be a stream of lines", async () => {
    const api = await withRoom();
    const headers = { ...keyed("k"), "content-type": "application/x-ndjson" };
    const answer = await api.send("POST", `${PIPELINES}/room/readings`, "{}\n", headers);
    expect(answer.status).toBe(422);
  });
});
