import type { OpenAPIV3_1 } from "openapi-types";
import { expect, it } from "vitest";
import { rollingFunctions } from "../../../../src/core/features/registry.ts";
import { type Served, serveIn } from "../../../support/serve-process.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

type Document = OpenAPIV3_1.Document;
type Schema = OpenAPIV3_1.SchemaObject;
type Path = readonly (string | number)[];

/** A place in a JSON text where another text goes. */
const HOLE = '"@hole@"';

const nested = (levels: number, open: string, close: string): string =>
  open.repeat(levels) + close.repeat(levels);

const DEPTHS = [10, 60, 64, 1000, 8000, 50_000];

/** Texts of values that are unusual in depth, magnitude or width. */
const wild: readonly string[] = [
  ...DEPTHS.map((levels) => nested(levels, "[", "]")),
  ...DEPTHS.map((levels) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`),
  ...["0", "-0", "1", "-1", "0.1", "1e308", "-1e308", "1.7976931348623157e308", "1e400", "-1e400"],
  ...["5e-324", "1e-400", "9007199254740993", "-9007199254740993", "4294967296", "2147483648"],
  ...["8640000000000000", "8640000000000001", "-8640000000000001", "253402300800", "1e15", "1e18"],
  "1".repeat(5000),
  `0.${"1".repeat(5000)}`,
  ...["true", "false", "null", '""', "{}", "[]", "[[]]", "[{}]", "[null]", '" "', '"\\u0000"'],
  ...['"1e308"', '"-1e308"', '"1e400"', '"Infinity"', '"NaN"', '"9".', '"\\ud800"', '"\\u202e"'],
  ...['"+275760-09-13T00:00:00Z"', '"-271821-04-20T00:00:00Z"', '"0000-01-01T00:00:00Z"'],
  ...['"9999-12-31T23:59:59.999Z"', '"1970-01-01T00:00:00Z"', '"2026-02-30T00:00:00Z"'],
  ...['"1000000000d"', '"0s"', '"1ms"', '"5m"', '"..."', '"__proto__"', '"constructor"', '"a/b"'],
  JSON.stringify("x".repeat(100_000)),
  JSON.stringify("é".repeat(100_000)),
  JSON.stringify("[".repeat(1000)),
  ...[100, 5000].map((n) => `{${repeat(n, (i) => `"k${i}":${i}`)}}`),
  ...[100, 5000].map((n) => `[${repeat(n, (i) => `${i}`)}]`),
  `[${repeat(2000, (i) => `"k${i}"`)}]`,
  `[${repeat(2000, () => "{}")}]`,
  `[${repeat(2000, () => "1e308")}]`,
  `{${repeat(500, (i) => `"k${i}":{"k":[1e308]}`)}}`,
];

function repeat(n: number, item: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => item(i)).join(",");
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function ask(
  { port }: Served,
  method: string,
  path: string,
  body?: string,
  type = "application/json",
): Promise<Reply> {
  const headers = body === undefined ? {} : { "content-type": type };
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await reply.text();
  return { status: reply.status, type: reply.headers.get("content-type") ?? "", text };
}

/** Paths of the values of an example, and of what its schema allows beside them. */
function* places(value: unknown, schema: Schema | undefined, path: Path = []): Generator<Path> {
  yield path;
  if (Array.isArray(value)) {
    const items = (schema as { items?: Schema } | undefined)?.items;
    yield* places(value[0] ?? null, items, [...path, 0]);
    yield [...path, value.length];
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, Schema>>;
  for (const name of new Set([...Object.keys(value), ...Object.keys(properties), "another"])) {
    yield* places((value as Record<string, unknown>)[name], properties[name], [...path, name]);
  }
}

/** Text of the example with a hole at `path`. */
function holed(example: unknown, path: Path): string {
  const copy = structuredClone({ whole: example }) as Record<string | number, unknown>;
  let parent = copy;
  const steps = ["whole", ...path];
  for (const step of steps.slice(0, -1)) parent = parent[step] as typeof parent;
  parent[steps.at(-1) as string] = JSON.parse(HOLE);
  return JSON.stringify(copy["whole"]);
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly example: unknown;
  readonly schema: Schema | undefined;
}

const NAMES: readonly (readonly [prefix: string, name: string])[] = [
  ["/v1/ml/polars/", "sensor_metrics"],
  ["/v1/ml/anomaly/", "sensor_anomaly"],
  ["/v1/ml/pipelines", "boiler"],
];

const named = (path: string): string =>
  path.replace("{name}", NAMES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? "");

function operationsOf({ paths = {} }: Document): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).flatMap(([method, operation]) => {
      const { requestBody } = operation as OpenAPIV3_1.OperationObject;
      const media = (requestBody as OpenAPIV3_1.RequestBodyObject | undefined)?.content;
      const json = media?.["application/json"];
      if (json === undefined) return [];
      const { example, schema } = json as { example?: unknown; schema?: Schema };
      return [{ method: method.toUpperCase(), path: named(path), example, schema }];
    }),
  );
}

function queriesOf({ paths = {} }: Document): readonly string[] {
  const found = Object.entries(paths)
    .filter(([path, item]) => item?.get !== undefined && !path.endsWith("/events"))
    .map(([path]) => named(path));
  const rows = "/v1/ml/polars/buffers/sensor_metrics/rows";
  return [
    ...found.map((path) => (path.endsWith("/trace") ? `${path}?sensor_id=sensor-01` : path)),
    ...["csv", "parquet"].map((format) => `${rows}?format=${format}`),
  ];
}

/** Definitions of the examples, with every rolling function, so that wild readings go through all of them. */
async function define(server: Served, operations: readonly Operation[]): Promise<void> {
  for (const { method, path, example } of operations) {
    await ask(server, method, path, JSON.stringify(example));
  }
  const columns = ["temperature"];
  const functions = Object.entries(rollingFunctions);
  const features = functions.map(([name, { window, columns: inputs, quantile }]) => ({
    ...{ columns, functions: [name] },
    ...(window === "none" ? {} : { windows: [3] }),
    ...(inputs === 2 ? { other: "temperature" } : {}),
    ...(quantile ? { quantile: 0.5 } : {}),
  }));
  const body = JSON.stringify({ features });
  const path = "/v1/ml/polars/buffers/sensor_metrics/features";
  expect((await ask(server, "POST", path, body)).status).toBe(200);
}

/** Sends requests and checks that none fails. */
class Fuzz {
  sent = 0;
  /** Methods and paths with a successful reply. */
  readonly accepted = new Set<string>();
  readonly #server: Served;

  constructor(server: Served) {
    this.#server = server;
  }

  async send(method: string, path: string, body?: string, type?: string): Promise<void> {
    const reply = await ask(this.#server, method, path, body, type);
    const sent = `${method} ${path} ${body?.slice(0, 300)}`;
    const shown = `${sent} -> ${reply.status} ${reply.text.slice(0, 500)}`;
    expect(reply.status, shown).toBeLessThan(500);
    if (reply.status >= 400) expect(reply.type, shown).toContain("application/problem+json");
    else this.accepted.add(`${method} ${path}`);
    this.sent += 1;
  }

  /** Puts every wild value at every place of a body, and then reads what has become of it. */
  async bodiesOf(operation: Operation, queries: readonly string[]): Promise<void> {
    const { method, path, example, schema } = operation;
    for (const place of places(example, schema)) {
      const [before, after] = holed(example, place).split(HOLE) as [string, string];
      for (const value of wild) await this.send(method, path, before + value + after);
      for (const query of queries) await this.send("GET", query);
    }
  }

  async linesOf({ method, path, example }: Operation): Promise<void> {
    const line = JSON.stringify((example as { rows: unknown[] }).rows[0]);
    for (const value of wild) {
      const text = `${line}\n${value}\n{"temperature":${value}}\n`;
      await this.send(method, path, text, "application/x-ndjson");
    }
  }
}

it("no body of unusual depth, magnitude or width makes the server fail", async () => {
  const server = await serveIn(await tempFolder());
  const document = JSON.parse((await ask(server, "GET", "/openapi.json")).text) as Document;
  const operations = operationsOf(document);
  const queries = queriesOf(document);
  expect(operations.length).toBeGreaterThanOrEqual(7);
  await define(server, operations);
  const fuzz = new Fuzz(server);
  for (const operation of operations) {
    const { method, path } = operation;
    await fuzz.bodiesOf(operation, queries);
    if (path.endsWith("/readings")) await fuzz.linesOf(operation);
    if (method === "PUT") for (const text of wild) await fuzz.send(method, path, text, "text/yaml");
  }
  expect(fuzz.sent).toBeGreaterThan(3000);
  for (const { method, path } of operations) expect(fuzz.accepted).toContain(`${method} ${path}`);
  for (const query of queries) expect(fuzz.accepted).toContain(`GET ${query}`);
  expect(server.child.exitCode).toBeNull();
});
