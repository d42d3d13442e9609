import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import type { OpenAPIV3_1 } from "openapi-types";
import { describe, expect, it } from "vitest";
import type { ProblemBody } from "../../src/http/problems/problem.ts";
import type { RowChunk } from "../../src/http/readings/ingest.ts";
import { readNdjson } from "../../src/http/readings/ndjson.ts";
import { type Api, BUFFERS, PIPELINES, rows, setUp, startApi } from "./support.ts";

const APPEND = `${BUFFERS}/room/append`;
const BOM = "\ufeff";

async function withRoom(): Promise<Api> {
  const api = await startApi();
  await setUp(api);
  return api;
}

async function sendBytes(api: Api, url: string, headers: object, payload: Buffer) {
  const {
    statusCode,
    body,
    headers: answered,
  } = await api.app.inject({
    method: "POST",
    url,
    headers: { host: "localhost", "content-type": "application/json", ...headers },
    payload,
  });
  return { status: statusCode, body, headers: answered };
}

describe("a compressed body", () => {
  const gzip = { "content-encoding": "gzip" };

  it("is decoded", async () => {
    const api = await withRoom();
    const body = gzipSync(JSON.stringify({ rows: rows(100) }));
    const reply = await sendBytes(api, APPEND, gzip, body);
    expect([reply.status, JSON.parse(reply.body)]).toMatchObject([200, { rows_appended: 100 }]);
  });

  it("may be a stream of lines", async () => {
    const api = await withRoom();
    const text = rows(100)
      .map((row) => JSON.stringify(row))
      .join("\n");
    const headers = { ...gzip, "content-type": "application/x-ndjson" };
    const url = `${PIPELINES}/room/readings?results=none`;
    const reply = await sendBytes(api, url, headers, gzipSync(text));
    expect(JSON.parse(reply.body)).toMatchObject({ summary: { rows_appended: 100 } });
  });

  it("must not be larger than other bodies once it is decoded", async () => {
    const api = await withRoom();
    const spaces = Buffer.alloc(17 * 1024 * 1024, " ");
    expect((await sendBytes(api, APPEND, gzip, gzipSync(spaces))).status).toBe(413);
    const lines = gzipSync(Buffer.alloc(17 * 1024 * 1024, "{}\n"));
    const headers = { ...gzip, "content-type": "application/x-ndjson" };
    const reply = await sendBytes(api, `${PIPELINES}/room/readings?results=none`, headers, lines);
    expect(reply.body).toContain("urn:iotmon:problem:body-too-large");
  });

  it.each([
    ["no gzip", Buffer.from("{}")],
    ["cut off", gzipSync(JSON.stringify({ rows: rows(100) })).subarray(0, 100)],
    ["followed by something else", Buffer.concat([gzipSync("{}"), Buffer.from("{}")])],
  ])("that is %s is rejected", async (_what, body) => {
    const reply = await sendBytes(await withRoom(), APPEND, gzip, body);
    const problem: ProblemBody = JSON.parse(reply.body);
    expect(problem).toMatchObject({ status: 400, detail: "The body is not gzip." });
  });

  it.each(["br", "deflate", "gzip, gzip"])("with the encoding %s is rejected", async (encoding) => {
    const headers = { "content-encoding": encoding };
    const reply = await sendBytes(await withRoom(), APPEND, headers, Buffer.from("{}"));
    expect(reply.status).toBe(415);
    expect(reply.headers["accept-encoding"]).toBe("gzip");
  });
});

describe("a byte order mark", () => {
  it("may begin a JSON body", async () => {
    const api = await withRoom();
    const { status, body } = await api.post(APPEND, BOM + JSON.stringify({ rows: rows(2) }));
    expect([status, body]).toMatchObject([200, { rows_appended: 2 }]);
  });

  it("may begin a stream of lines", async () => {
    const api = await withRoom();
    const url = `${PIPELINES}/room/readings?results=none`;
    const text = `${BOM}{"temperature":1}\n{"temperature":2}\n`;
    const { body } = await api.send("POST", url, text, { "content-type": "application/x-ndjson" });
    expect(JSON.parse(body as string)).toMatchObject({ summary: { rows_appended: 2 } });
  });

  it("may begin a YAML document", async () => {
    const api = await startApi();
    const text = `${BOM}version: 1\nbuffer: { schema: { t: float } }\ndetectors: [{ name: a, algorithm: stuck, column: t, after: 5m }]\n`;
    const type = { "content-type": "application/yaml" };
    expect((await api.send("PUT", `${PIPELINES}/x`, text, type)).status).toBe(201);
  });
});

