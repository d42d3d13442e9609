import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { folderWith, runProgram } from "../../../support/run-cli.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { undisturbedMs } from "../../../support/undisturbed-ms.ts";

const BUFFERS = "/v1/ml/polars/buffers";

async function serve(...args: string[]): Promise<Served> {
  return serveIn(await tempFolder(), ...args);
}

/** Status and body of a request. */
async function ask(
  host: string,
  port: number,
  path: string,
  headers: Record<string, string> = {},
  agent?: Agent,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const sent = request({ host, port, path, headers, ...(agent === undefined ? {} : { agent }) });
  sent.end();
  const [reply] = await once(sent, "response");
  return { status: reply.statusCode, headers: reply.headers, body: await text(reply) };
}

/** A bare connection that has sent this. */
async function connected(port: number, sent: string): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  socket.write(sent);
  return socket;
}

/** A connection with an open request: the server waits for the body, which never arrives. */
async function begun(port: number, sent: string): Promise<Socket> {
  const socket = await connected(port, sent);
  const [asks] = await once(socket, "data");
  expect(String(asks)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  return socket;
}

/** The time of a log line, ms, by the clock of the server. */
function loggedAt(logText: string, words: string): number {
  const line = logText.split("\n").find((line) => line.includes(`"msg":"${words}"`));
  return Date.parse(JSON.parse(line ?? "{}").time);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

describe("iotmon serve", () => {
  it("listens at both loopback addresses only", async () => {
    const { port, logText } = await serve();
    for (const host of ["127.0.0.1", "::1", "localhost"]) {
      expect((await ask(host, port, "/healthz")).status, host).toBe(200);
    }
    expect(logText()).toContain(
      `http://127.0.0.1:${port} and http://[::1]:${port}: this machine only`,
    );
  });

  it("reports a port in use, and the fix", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => {
      other.close();
    });
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runProgram(["serve", "--port", String(port)], {
      cwd: await tempFolder(),
    });
    expect(code).toBe(69);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use`);
    expect(stderr).toContain("--port");
    expect(stderr).not.toContain("    at ");
  });

  it.each([
    [["--host", "0.0.0.0"], 64, "--token-file"],
    [["--host", "203.0.113.77", "--insecure"], 69, "has no address 203.0.113.77"],
    [["--port", "99999"], 64, "0 to 65535"],
    [["--base-path", "/a/../b"], 64, "a path such as /iot"],
    [["--token-file", "nowhere"], 66, "--new-token"],
  ])("rejects %j", async (args, exit, words) => {
    const { code, stderr } = await runProgram(["serve", ...args], { cwd: await tempFolder() });
    expect([code, stderr]).toEqual([exit, expect.stringContaining(words)]);
  });

  it("creates tokens that give other machines access", async () => {
    const made = await runProgram(["serve", "--new-token", "read"]);
    const [, token = ""] = /^ {2}(iotmon_\S+)$/m.exec(made.stderr) ?? [];
    const folder = await folderWith({ tokens: made.stdout });
    const file = join(folder, "tokens");
    expect(await readFile(file, "utf8")).not.toContain(token);
    const { port, logText } = await serve("--host", "0.0.0.0", "--token-file", file);
    expect(logText()).toContain("other machines too, with a token");
    const host = "iot.example.com";
    expect((await ask("127.0.0.1", port, BUFFERS, { host })).status).toBe(401);
    const authorization = `Bearer ${token}`;
    expect((await ask("127.0.0.1", port, BUFFERS, { host, authorization })).status).toBe(200);
  });

  it("logs JSON lines with the id of the request", async () => {
    const { port, logText } = await serve("-v");
    const { headers } = await ask("127.0.0.1", port, "/v1/ml/polars/bufers");
    await until(() => /"msg":"rejected".*\n/.test(logText()));
    const lines = logText()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged).toContainEqual(
      expect.objectContaining({
        request_id: headers["x-request-id"],
        status: 404,
        msg: "rejected",
      }),
    );
  });
});

describe("iotmon serve on a signal", () => {
  const BODY = JSON.stringify({ name: "late", schema: { t: "float" } });
  const head = `POST ${BUFFERS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: ${BODY.length}\r\n\r\n`;
  const STOPPING = "stopping: finishing open requests";

  it("finishes an open request, closes idle connections, and exits with 0", async () => {
    const { child, port, ended, logText } = await serve();
    const agent = new Agent({ keepAlive: true });
    await ask("127.0.0.1", port, "/healthz", {}, agent); // its connection stays open
    const slow = await begun(port, head + BODY.slice(0, 10));
    child.kill("SIGTERM");
    await until(() =>
      ask("127.0.0.1", port, "/healthz").then(
        () => false,
        ({ code }) => code === "ECONNREFUSED",
      ),
    );
    slow.write(BODY.slice(10));
    const reply = await text(slow);
    expect(reply).toMatch(/^HTTP\/1.1 201 /);
    expect(reply).toContain("connection: close");
    expect(await ended).toBe(0);
    expect(logText()).toContain(`"msg":"stopped"`); // no request was cut off
  });

  it("cuts a request that never ends after ten seconds", async () => {
    const { child, port, ended, logText } = await serve();
    await begun(port, head + BODY.slice(0, 10));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    const drainMs =
      loggedAt(logText(), "stopped; some requests were cut off") - loggedAt(logText(), STOPPING);
    expect(drainMs).toBeGreaterThan(9000);
    expect(drainMs).toBeLessThan(30_000);
  });

  it("ends a stream of lines with an error and what was saved", async () => {
    const { child, port, ended, logText } = await serve();
    const body = JSON.stringify({ name: "room", schema: { t: "float" } });
    const start = `POST ${BUFFERS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
    await connected(port, `${start}content-length: ${body.length}\r\n\r\n${body}`);
    await until(async () => (await ask("127.0.0.1", port, `${BUFFERS}/room`)).status === 200);
    const stream = await connected(
      port,
      "POST /v1/ml/pipelines/room/readings HTTP/1.1\r\nhost: localhost\r\n" +
        'content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{"t":1}\n\r\n',
    );
    const reply = text(stream);
    await once(stream, "data"); // the result of the row
    child.kill("SIGTERM");
    const [, error = ""] = /\n(\{"error":.*\})\n/.exec(await reply) ?? [];
    expect(JSON.parse(error)).toMatchObject({
      error: { type: "urn:iotmon:problem:unavailable" },
      summary: { rows_appended: 1 },
    });
    expect(await ended).toBe(0);
    expect(logText()).toContain(`"msg":"stopped"`);
  });

  it("ignores SIGUSR2", async () => {
    const { child, port } = await serve();
    child.kill("SIGUSR2");
    await sleep(100);
    expect((await ask("127.0.0.1", port, "/healthz")).status).toBe(200);
  });

  it("stops immediately at a second signal", async () => {
    const { child, port, ended, logText } = await serve();
    await begun(port, head + BODY.slice(0, 10));
    child.kill("SIGINT");
    await until(() => logText().includes(STOPPING));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
  });
});

describe("iotmon serve with malformed requests", () => {
  it.each([
    ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00", 400, "bad-request"],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
      431,
      "headers-too-large",
    ],
    [
      "a wrong content-length",
      "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
      400,
      "bad-request",
    ],
  ])("answers %s with a problem", async (_what, sent, status, problem) => {
    const { port } = await serve();
    const reply = await text(await connected(port, sent));
    const [top = "", body = ""] = reply.split("\r\n\r\n");
    expect(top).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(top).toContain("application/problem+json");
    expect(JSON.parse(body)).toMatchObject({ status, type: `urn:iotmon:problem:${problem}` });
  });

  it("serves others while a thousand connections send nothing", async () => {
    const { port } = await serve();
    const from = ["127.0.0.1", "127.0.0.2"];
    const silent = Array.from({ length: 1000 }, (_, i) => {
      const localAddress = from[i % from.length] as string;
      return connect({ host: "127.0.0.1", port, localAddress, allowHalfOpen: true });
    });
    onTestFinished(() => {
      for (const socket of silent) socket.destroy();
    });
    await Promise.all(silent.map((socket) => once(socket, "connect")));
    const begun = performance.now();
    for (const localAddress of ["127.0.0.1", "127.0.0.3"]) {
      const sent = request({ host: "127.0.0.1", port, path: "/healthz", localAddress });
      sent.end();
      const [reply] = await once(sent, "response");
      expect(reply.statusCode).toBe(200);
      await text(reply);
    }
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it("closes connections that send headers slowly", async () => {
    const { child, port } = await serve();
    const tookMs = undisturbedMs(child);
    const sockets = await Promise.all(
      Array.from({ length: 50 }, () =>
        connected(port, "GET /healthz HTTP/1.1\r\nhost: localhost\r\n"),
      ),
    );
    const drip = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write("x-a: b\r\n");
    }, 500);
    for (const socket of sockets) socket.on("error", () => {});
    expect((await ask("127.0.0.1", port, "/healthz")).status).toBe(200);
    const replies = await Promise.all(sockets.map((socket) => text(socket).catch(() => "reset")));
    clearInterval(drip);
    expect(tookMs()).toBeLessThan(20_000);
    expect(
      replies.filter((reply) => /^HTTP\/1.1 408 .*request-timeout/s.test(reply)).length,
    ).toBeGreaterThan(40);
  });
});
