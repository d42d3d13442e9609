import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { newToken } from "../../src/http/access/tokens.ts";
import { PROBLEMS, type ProblemName, problemType } from "../../src/http/problems/catalog.ts";
import type { ProblemBody } from "../../src/http/problems/problem.ts";
import { readPage, section, tableRows } from "../support/markdown.ts";
import {
  type Answer,
  type Api,
  BUFFERS,
  DETECTORS,
  PIPELINES,
  rows,
  setUp,
  startApi,
} from "./support.ts";
import { tokensOf } from "./tokens-of.ts";

/** Requests that cause each kind of problem without a socket. */
const occasions: Partial<Record<ProblemName, (api: Api) => Promise<Answer>>> = {
  "bad-request": (api) => api.get(`${BUFFERS}/%zz`),
  "bad-json": (api) => api.post(BUFFERS, '{"name": NaN}'),
  "bad-yaml": (api) =>
    api.send("PUT", `${PIPELINES}/home`, "version: [1", { "content-type": "application/yaml" }),
  "unknown-route": (api) => api.get("/v1/ml/polars/bufers"),
  "not-found": (api) => api.get(`${BUFFERS}/romo`),
  "method-not-allowed": (api) => api.send("PATCH", `${BUFFERS}/room`),
  conflict: (api) => api.post(BUFFERS, { name: "room", schema: { temperature: "float" } }),
  "body-too-large": (api) => api.post(BUFFERS, `"${"x".repeat(17 * 1024 * 1024)}"`),
  "url-too-long": (api) => api.get(`/${"x".repeat(5000)}`),
  "unsupported-media-type": (api) =>
    api.send("POST", BUFFERS, "a=1", { "content-type": "application/x-www-form-urlencoded" }),
  "wrong-host": (api) => api.send("GET", BUFFERS, undefined, { host: "evil.example:14345" }),
  invalid: (api) => api.post(BUFFERS, { name: "b", schema: { t: "flaot" }, max_rows: 0 }),
  limit: (api) =>
    api.post(`${BUFFERS}/room/append`, { rows: rows(1).concat(Array(100_000).fill({})) }),
};

/** Kinds that need sockets or failing disks; other tests cover them. */
const elsewhere: readonly ProblemName[] = [
  "unauthorized",
  "forbidden",
  "request-timeout",
  "expectation-failed",
  "headers-too-large",
  "internal",
  "unavailable",
  "done-not-safe",
];

describe("problems", () => {
  it("are all covered by a test", () => {
    expect([...Object.keys(occasions), ...elsewhere].sort()).toEqual(Object.keys(PROBLEMS).sort());
  });

  it.each(Object.entries(occasions))("answer %s as problem details", async (name, meet) => {
    const api = await startApi();
    await setUp(api);
    const { status, headers, body } = await meet(api);
    const problem = body as ProblemBody;
    const kind = PROBLEMS[name as ProblemName];
    expect(problem).toMatchObject({ ...kind, type: problemType(name as ProblemName) });
    expect(status).toBe(kind.status);
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(headers["x-request-id"]).toBe(problem.request_id);
    expect(problem.detail).toMatch(/^\S.{10,}[.?]$/s);
    expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|\bat \w+ \(/);
    expect(api.log.join("")).toContain(problem.request_id);
  });

  it("are each explained in docs/http-api.md, with their status", () => {
    const documented = tableRows(section(readPage("docs/http-api.md"), "## Problems")).map(
      ([type = "", status]) => [type.replaceAll("`", ""), Number(status)],
    );
    const known = Object.entries(PROBLEMS).map(([name, { status }]) => [name, status]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(known));
  });

  it("name each wrong field, the rule and a suggestion", async () => {
    const api = await startApi();
    const { body } = await api.post(BUFFERS, { name: "b", schema: { t: "flaot" }, max_row: 5 });
    expect((body as ProblemBody).errors).toEqual([
      {
        field: "schema.t",
        in: "body",
        pointer: "#/schema/t",
        message: 'schema.t: must be one of datetime, str, float, int, bool, not "flaot"',
        hint: 'Did you mean "float"?',
      },
      {
        field: "max_row",
        in: "body",
        pointer: "#/max_row",
        message: 'unknown key "max_row"',
        hint: 'Did you mean "max_rows"?',
      },
    ]);
  });

  it.each([
    ['{"a": NaN}', "JSON has no NaN: send null instead."],
    ['{"a": -Infinity}', "JSON has no -Infinity: send null instead."],
    ['{"a": True}', "JSON has no True: send true instead."],
    ["{'a': 1}", "double quotes"],
    ["", "The body is empty"],
  ])("suggest a replacement for the body %s", async (body, hint) => {
    const api = await startApi();
    const answer = await api.post(BUFFERS, body);
    expect(answer.status).toBe(400);
    expect((answer.body as ProblemBody).detail).toContain(hint);
  });

  it.each([
    ["/v1/ml/polars/bufers", 'Did you mean "/v1/ml/polars/buffers"?'],
    ["/v1/ml/polars/buffers/room/apend", 'Did you mean "/v1/ml/polars/buffers/room/append"?'],
    ["/healthz/", "Remove the / at the end"],
  ])("suggest a path similar to %s", async (path, hint) => {
    const api = await startApi();
    expect(((await api.get(path)).body as ProblemBody).detail).toContain(hint);
  });

  it("list the methods that a path accepts", async () => {
    const api = await startApi();
    const { headers } = await api.send("DELETE", DETECTORS);
    expect(headers["allow"]).toBe("GET, HEAD, POST");
  });

  it.each([
    ["QUERY", BUFFERS, {}, 405],
    ["PUT", BUFFERS, { "content-type": "text/odd" }, 405],
    ["POST", "/v1/nothing", { "content-type": "application/json" }, 404],
  ] as const)("answer %s %s before the body is read", async (method, url, headers, status) => {
    const api = await startApi();
    const address = await api.app.listen({ port: 0, host: "127.0.0.1" });
    const port = Number(new URL(address).port);
    const socket = connect(port, "127.0.0.1");
    const head = [`${method} ${url} HTTP/1.1`, "host: localhost:14345", "content-length: 9000000"];
    const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`${[...head, ...given].join("\r\n")}\r\n\r\nnot JSON`);
    const [reply] = (await once(socket, "data")) as [Buffer];
    expect(reply.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  });

  it("use the request's id, unless it could forge log lines", async () => {
    const api = await startApi();
    const ask = async (id: string): Promise<unknown> =>
      (await api.send("GET", "/nope", undefined, { "x-request-id": id })).headers["x-request-id"];
    expect(await ask("mine-1")).toBe("mine-1");
    expect(await ask('x" , "level":"fatal')).toMatch(/^[0-9a-f]{8}-\d+$/);
  });

  it("ask for a token before they reveal whether something exists", async () => {
    const api = await startApi({ tokens: await tokensOf(newToken("read").line) });
    expect((await api.get(`${BUFFERS}/nothing`)).status).toBe(401);
  });
});