describe("bytes that are not UTF-8", () => {
  const latin1 = (text: string) => Buffer.from(text, "latin1");

  it("are rejected in JSON, with their line", async () => {
    const api = await withRoom();
    const body = latin1('{"rows": [\n{"sensor_id": "Büro",\n"temperature": 1}]}');
    const reply = await sendBytes(api, APPEND, {}, body);
    expect([reply.status, JSON.parse(reply.body)]).toMatchObject([
      400,
      {
        type: "urn:iotmon:problem:bad-json",
        detail: expect.stringMatching(/^Line 2 is not UTF-8/),
      },
    ]);
  });

  it("are rejected in YAML, with their line", async () => {
    const api = await startApi();
    const type = { "content-type": "application/yaml" };
    const { app } = api;
    const { body } = await app.inject({
      ...{ method: "PUT", url: `${PIPELINES}/x`, headers: { host: "localhost", ...type } },
      payload: latin1("version: 1\n\n# Büro\n"),
    });
    expect(JSON.parse(body)).toMatchObject({
      type: "urn:iotmon:problem:bad-yaml",
      detail: expect.stringMatching(/^Line 3 is not UTF-8/),
    });
  });

  it("reject only their own line of a stream, wherever the stream is cut", async () => {
    const api = await withRoom();
    const lines = Buffer.concat([
      Buffer.from('{"sensor_id":"Büro","temperature":1}\n'),
      latin1('{"sensor_id":"Büro","temperature":2}\n'),
      Buffer.from('{"sensor_id":"€ \ufffd","temperature":3}'),
    ]);
    for (let cut = 0; cut < lines.length; cut += 7) {
      const chunks: RowChunk[] = [];
      const pieces = Readable.from([lines.subarray(0, cut), lines.subarray(cut)]);
      for await (const chunk of readNdjson(pieces)) chunks.push(chunk);
      expect(chunks.flatMap(({ items }) => items)).toEqual([
        { sensor_id: "Büro", temperature: 1 },
        undefined,
        { sensor_id: "€ \ufffd", temperature: 3 },
      ]);
      const faults = chunks.flatMap(({ unreadable, offset }) =>
        [...(unreadable ?? [])].map(([i, fault]) => [offset + i, fault]),
      );
      expect(faults).toEqual([[1, "not UTF-8"]]);
    }
    const type = { "content-type": "application/x-ndjson" };
    const reply = await sendBytes(api, `${PIPELINES}/room/readings?results=none`, type, lines);
    expect(reply.body).toContain('"rows_appended":2');
  });
});

it("a deletion needs no body, also with the header of one", async () => {
  const api = await withRoom();
  const headers = { host: "localhost", "content-type": "application/json" };
  const url = `${BUFFERS}/room`;
  const { statusCode } = await api.app.inject({ method: "DELETE", url, headers });
  expect(statusCode).toBe(200);
});

it("an empty stream of lines leaves the rows of the buffer as they are", async () => {
  const api = await withRoom();
  await api.post(APPEND, { rows: rows(3) });
  const type = { "content-type": "application/x-ndjson" };
  const { body } = await api.send("POST", `${PIPELINES}/room/readings`, "", type);
  expect(JSON.parse(body as string)).toMatchObject({
    summary: { rows_appended: 0, current_rows: 3 },
  });
});

it("readings whose rows are no list are rejected", async () => {
  const api = await startApi();
  const buffer = { schema: { t: "float" } };
  const detectors = [{ name: "a", algorithm: "stuck", column: "t", after: "5m" }];
  await api.send("PUT", `${PIPELINES}/x`, { version: 1, buffer, detectors });
  for (const rows of ["x", null, {}, 5]) {
    const answer = await api.post(`${PIPELINES}/x/readings`, { rows });
    expect([answer.status, (answer.body as ProblemBody).detail]).toEqual([
      422,
      "rows: must be a list of rows, [{...}, {...}].",
    ]);
  }
});

describe("an unknown key in a query", () => {
  it.each(["/", "/docs", "/openapi.json"])("is rejected at %s", async (path) => {
    const api = await startApi();
    const { status, body } = await api.get(`${path}?nope=1`);
    expect([status, (body as ProblemBody).errors?.[0]?.field]).toEqual([422, "nope"]);
  });

  it("is rejected on every path", async () => {
    const api = await withRoom();
    const { paths = {} } = (await api.get("/openapi.json")).body as OpenAPIV3_1.Document;
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations ?? {})) {
        const { requestBody } = operation as OpenAPIV3_1.OperationObject;
        const content = (requestBody as OpenAPIV3_1.RequestBodyObject | undefined)?.content;
        const body = content?.["application/json"]?.example; // a valid one: bodies are checked first
        const url = `${path.replace("{name}", "room")}?nope=1`;
        const answer = await api.send(method.toUpperCase() as "GET", url, body);
        expect(answer.status, `${method} ${url}`).toBe(422);
        expect((answer.body as ProblemBody).errors, `${method} ${url}`).toContainEqual(
          expect.objectContaining({ field: "nope", in: "query" }),
        );
      }
    }
  });
});
