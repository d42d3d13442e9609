import { z } from "zod";
import { FORMAT_NAMES } from "../../io/decoders/registry.ts";
import { text } from "../../io/setting-values.ts";
import { sourceTypes } from "../../io/sources/registry.ts";
import { componentUnion } from "./component-union.ts";
import { timeSchema } from "./time.ts";

const columns = z.strictObject({
  include: z
    .array(text)
    .default([])
    .describe(
      "Columns that are read although they would be left out, such as signal strength; they win over exclude.",
    ),
  exclude: z.array(text).default([]).describe("Columns that are not read."),
});
const names = z.union([text.transform((name) => [name]), z.array(text).min(1)]);

/** `pivot`: each value of `name` becomes a column, with the numbers of `value`. */
const pivot = z.union([
  z.literal(false),
  z.strictObject({
    name: names,
    value: text,
    path: z
      .boolean()
      .default(false)
      .describe("Whether the name is the end of a path, whose other parts name the sensor."),
  }),
]);

/** Column of the values of a wide table. */
export const DEFAULT_VALUE = "value";

/** `melt`: columns become sensors. */
const melt = z.union([
  z.literal(false),
  z.strictObject({
    columns: names.describe("One column for each sensor; * stands for any text."),
    value: text.default(DEFAULT_VALUE).describe("Column of their values."),
    key: text
      .default("sensor")
      .describe("Column of the sensors, which have the names of the columns."),
  }),
]);
const missingValues = z.array(z.union([z.number(), text]));

/** `missing`: a list for all columns, or lists by column; the result always is by column, `*` is all. */
const missing = z.union([
  missingValues.transform((all) => ({ "*": all })),
  z.record(text, missingValues),
]);

/** Settings of every source. */
const shared = {
  format: z
    .enum(["auto", ...FORMAT_NAMES])
    .default("auto")
    .describe("How readings are written; auto detects it from the first bytes."),
  rename: z.record(text, text).default({}).describe("New names of columns of the input."),
  columns: columns
    .optional()
    .describe("Columns that are read or not, by their names after rename; * stands for any text."),
  pivot: pivot
    .optional()
    .describe(
      "Rows hold one quantity each: name is the column with its name, or several, value that with its number. " +
        "Each quantity becomes a column. false: none do. By default decided from the first rows.",
    ),
  melt: melt
    .optional()
    .describe(
      "Columns that hold the same quantity of one sensor each: { columns: 'room*', value: temperature }. " +
        "Each becomes a sensor. false: none do. By default decided from the first rows.",
    ),
  values: z
    .record(text, z.record(text, z.number()))
    .optional()
    .describe("Number of each word of a column: { door: { open: 1, ajar: 0.5, closed: 0 } }."),
  missing: missing
    .optional()
    .describe(
      "Numbers and words that stand for no value: [-127, err], or by column: { temp: [85], '*': [err] }. " +
        "By default known error codes far from all other values.",
    ),
  decimal_mark: z
    .enum([".", ","])
    .optional()
    .describe("By default decided from the first rows, for each column."),
  set: z
    .record(text, z.union([text, z.number()]).transform(String))
    .default({})
    .describe("Added columns, with the text that every reading gets."),
  labels: z
    .array(text)
    .optional()
    .describe(
      "Columns (0 or 1) that mark true anomalies; never features. " +
        "By default those with a known name: anomaly, is_anomaly, label, EVENT, changepoint.",
    ),
  out_of_order: z
    .enum(["process", "drop"])
    .default("process")
    .describe("Whether a reading older than the one before it is used; it is always counted."),
  time: timeSchema
    .prefault({})
    .describe("How times are written, and which times of readings are believed."),
};

const source = componentUnion(sourceTypes, shared);

/** `source`: where readings come from; one, or a list. */
export const sourcesSchema = z.union([z.array(source).min(1), source]);

/** One entry of `source`, checked. */
export type SourceConfig = z.output<typeof source>;
