import { expect, it } from "vitest";
import type { AlertBody } from "../../src/io/messages/alert-schema.ts";
import { roomDocument, roomRows } from "../support/live-pipeline.ts";
import { type Api, PIPELINES, startApi } from "./support.ts";

const ROOM = `${PIPELINES}/room`;

async function withRoom(): Promise<Api> {
  const api = await startApi();
  const alerts = { labels: { site: "north" } };
  expect(await api.send("PUT", ROOM, { ...roomDocument(), alerts })).toMatchObject({ status: 201 });
  return api;
}

const send = (api: Api, rows: readonly object[]) =>
  api.post(`${ROOM}/readings?results=none`, { rows });

const messages = (api: Api): AlertBody[] =>
  api.log
    .filter((line) => line.includes('"event":"lines_rejected"'))
    .map((line) => JSON.parse(line));

const summaries = (api: Api): string[] =>
  messages(api).map(({ status, explanation }) => `${status} ${explanation.summary}`);

it("most rows without a known column are a message, and so are the readings after them", async () => {
  const api = await withRoom();
  await send(api, roomRows(100));
  const renamed = roomRows(60, 100).map(({ sensor_id, timestamp }) => ({
    sensor_id,
    timestamp,
    t: 1,
  }));
  await send(api, renamed.slice(0, 25));
  expect(messages(api)).toEqual([]);
  await send(api, renamed.slice(25));
  await send(api, roomRows(4, 160));
  expect(summaries(api)).toHaveLength(1);
  expect(summaries(api)[0]).toMatch(
    /^firing room: 26 of the last 50 lines are rejected, such as line 1, .*unknown columns: t$/,
  );
  expect(messages(api)[0]?.labels).toEqual({ site: "north", event: "lines_rejected" });
  await send(api, roomRows(2, 164));
  expect(summaries(api)[1]).toBe(
    "resolved room: readings come again; rejected lines in between: 60",
  );
});

it("unusable lines of a stream count, within one call", async () => {
  const api = await withRoom();
  const lines = [
    ...roomRows(40).map((row) => JSON.stringify(row)),
    ...Array.from({ length: 60 }, (_, i) => `temperature=${i}`),
    ...roomRows(40, 40).map((row) => JSON.stringify(row)),
  ];
  await api.send("POST", `${ROOM}/readings`, `${lines.join("\n")}\n`, {
    "content-type": "application/x-ndjson",
  });
  expect(summaries(api)).toHaveLength(2);
  expect(summaries(api)[0]).toMatch(/such as line 66: not JSON/);
  expect(summaries(api)[1]).toMatch(/^resolved room: readings come again/);
});

it("a deleted pipeline has no message to resolve", async () => {
  const api = await withRoom();
  await send(
    api,
    Array.from({ length: 60 }, () => ({ t: 1 })),
  );
  expect(messages(api)).toHaveLength(1);
  await api.send("DELETE", ROOM);
  await api.send("PUT", ROOM, roomDocument());
  await send(api, roomRows(10));
  expect(messages(api)).toHaveLength(1);
});

it("dropped late rows do not count as rejects", async () => {
  const api = await startApi();
  const source = { type: "http", out_of_order: "drop" } as const;
  expect((await api.send("PUT", ROOM, roomDocument({ source }))).status).toBe(201);
  await send(api, roomRows(1, 1000));
  for (let i = 0; i < 100; i++) await send(api, roomRows(1, i));
  expect(messages(api)).toEqual([]);
});
