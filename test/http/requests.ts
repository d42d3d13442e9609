import fc from "fast-check";
import { meantForPipelines, pipelineDocument, pipelineName } from "./pipeline-requests.ts";
import {
  anything,
  column,
  name,
  plain,
  scalar,
  someRows,
  type,
  type WildRequest,
  words,
} from "./request-values.ts";
import { BUFFERS, DETECTORS, PIPELINES } from "./support.ts";

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
  pipelineDocument,
);

const body = fc.oneof(
  { weight: 6, arbitrary: nearly.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: anything.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom("", "[", "[".repeat(5000), '{"rows":[NaN]}', "1e999") },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(BUFFERS, DETECTORS, PIPELINES) },
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
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.oneof(name, pipelineName),
        // events that are followed never end
        fc.constantFrom("", "", "/readings", "/events?types=x", "/events/x", "/append"),
      )
      .map(([own, rest]) => `${PIPELINES}/${own}${rest}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("/", "/healthz", "/readyz", "/metrics", "/docs", "//", "/v1"),
  },
);

const query = fc.constantFrom(
  ...["", "", "", "", "?strict=true", "?replace=true", "?sensor_id=s1", "?sensor_id=%00", "?x=1"],
  ...["?strict=true&strict=false", "?__proto__=1", "?=", "?limit=-1", "?replace=maybe"],
  ...["?results=none", "?results=anomalies&strict=true"],
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
  { weight: 4, arbitrary: meant },
  { weight: 2, arbitrary: meantForPipelines },
  { weight: 3, arbitrary: careless },
);
