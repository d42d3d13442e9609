import fc from "fast-check";
import { BUFFERS, DETECTORS } from "./support.ts";

/** A request that somebody careless or hostile might send. */
export interface WildRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly type: string;
  readonly body: string | undefined;
}

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "room", "__proto__", "constructor") },
  { weight: 1, arbitrary: fc.string({ maxLength: 80 }).map(encodeURIComponent) },
  { weight: 1, arbitrary: fc.constantFrom("..", ".", "%00", "%zz", "a%2fb", "%E2%80%AE") },
);

const words = fc.constantFrom(
  ...["name", "schema", "rows", "features", "algorithm", "ecod", "float", "datetime", "str"],
  ...["temperature", "timestamp", "sensor_id", "mean", "function", "column", "window", "columns"],
  ...[
    "functions",
    "windows",
    "contamination",
    "warmup_period",
    "max_rows",
    "key",
    "learn",
    "buffer",
  ],
  ...["__proto__", "constructor", "toString", "length", "temperature_mean_5", "temperature_q95_9"],
);

const scalar = fc.oneof(
  words,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(1e308, -1e308, 5e-324, 2 ** 53, "5m", "1e400", "2026-03-01T09:30:00", "NaN"),
);

const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(words, fc.string({ maxLength: 12 })), tie("value"), { maxKeys: 6 }),
  ),
}));

const column = fc.constantFrom("temperature", "timestamp", "sensor_id", "on", "constructor", "v");
const type = fc.constantFrom("datetime", "str", "float", "int", "bool", "double");
const plain = fc.constantFrom("a", "b", "room", "constructor", "__proto__");

// Bodies that are nearly right.

const newBuffer = fc.record(
  {
    name: plain,
    schema: fc.dictionary(column, type, { maxKeys: 5 }),
    max_rows: fc.oneof(fc.integer({ min: -1, max: 300 }), scalar),
    key: fc.oneof(column, fc.constant(null)),
  },
  { requiredKeys: ["name", "schema"] },
);

const someRows = fc.record({
  rows: fc.array(fc.dictionary(column, anything, { maxKeys: 6 }), { maxLength: 60 }),
});

const newFeatures = fc.record({
  features: fc.array(
    fc.record({
      name: fc.oneof(words, column),
      column,
      function: fc.constantFrom(
        "mean",
        "std",
        "median",
        "slope",
        "diff",
        "quantile",
        "corr",
        "avg",
      ),
      window: fc.oneof(fc.integer({ min: -1, max: 400 }), fc.constantFrom("5s", "1h", "x")),
    }),
    { maxLength: 4 },
  ),
});

const newDetector = fc.record(
  {
    name: plain,
    algorithm: fc.constantFrom("ecod", "ecod", "stuck"),
    features: fc.array(fc.constantFrom("temperature", "v_mean_5", "v", "nope"), { maxLength: 4 }),
    contamination: fc.oneof(fc.constantFrom(0.05, 0.5), fc.double()),
    warmup_period: fc.integer({ min: 0, max: 40 }),
    buffer: plain,
  },
  { requiredKeys: ["name", "algorithm"] },
);

const anObservation = fc.record(
  {
    features: fc.dictionary(fc.oneof(words, column), scalar),
    sensor_id: fc.oneof(fc.constantFrom("s1", ""), scalar),
    learn: fc.boolean(),
  },
  { requiredKeys: ["features"] },
);

const nearly: fc.Arbitrary<unknown> = fc.oneof(
  newBuffer,
  someRows,
  newFeatures,
  newDetector,
  anObservation,
);

const body = fc.oneof(
  { weight: 6, arbitrary: nearly.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: anything.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom("", "[", "[".repeat(5000), '{"rows":[NaN]}', "1e999") },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(BUFFERS, DETECTORS) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom(BUFFERS, DETECTORS),
        name,
        fc.constantFrom("", "/append", "/features", "/score", "/rows", "/append/x"),
      )
      .map(([base, own, rest]) => `${base}/${own}${rest}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("/", "/healthz", "/readyz", "/metrics", "/docs", "//", "/v1"),
  },
);

const query = fc.constantFrom(
  ...["", "", "", "", "?strict=true", "?replace=true", "?sensor_id=s1", "?sensor_id=%00", "?x=1"],
  ...["?strict=true&strict=false", "?__proto__=1", "?=", "?limit=-1", "?replace=maybe"],
);

/** Requests that mean something, with bodies that may. */
const meant: fc.Arbitrary<WildRequest> = fc
  .oneof(
    fc.tuple(fc.constant(BUFFERS), newBuffer),
    fc.tuple(fc.constant(DETECTORS), newDetector),
    ...[
      { base: BUFFERS, rest: "append", body: someRows, weight: 3 },
      { base: BUFFERS, rest: "features", body: newFeatures, weight: 1 },
      { base: DETECTORS, rest: "score", body: anObservation, weight: 3 },
    ].map(({ base, rest, body, weight }) => ({
      weight,
      arbitrary: fc.tuple(
        plain.map((own) => `${base}/${own}/${rest}`),
        body as fc.Arbitrary<unknown>,
      ),
    })),
  )
  .map(([url, sent]) => ({
    method: "POST",
    url,
    type: "application/json",
    body: JSON.stringify(sent),
  }));

const careless: fc.Arbitrary<WildRequest> = fc.record({
  method: fc.constantFrom("GET", "POST", "POST", "POST", "POST", "PUT", "DELETE"),
  url: fc.tuple(path, query).map((parts) => parts.join("")),
  type: fc.oneof(
    { weight: 12, arbitrary: fc.constant("application/json") },
    {
      weight: 1,
      arbitrary: fc.constantFrom("text/plain", "application/json; charset=latin1", "x", ""),
    },
  ),
  body,
});

/** Requests of all kinds. */
export const wildRequest: fc.Arbitrary<WildRequest> = fc.oneof(
  { weight: 2, arbitrary: meant },
  { weight: 1, arbitrary: careless },
);
