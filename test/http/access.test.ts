import { describe, expect, it } from "vitest";
import { newToken } from "../../src/http/access/tokens.ts";
import { addressesOf, isLoopback } from "../../src/http/listen/addresses.ts";
import type { ProblemBody } from "../../src/http/problems/problem.ts";
import { BUFFERS, setUp, startApi } from "./support.ts";
import { tokensOf } from "./tokens-of.ts";

describe("tokens", () => {
  const reader = newToken("read");
  const writer = newToken("write");
  const start = async () =>
    startApi({ tokens: await tokensOf(`${reader.line} dashboard`, "", "# gateway", writer.line) });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it.each([
    ["GET", BUFFERS, undefined, 200],
    ["GET", "/metrics", undefined, 200],
    ["POST", BUFFERS, { name: "b", schema: { t: "float" } }, 403],
    ["DELETE", `${BUFFERS}/b`, undefined, 403],
    ["OPTIONS", BUFFERS, undefined, 405],
    ["PATCH", BUFFERS, undefined, 405],
  ] as const)("for reading: %s %s", async (method, url, body, status) => {
    const api = await start();
    expect((await api.send(method, url, body, bearer(reader.token))).status).toBe(status);
  });

  it("with scope write allow changes", async () => {
    const api = await start();
    const body = { name: "b", schema: { t: "float" } };
    expect((await api.send("POST", BUFFERS, body, bearer(writer.token))).status).toBe(201);
    expect((await api.send("GET", BUFFERS, undefined, bearer(writer.token))).status).toBe(200);
  });

  it.each([
    ["none", {}, 'Bearer realm="iotmon"'],
    ["a wrong one", bearer("guess"), 'Bearer realm="iotmon", error="invalid_token"'],
    [
      "a hash from the file",
      bearer(writer.line.slice(-64)),
      'Bearer realm="iotmon", error="invalid_token"',
    ],
    ["another scheme", { authorization: `Basic ${writer.token}` }, 'Bearer realm="iotmon"'],
  ])("are rejected with 401: %s", async (_what, headers, challenge) => {
    const api = await start();
    const answer = await api.send("GET", BUFFERS, undefined, headers as Record<string, string>);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(challenge);
    expect((answer.body as ProblemBody).type).toBe("urn:iotmon:problem:unauthorized");
  });

  it("never appear in the log", async () => {
    const api = await start();
    await api.send("GET", BUFFERS, undefined, bearer(writer.token));
    await api.send("GET", "/nope", undefined, bearer(writer.token));
    expect(api.log.length).toBeGreaterThan(0);
    expect(api.log.join("")).not.toContain(writer.token);
  });

  it.each(["/healthz", "/readyz", "/docs", "/openapi.json"])(
    "are not needed for %s",
    async (url) => {
      expect((await (await start()).get(url)).status).toBe(200);
    },
  );

  it("are not needed for the problem of an unknown path", async () => {
    expect((await (await start()).get("/nope")).status).toBe(401);
  });

  it("fail with the number of every faulty line of their file, but without its text", async () => {
    const secret = "plain-secret-token";
    const reading = tokensOf(reader.line, secret, "admin sha256:00");
    await expect(reading).rejects.toMatchObject({
      code: "ERR_CONFIG",
      faults: [{ at: "tokens:2" }, { at: "tokens:3" }],
    });
    await expect(reading).rejects.not.toHaveProperty("message", expect.stringContaining(secret));
    await expect(tokensOf("# none")).rejects.toMatchObject({ code: "ERR_CONFIG", at: "tokens" });
  });
});

describe("the host of a request", () => {
  it.each([
    ["localhost", 200],
    ["localhost:14345", 200],
    ["LOCALHOST:8080", 200],
    ["localhost.", 200],
    ["localhost.:14345", 200],
    ["127.0.0.1:14345", 200],
    ["127.8.9.1", 200],
    ["[::1]:14345", 200],
    ["iot.localhost", 200],
    ["evil.example", 421],
    ["localhost.evil.example", 421],
    ["127.0.0.1.evil.example", 421],
    ["192.168.1.5:14345", 421],
  ])("%j gets %i if only this machine may connect", async (host, status) => {
    const api = await startApi();
    expect((await api.send("GET", "/healthz", undefined, { host })).status).toBe(status);
  });

  it("is not checked if other machines may connect", async () => {
    const api = await startApi({ localOnly: false });
    const answer = await api.send("GET", "/healthz", undefined, { host: "iot.example.com" });
    expect(answer.status).toBe(200);
  });

  it.each(["::ffff:127.0.0.1", "[::ffff:127.0.0.1]", "::FFFF:7f00:1", "0:0:0:0:0:ffff:127.0.0.1"])(
    "--host %s is 127.0.0.1",
    async (host) => {
      expect(await addressesOf(host)).toEqual([{ ip: "127.0.0.1", optional: false }]);
    },
  );

  it.each(["127.0.0.1", "127.255.0.3", "::1"])("%s is loopback", (ip) => {
    expect(isLoopback(ip)).toBe(true);
  });

  it.each(["0.0.0.0", "::", "128.0.0.1", "localhost", "fe80::1"])("%s is not loopback", (ip) => {
    expect(isLoopback(ip)).toBe(false);
  });
});

describe("pages of other origins", () => {
  const origin = "https://dash.example.com";

  it("are rejected by default", async () => {
    const api = await startApi();
    const { headers } = await api.send("GET", BUFFERS, undefined, { origin });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("are accepted only if named, also with a token", async () => {
    const { token, line } = newToken("write");
    const api = await startApi({ cors: [origin], tokens: await tokensOf(line) });
    const preflight = await api.send("OPTIONS", BUFFERS, undefined, {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-headers":
        "authorization, content-type, content-encoding, idempotency-key, x-request-id",
    });
    const own = await api.send("GET", BUFFERS, undefined, {
      origin,
      authorization: `Bearer ${token}`,
    });
    expect([own.status, own.headers["access-control-allow-origin"]]).toEqual([200, origin]);
    const other = await api.send("GET", BUFFERS, undefined, { origin: "https://evil.example" });
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("cannot change state with a form, which needs no preflight", async () => {
    const api = await startApi();
    await setUp(api);
    const text = '{"rows":[]}';
    for (const type of ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]) {
      const headers = { "content-type": type };
      const answer = await api.send("POST", `${BUFFERS}/room/append`, text, headers);
      expect(answer.status, type).toBe(415);
    }
  });
});
