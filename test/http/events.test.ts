import { once } from "node:events";
import { type IncomingMessage, get as request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { roomDocument, roomRows } from "../support/live-pipeline.ts";
import { type Api, PIPELINES, startApi } from "./support.ts";

const ROOM = `${PIPELINES}/room`;

/** Follows events; `until` waits for a pattern in the text. */
async function follow(api: Api, query: string, lastId?: string) {
  const { port } = api.app.server.address() as AddressInfo;
  const headers = lastId === undefined ? {} : { "last-event-id": lastId };
  const sent = request({ port, host: "127.0.0.1", path: `${ROOM}/events${query}`, headers });
  onTestFinished(() => void sent.destroy());
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  response.on("data", (chunk) => {
    text += chunk;
  });
  return {
    response,
    until: (pattern: RegExp) => expect.poll(() => text).toMatch(pattern),
    text: () => text,
  };
}

async function listening(): Promise<Api> {
  const api = await startApi();
  await api.app.listen({ port: 0, host: "127.0.0.1" });
  await api.send("PUT", ROOM, roomDocument());
  return api;
}

describe("the events of a pipeline over HTTP", () => {
  it("are sent at once, and continue after Last-Event-ID", async () => {
    const api = await listening();
    const first = await follow(api, "?types=score,alert");
    expect(first.response.headers["content-type"]).toMatch(/^text\/event-stream/);
    await first.until(/^retry: \d+\n/);
    await api.post(`${ROOM}/readings`, roomRows(1, 0, 50));
    await first.until(/event: alert\ndata: .*"status":"firing"/);
    const [, id = ""] = /id: (\S+)\nevent: score/.exec(first.text()) ?? [];
    const again = await follow(api, "?types=score,alert", id);
    await again.until(/"status":"firing"/);
    expect(again.text()).not.toMatch(/event: score|event: gap/);
  });

  it("report a gap after an id of another run", async () => {
    const api = await listening();
    await api.post(`${ROOM}/readings`, roomRows(1, 0, 50));
    const late = await follow(api, "", "abc-3");
    await late.until(/event: gap\ndata: .*\n\n(.|\n)*event: alert/);
  });

  it("end with the pipeline and give the reason", async () => {
    const api = await listening();
    const follower = await follow(api, "");
    await follower.until(/retry/);
    await api.send("DELETE", ROOM);
    await follower.until(/event: end\ndata: {"reason":"gone"}/);
  });

  it("end for a client that does not read, and the server continues", async () => {
    const api = await listening();
    const served = once(api.app.server, "request");
    const slow = await follow(api, "?types=score");
    const [, reply] = (await served) as [IncomingMessage, ServerResponse];
    await slow.until(/retry/);
    slow.response.pause();
    for (let i = 0; i < 200 && !reply.writableEnded; i++) {
      await api.post(`${ROOM}/readings?results=none`, roomRows(500, 500 * i));
    }
    slow.response.resume(); // at once, as the server soon closes the connection
    await slow.until(/event: end\ndata: {"reason":"slow"}/);
  });

  it("are rejected for an unknown pipeline", async () => {
    const api = await listening();
    expect((await api.get(`${PIPELINES}/rooms/events`)).status).toBe(404);
  });

  it("are not opened by HEAD", async () => {
    const api = await listening();
    for (let i = 0; i < 120; i++) {
      const { status, headers, body } = await api.send("HEAD", `${ROOM}/events`);
      expect([status, body]).toEqual([200, ""]);
      expect(headers["content-type"]).toMatch(/^text\/event-stream/);
    }
    await (await follow(api, "")).until(/retry/);
    expect((await api.send("HEAD", `${PIPELINES}/nope/events`)).status).toBe(404);
  });
});
