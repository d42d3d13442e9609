import fc from "fast-check";
import {
  anything,
  column,
  plain,
  scalar,
  someRows,
  type,
  type WildRequest,
  words,
} from "./request-values.ts";
import { PIPELINES } from "./support.ts";

/** Few, so that readings often find a pipeline; `a` is a buffer's too. */
export const pipelineName = fc.constantFrom("kiln", "kiln", "toString", "__proto__", "a");

/** One in so many parts of a document is wrong, so that many documents have no such part. */
const ODD = 25;

const mostly = (right: fc.Arbitrary<unknown>, odd: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: ODD - 1, arbitrary: right }, { weight: 1, arbitrary: odd });

const duration = mostly(fc.constantFrom("1s", "90s", "5m", "1d"), scalar);
const level = mostly(fc.constantFrom(0.05, 0.1, 1), scalar);
const numeric = mostly(fc.constantFrom("temperature", "v", "v_mean_5"), words);

const rule = mostly(
  fc.constantFrom("temperature > 40", "v < temperature", "v_mean_5 >= 1e308", "not (v / 0 > 1)"),
  fc.constantFrom("constructor > 1", "temperature >", "((((", "sensor_id = 's1'", "v > 1e400"),
);

/** Optional fields may be left out. */
const detectorOf = (
  algorithm: string,
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) =>
  fc
    .tuple(words, fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([name, fields, others]) => ({ name, algorithm, ...fields, ...others }));

const severity = mostly(fc.constantFrom("info", "warning", "critical"), words);

const detector = fc.oneof(
  detectorOf(
    "ecod",
    { features: fc.uniqueArray(numeric, { minLength: 1, maxLength: 3 }) },
    { warmup_period: mostly(fc.integer({ min: 10, max: 40 }), scalar), contamination: level },
  ),
  detectorOf("threshold", { when: rule }, { clear_when: rule, severity }),
  detectorOf("stuck", { column: numeric, after: duration }, { tolerance: level }),
  detectorOf("silent", { after: duration }, { severity }),
  detectorOf("rate_of_change", { column: numeric, per: duration, max_change: level }),
);

const mean = { name: "v_mean_5", column: "v", function: "mean", window: 5 };

const feature = fc.record({
  name: words,
  column: mostly(fc.constantFrom("v", "temperature"), words),
  function: mostly(fc.constantFrom("mean", "std", "slope"), words),
  window: mostly(fc.constantFrom(1, 5, 300, "5s", "1h"), scalar),
});

const alerts = fc.record(
  {
    for: mostly(fc.constantFrom(1, 3, "3 of 5", "2m"), fc.constant("5 of 3")),
    cooldown: duration,
    resolve_after: mostly(fc.constantFrom(1, 3, "10s"), scalar),
    repeat: duration,
    labels: mostly(fc.constant({ team: "a" }), fc.dictionary(words, words, { maxKeys: 3 })),
  },
  { requiredKeys: [] },
);

/** Sinks that send nothing: the server rejects files and private addresses. */
const sink = fc.record(
  {
    type: fc.constantFrom("webhook", "slack", "alertmanager", "console", "file"),
    url: fc.constantFrom("http://127.0.0.1:9/", "http://[::1]/", "http://10.0.0.1:1/x?y", "x"),
    path: plain,
    secret: fc.constantFrom("whsec_Z2VoZWlt", "whsec_", ""),
    match: fc.dictionary(words, fc.oneof(words, fc.constantFrom("/(/", "/a+/")), { maxKeys: 2 }),
  },
  { requiredKeys: ["type"] },
);

const columns = { timestamp: "datetime", sensor_id: "str", temperature: "float", v: "float" };
const whole = fc.constantFrom(
  { schema: { ...columns, on: "bool" } },
  { schema: { ...columns, constructor: "float", toString: "float" } },
);

const oddBuffer = fc.record({
  schema: fc.dictionary(column, type, { maxKeys: 5 }),
  columns: fc.dictionary(column, fc.record({ min: scalar }, { requiredKeys: [] }), { maxKeys: 2 }),
  max_rows: fc.oneof(fc.integer({ min: -1, max: 300 }), scalar),
});

/** The document of a pipeline, nearly right or wholly. */
export const pipelineDocument = fc.record(
  {
    version: mostly(fc.constant(1), scalar),
    buffer: mostly(whole, fc.oneof(anything, oddBuffer)),
    features: fc
      .uniqueArray(feature, { maxLength: 2, selector: ({ name }) => name })
      .map((features) => [mean, ...features]),
    detectors: fc.uniqueArray(detector, { maxLength: 3, selector: ({ name }) => name }),
    alerts,
    sinks: mostly(fc.constant([]), fc.array(sink, { maxLength: 2 })),
    source: mostly(
      fc.record({ type: fc.constant("http"), rename: fc.constantFrom({}, { temp: "v" }) }),
      fc.record({
        type: fc.constantFrom("http", "stdin"),
        rename: fc.dictionary(words, column, { maxKeys: 2 }),
        set: fc.dictionary(column, words, { maxKeys: 2 }),
      }),
    ),
  },
  { requiredKeys: ["version", "buffer", "features", "detectors"] },
);

const cell = fc.oneof(fc.double({ min: -100, max: 100 }), fc.constantFrom(21, 1e308, null));

const reading = mostly(
  fc.record(
    { sensor_id: fc.constantFrom("s1", "s2"), temperature: cell, v: cell, temp: cell },
    { requiredKeys: ["sensor_id"] },
  ),
  fc.dictionary(column, anything, { maxKeys: 6 }),
);

const readings = fc.array(reading, { maxLength: 60 });

/** Rows, one a line; some lines are none. */
const readingLines = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: reading.map((row) => JSON.stringify(row)) },
      { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
    ),
    { maxLength: 40 },
  )
  .map((lines) => lines.join("\n"));

const toReadings = fc
  .tuple(
    pipelineName,
    fc.constantFrom("", "", "?strict=true", "?results=none", "?results=anomalies"),
  )
  .map(([name, query]) => `${PIPELINES}/${name}/readings${query}`);

const request = (
  method: WildRequest["method"],
  url: fc.Arbitrary<string>,
  type: string,
  body: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<WildRequest> =>
  fc.tuple(url, body).map(([url, body]) => ({ method, url, type, body }));

const document = pipelineDocument.map((value) => JSON.stringify(value)); // JSON is YAML
const rows = fc.oneof(readings, someRows).map((value) => JSON.stringify(value));
const own = pipelineName.map((name) => `${PIPELINES}/${name}`);

/** Requests to pipelines that mean something, with bodies that may. */
export const meantForPipelines: fc.Arbitrary<WildRequest> = fc.oneof(
  { weight: 3, arbitrary: request("PUT", own, "application/json", document) },
  { weight: 1, arbitrary: request("PUT", own, "application/yaml", document) },
  { weight: 3, arbitrary: request("POST", toReadings, "application/json", rows) },
  { weight: 3, arbitrary: request("POST", toReadings, "application/x-ndjson", readingLines) },
  { weight: 1, arbitrary: request("GET", own, "", fc.constant(undefined)) },
  { weight: 1, arbitrary: request("DELETE", own, "", fc.constant(undefined)) },
);
