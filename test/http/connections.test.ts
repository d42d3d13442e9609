import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { LIMITS } from "../../src/http/limits.ts";
import { type OpenPort, openPort, type PortLimits } from "../../src/http/listen/open-port.ts";
import { startApi } from "./support.ts";

const HOST = "127.0.0.1";

async function open(limits: Partial<PortLimits>, ...ips: string[]): Promise<OpenPort> {
  const { app } = await startApi();
  const addresses = [HOST, ...ips].map((ip) => ({ ip, optional: false }));
  const opened = await openPort(app.routing, addresses, 0, { ...LIMITS, ...limits });
  onTestFinished(() => {
    for (const server of opened.servers) {
      server.close();
      server.closeAllConnections();
    }
  });
  return opened;
}

interface Peer {
  readonly socket: Socket;
  isClosed(): boolean;
  received(): string;
}

/** A connection that never closes its own side. */
async function peer(port: number, sent = "", from = HOST, to = HOST): Promise<Peer> {
  const socket = connect({ port, host: to, localAddress: from, allowHalfOpen: true });
  let [closed, received] = [false, ""];
  const close = (): void => {
    closed = true;
  };
  socket.on("error", close).on("end", close).on("close", close);
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    received += chunk;
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(sent);
  return { socket, isClosed: () => closed, received: () => received };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

/** Open connections as the server sees them. */
function count({ servers: [server] }: OpenPort): Promise<number> {
  return new Promise((resolve, reject) => {
    server?.getConnections((error, open) => (error === null ? resolve(open) : reject(error)));
  });
}

async function statusOf(port: number, localAddress = HOST, path = "/healthz"): Promise<number> {
  const sent = request({ host: HOST, port, path, localAddress, agent: false });
  sent.end();
  const [reply] = await once(sent, "response");
  await text(reply);
  return reply.statusCode;
}

it("a connection that sends nothing gets a 408 and is closed, even if the client keeps its side open", async () => {
  const opened = await open({ headersMs: 100, graceMs: 100 });
  const silent = await peer(opened.port);
  const slow = await peer(opened.port, "GET / HTTP/1.1\r\nhost: local");
  await until(async () => (await count(opened)) === 0);
  for (const { received } of [silent, slow]) {
    expect(received()).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(received()).toContain("urn:iotmon:problem:request-timeout");
  }
});

it("a connection with a late body is closed, even if the client keeps its side", async () => {
  const opened = await open({ requestMs: 100, graceMs: 100 });
  const head = "POST /v1/ml/polars/buffers HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n";
  const late = await peer(opened.port, `${head}content-type: application/json\r\n\r\n{`);
  await until(async () => (await count(opened)) === 0);
  expect(late.received()).toMatch(/^HTTP\/1.1 408 /);
});

it("a client that does not read its answers is cut off", async () => {
  const opened = await open({ unreadMs: 200 });
  const { socket } = await peer(opened.port);
  socket.pause();
  socket.write("GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(500));
  await until(async () => (await count(opened)) === 1);
  await until(async () => (await count(opened)) === 0);
});

it("a new connection above the limit replaces the one that has waited longest", async () => {
  const { port } = await open({ connections: 3 });
  const [first, second, third] = [await peer(port), await peer(port), await peer(port)];
  first.socket.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await until(() => first.received().includes("200 OK")); // now it has waited shortest
  expect(await statusOf(port)).toBe(200);
  await until(second.isClosed);
  expect([first.isClosed(), third.isClosed()]).toEqual([false, false]);
});

it("a connection with a running request is never replaced", async () => {
  const { port } = await open({ connections: 2 });
  const head = "POST /v1/ml/polars/buffers HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n";
  const begin = `${head}content-type: application/json\r\nexpect: 100-continue\r\n\r\n`;
  const running = [await peer(port, begin), await peer(port, begin)];
  for (const { received } of running) await until(() => received().includes("100 Continue"));
  await expect(statusOf(port)).rejects.toThrow();
  for (const { socket } of running) socket.write("{}");
  for (const { received } of running) await until(() => received().includes("422"));
  expect(await statusOf(port)).toBe(200);
});

it("an address above its own limit replaces only its own connections", async () => {
  const { port } = await open({ connectionsPerAddress: 2 });
  const other = await peer(port, "", "127.0.0.2");
  const own = [await peer(port), await peer(port), await peer(port)];
  await until(() => own[0]?.isClosed() === true);
  expect(await statusOf(port, "127.0.0.3")).toBe(200);
  expect([other.isClosed(), own[1]?.isClosed(), own[2]?.isClosed()]).toEqual([false, false, false]);
});

it("the limits cover all addresses on which the server listens", async () => {
  const { port } = await open({ connections: 1 }, "127.0.0.9");
  const first = await peer(port);
  await peer(port, "", HOST, "127.0.0.9");
  await until(first.isClosed);
});

it.each([
  ["no host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "bad-request"],
  ["an empty host", "GET /healthz HTTP/1.1\r\nhost:\r\n\r\n", 421, "wrong-host"],
  [
    "two hosts",
    "GET /healthz HTTP/1.1\r\nhost: localhost\r\nHost: evil\r\n\r\n",
    400,
    "bad-request",
  ],
  [
    "an unknown expectation",
    "GET /healthz HTTP/1.1\r\nhost: localhost\r\nexpect: coffee\r\n\r\n",
    417,
    "expectation-failed",
  ],
  ["CONNECT", "CONNECT example.org:80 HTTP/1.1\r\nhost: localhost\r\n\r\n", 400, "bad-request"],
])("a request with %s gets a problem", async (_what, sent, status, type) => {
  const { port } = await open({ graceMs: 100, keepAliveMs: 100 });
  const { received } = await peer(port, sent);
  await until(() => received().includes("}"));
  expect(received()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(received()).toContain("content-type: application/problem+json");
  expect(received()).toContain(`urn:iotmon:problem:${type}`);
  const id = /^x-request-id: (\S+)/m.exec(received())?.[1];
  expect(received()).toContain(`"request_id":"${id}"`);
});

it("a body with an unknown transfer encoding is not read", async () => {
  const { port } = await open({ keepAliveMs: 100 });
  const head = "POST /v1/ml/polars/buffers HTTP/1.1\r\nhost: localhost\r\n";
  const type = "content-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n\r\n";
  const { received } = await peer(port, `${head}${type}2\r\n{}\r\n0\r\n\r\n`);
  await until(() => received().includes("}"));
  expect(received()).toContain("urn:iotmon:problem:unsupported-media-type");
});

it("a rejected expectation keeps the request id of the client", async () => {
  const { port } = await open({ graceMs: 100, keepAliveMs: 100 });
  const head = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n";
  const { received } = await peer(port, `${head}expect: coffee\r\nx-request-id: mine-1\r\n\r\n`);
  await until(() => received().includes("}"));
  expect(received()).toContain('"request_id":"mine-1"');
});

it("a request of HTTP/1.0 needs no host if other machines may connect", async () => {
  const { port } = await open({ keepAliveMs: 100 });
  const { received } = await peer(port, "GET /healthz HTTP/1.0\r\n\r\n");
  await until(() => received().includes("}"));
  expect(received()).toContain("urn:iotmon:problem:wrong-host"); // not 400
});

it("a stream of lines that becomes silent ends with an error and what was saved", async () => {
  const opened = await open({ requestMs: 300, graceMs: 100 });
  const head =
    "POST /v1/ml/polars/buffers HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
  const body = JSON.stringify({ name: "room", schema: { t: "float" } });
  const created = await peer(opened.port, `${head}content-length: ${body.length}\r\n\r\n${body}`);
  await until(() => created.received().includes("201 Created"));
  const stream =
    "POST /v1/ml/pipelines/room/readings HTTP/1.1\r\nhost: localhost\r\n" +
    "content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
  const silent = await peer(opened.port, `${stream}8\r\n{"t":1}\n\r\n`);
  await until(silent.isClosed);
  expect(silent.received()).toContain("200 OK");
  const [, error = ""] = /\n(\{"error":.*\})\n/.exec(silent.received()) ?? [];
  expect(JSON.parse(error)).toMatchObject({
    error: { type: "urn:iotmon:problem:request-timeout" },
    summary: { rows_appended: 1 },
  });
});
