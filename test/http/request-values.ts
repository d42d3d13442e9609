/**
 * Values of which requests are made that somebody careless or hostile might send.
 *
 * @module
 */
import fc from "fast-check";

/** A request that somebody careless or hostile might send. */
export interface WildRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly type: string;
  readonly body: string | undefined;
}

export const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "room", "__proto__", "constructor") },
  { weight: 1, arbitrary: fc.string({ maxLength: 80 }).map(encodeURIComponent) },
  { weight: 1, arbitrary: fc.constantFrom("..", ".", "%00", "%zz", "a%2fb", "%E2%80%AE") },
);

export const words = fc.constantFrom(
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

export const scalar = fc.oneof(
  words,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(1e308, -1e308, 5e-324, 2 ** 53, "5m", "1e400", "2026-03-01T09:30:00", "NaN"),
);

export const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(words, fc.string({ maxLength: 12 })), tie("value"), { maxKeys: 6 }),
  ),
}));

export const column = fc.constantFrom(
  "temperature",
  "timestamp",
  "sensor_id",
  "on",
  "constructor",
  "v",
);
export const type = fc.constantFrom("datetime", "str", "float", "int", "bool", "double");
export const plain = fc.constantFrom("a", "b", "room", "constructor", "__proto__");

/** Rows of a buffer or a pipeline. */
export const someRows = fc.record({
  rows: fc.array(fc.dictionary(column, anything, { maxKeys: 6 }), { maxLength: 60 }),
});
