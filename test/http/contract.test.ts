import type { OpenAPIV3_1 } from "openapi-types";
import { describe, expect, it } from "vitest";
import { z } from "zod";
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

type Document = OpenAPIV3_1.Document;

/** Requests for an operation: bodies that it must accept, and bodies that it must reject with 422. */
interface Walk {
  readonly path?: string;
  readonly valid: readonly unknown[];
  readonly invalid: readonly unknown[];
}

const HOME = {
  version: 1,
  buffer: { schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" } },
  detectors: [{ name: "odd", algorithm: "ecod", features: ["temperature"] }],
};

const none: Walk = { valid: [undefined], invalid: [] };

const walks: Readonly<Record<string, Walk>> = {
  [`GET ${BUFFERS}`]: none,
  [`POST ${BUFFERS}`]: {
    valid: [
      { name: "__proto__", schema: { t: "float" } },
      {
        name: "constructor",
        schema: { t: "datetime", v: "int", key: "str", on: "bool" },
        key: "key",
      },
      { name: "c", schema: { constructor: "str", v: "float" }, key: "constructor" },
      { name: "a.b-c_9", schema: { v: "float" }, max_rows: 1, key: null },
    ],
    invalid: [
      {},
      [],
      { name: "..", schema: { v: "float" } },
      { name: "a/b", schema: { v: "float" } },
      { name: "x".repeat(65), schema: { v: "float" } },
      { name: 5, schema: { v: "float" } },
      { name: "x", schema: [] },
      { name: "x", schema: { v: "double" } },
      { name: "x", schema: { v: "float" }, max_rows: 0 },
      { name: "x", schema: { v: "float" }, max_rows: 1.5 },
      { name: "x", schema: { v: "float" }, max_rows: 1e300 },
      { name: "x", schema: { v: "float" }, key: "nope" },
      { name: "x", schema: { v: "float" }, maxrows: 5 },
      '{"name":"x","schema":{"v":"float","__proto__":"float"}}',
    ],
  },
  [`GET ${BUFFERS}/{name}`]: none,
  [`DELETE ${BUFFERS}/{name}`]: none,
  [`POST ${BUFFERS}/{name}/append`]: {
    valid: [
      { rows: [] },
      { rows: rows(3, 5000) },
      { rows: [{ temperature: "21.5" }, { temperature: "warm", humidity: 3 }, {}] },
      { rows: [{ temperature: { deep: [1, [2, [3]]] }, timestamp: "yesterday" }] },
      '{"rows":[{"temperature":1e999,"__proto__":{"polluted":1},"constructor":2}]}',
      { rows: [{ timestamp: 1e300, sensor_id: 5, temperature: -1e308 }] },
    ],
    invalid: [{}, { rows: {} }, { rows: [5] }, { rows: [[]] }, { rows: [null] }, { row: [] }, []],
  },
  [`GET ${BUFFERS}/{name}/rows`]: none,
  [`GET ${BUFFERS}/{name}/stats`]: none,
  [`GET ${BUFFERS}/{name}/features`]: none,
  [`POST ${BUFFERS}/{name}/features`]: {
    valid: [
      { features: [] },
      { features: [{ name: "mean_9", column: "temperature", function: "mean", window: 9 }] },
      { features: [{ columns: ["temperature"], functions: ["min", "max"], windows: [3, "1m"] }] },
    ],
    invalid: [
      {},
      { features: {} },
      { features: [{}] },
      { features: [{ name: "x", column: "temprature", function: "mean", window: 5 }] },
      { features: [{ name: "x", column: "temperature", function: "avg", window: 5 }] },
      { features: [{ name: "x", column: "temperature", function: "mean", window: 0 }] },
      { features: [{ name: "x", column: "temperature", function: "mean", window: "5 parsecs" }] },
      { features: [{ name: "x", column: "sensor_id", function: "mean", window: 5 }] },
    ],
  },
  [`GET ${DETECTORS}`]: none,
  [`POST ${DETECTORS}`]: {
    valid: [
      { name: "d1", algorithm: "ecod", features: ["voltage_mean_50"], contamination: 0.05 },
      { name: "__proto__", algorithm: "ecod", features: ["mean_3"], warmup_period: 20 },
    ],
    invalid: [
      {},
      { name: "d", algorithm: "ecodd", features: ["mean_3"] },
      { name: "d", algorithm: "ecod", features: [] },
      { name: "d", algorithm: "ecod", features: ["mean_3"], contamination: 0.6 },
      { name: "d", algorithm: "ecod", features: ["mean_3"], contamination: 0 },
      { name: "d", algorithm: "ecod", features: ["mean_3"], warmup_period: -1 },
      { name: ".", algorithm: "ecod", features: ["mean_3"] },
      { name: "d", algorithm: "ecod", features: ["mean_3"], buffer: "a b" },
    ],
  },
  [`GET ${DETECTORS}/{name}`]: { ...none, path: `${DETECTORS}/room_anomaly` },
  [`DELETE ${DETECTORS}/{name}`]: { ...none, path: `${DETECTORS}/room_anomaly` },
  [`POST ${DETECTORS}/{name}/score`]: {
    path: `${DETECTORS}/room_anomaly/score`,
    valid: [
      { features: {} },
      { features: { mean_3: 21, std_3: null, other: 3 } },
      { features: { mean_3: 900, std_3: 1 }, sensor_id: "s1", learn: false },
      { rows: [{ features: { mean_3: 21 } }, { features: { std_3: 0 }, sensor_id: "s2" }] },
      '{"features":{"__proto__":1,"mean_3":1e999}}',
    ],
    invalid: [
      {},
      { features: [] },
      { features: {}, rows: [] },
      { rows: [] },
      { rows: [{}] },
      { features: {}, learn: "no" },
      { features: {}, sensor_id: 3 },
    ],
  },
  "GET /v1/ml/overview": none,
  [`GET ${BUFFERS}/{name}/sensors`]: none,
  [`GET ${BUFFERS}/{name}/trace`]: { ...none, path: `${BUFFERS}/room/trace?sensor_id=s1` },
  [`GET ${PIPELINES}`]: none,
  [`PUT ${PIPELINES}/{name}`]: {
    path: `${PIPELINES}/home`,
    valid: [
      HOME,
      HOME,
      { ...HOME, detectors: [{ name: "hot", algorithm: "threshold", when: "temperature > 40" }] },
      { ...HOME, name: "home", buffer: { ...HOME.buffer, max_rows: 50 } },
      { ...HOME, sinks: [{ type: "webhook", url: "https://example.org/hook" }] },
    ],
    invalid: [
      {},
      [],
      { version: 1 },
      { ...HOME, name: "other" },
      { ...HOME, detectorz: [] },
      { ...HOME, sinks: [{ type: "file", path: "alerts.jsonl" }] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a client may send
      { ...HOME, sinks: [{ type: "webhook", url: "${ALERT_URL}" }] },
      { ...HOME, features: [{ name: "m", column: "temprature", function: "mean", window: 3 }] },
    ],
  },
  [`GET ${PIPELINES}/{name}`]: { ...none, path: `${PIPELINES}/home` },
  [`DELETE ${PIPELINES}/{name}`]: { ...none, path: `${PIPELINES}/home` },
  [`POST ${PIPELINES}/{name}/readings`]: {
    path: `${PIPELINES}/home/readings`,
    valid: [
      { rows: rows(3) },
      rows(3),
      { temperature: 21 },
      { rows: [5, null, [], { temperature: "warm" }, {}] },
      '{"rows":[{"temperature":1e999,"__proto__":{"polluted":1}}]}',
      [],
    ],
    invalid: ["5", '"rows"', "null"],
  },
  // what is valid never ends: see events.test.ts
  [`GET ${PIPELINES}/{name}/events`]: {
    path: `${PIPELINES}/home/events?types=scores`,
    valid: [],
    invalid: [undefined],
  },
  "GET /healthz": none,
  "GET /readyz": none,
  "GET /metrics": none,
};

/** Schema of the reply with this status, from the document alone. */
function replySchema(document: Document, key: string, answer: Answer): z.ZodType | null {
  const [method = "", path = ""] = key.split(" ");
  const item = document.paths?.[path] as Record<string, OpenAPIV3_1.OperationObject>;
  const responses = item[method.toLowerCase()]?.responses ?? {};
  const found = (responses[answer.status] ?? responses[`${Math.floor(answer.status / 100)}XX`]) as
    | OpenAPIV3_1.ResponseObject
    | undefined;
  const [type = ""] = String(answer.headers["content-type"]).split(";");
  const schema = found?.content?.[type]?.schema;
  if (schema === undefined) return null;
  const definitions = { $defs: document.components?.schemas };
  const text = JSON.stringify({ ...schema, ...definitions });
  return z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
}

async function readyApi(): Promise<Api> {
  const api = await startApi();
  await setUp(api);
  await api.post(`${BUFFERS}/room/append`, { rows: rows(80) });
  await api.send("PUT", `${PIPELINES}/home`, HOME);
  return api;
}

const documentOf = async (api: Api): Promise<Document> =>
  (await api.get("/openapi.json")).body as Document;

describe("the OpenAPI document", () => {
  it("has version 3.1 and exactly the operations that this test calls", async () => {
    const document = await documentOf(await startApi());
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual(Object.keys(walks).sort());
  });

  it.each(Object.entries(walks))("describes the replies of %s", async (key, walk) => {
    const api = await readyApi();
    const document = await documentOf(api);
    const [method = "", pattern = ""] = key.split(" ");
    const path = walk.path ?? pattern.replace("{name}", "room");
    const send = (body: unknown) => api.send(method as "GET", path, body);
    for (const [bodies, statuses] of [
      [walk.valid, [200, 201]],
      [walk.invalid, [422]],
    ] as const) {
      for (const body of bodies) {
        const answer = await send(body);
        const shown = `${key} ${JSON.stringify(body)} -> ${JSON.stringify(answer.body)}`;
        expect(statuses, shown).toContain(answer.status);
        const schema = replySchema(document, key, answer);
        expect(schema, shown).not.toBeNull();
        expect(schema?.safeParse(answer.body).error, shown).toBeUndefined();
      }
    }
  });

  it("has an example of every body, which the server accepts", async () => {
    const api = await readyApi();
    const { paths = {} } = await documentOf(api);
    for (const [pattern, item] of Object.entries(paths)) {
      const body = item?.post?.requestBody as OpenAPIV3_1.RequestBodyObject | undefined;
      if (body === undefined) continue;
      // the detector of the example that creates one
      const path = pattern.replace(
        "{name}",
        pattern.startsWith(DETECTORS) ? "sensor_anomaly" : "room",
      );
      const answer = await api.post(path, body.content["application/json"]?.example);
      expect([200, 201], `${path} ${JSON.stringify(answer.body)}`).toContain(answer.status);
    }
  });

  it("has the limits, times and lines of requests as the server takes them", async () => {
    const api = await readyApi();
    const { paths = {} } = await documentOf(api);
    const rowsOf = paths[`${BUFFERS}/{name}/rows`]?.get;
    const schemaOf = (name: string): unknown => {
      const found = rowsOf?.parameters?.find((one) => "name" in one && one.name === name);
      return (found as OpenAPIV3_1.ParameterObject | undefined)?.schema;
    };
    expect(schemaOf("limit")).toEqual({ type: "integer", minimum: 1, maximum: 100_000 });
    const since = schemaOf("since") as { anyOf: { minimum?: number; exclusiveMaximum?: number }[] };
    const limits = since.anyOf.flatMap(({ minimum, exclusiveMaximum }) =>
      minimum === undefined ? [] : [[minimum, exclusiveMaximum]],
    );
    expect(limits.length).toBe(3);
    for (const [least = 0, end = 0] of limits as [number, number][]) {
      const statuses = [least - 1, least, end - 1, end].map(async (value) => {
        return (await api.get(`${BUFFERS}/room/rows?since=${value}`)).status;
      });
      expect(await Promise.all(statuses), `${least}`).toEqual([422, 200, 200, 422]);
    }
    const readings = paths[`${PIPELINES}/{name}/readings`]?.post;
    const { content } = (readings?.requestBody ?? { content: {} }) as OpenAPIV3_1.RequestBodyObject;
    expect(content["application/x-ndjson"]).toEqual({});
    const reply = readings?.responses?.["200"] as OpenAPIV3_1.ResponseObject;
    expect(Object.keys(reply.content ?? {})).toEqual(["application/json", "application/x-ndjson"]);
  });

  it("describes every operation and every parameter", async () => {
    const { paths = {} } = await documentOf(await startApi());
    for (const item of Object.values(paths)) {
      for (const operation of Object.values(item ?? {}) as OpenAPIV3_1.OperationObject[]) {
        expect(operation.summary).toMatch(/^[A-Z]/);
        for (const parameter of (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[]) {
          expect(parameter.description, `${operation.summary} ${parameter.name}`).toBeTruthy();
        }
      }
    }
  });
});

describe("docs/http-api.md", () => {
  it("has exactly one row for each operation", () => {
    const documented = tableRows(section(readPage("docs/http-api.md"), "## Paths")).map(
      ([first = ""]) => first.replaceAll("`", ""),
    );
    expect(documented.sort()).toEqual(Object.keys(walks).sort());
  });
});

describe("/docs", () => {
  it("has every operation with fields and a command, and loads nothing", async () => {
    const api = await startApi();
    const { body, headers } = await api.get("/docs");
    const page = body as string;
    for (const key of Object.keys(walks)) expect(page).toContain(key.split(" ")[1] ?? "");
    expect(page).toContain("<code>features[].window</code>");
    expect(page).toContain("curl http://localhost:14345/v1/ml/polars/buffers");
    expect(page).not.toMatch(/<(script|img|link|iframe)|src=|url\(|@import/);
    expect(page.length).toBeLessThan(100_000);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
  });
});
