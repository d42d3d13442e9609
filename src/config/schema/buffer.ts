import { z } from "zod";
import { text } from "../../io/setting-values.ts";

const columnType = z.enum(["datetime", "str", "float", "int", "bool"]);

/** Type of a column in `buffer.schema`. */
export type ColumnType = z.output<typeof columnType>;

const column = z
  .strictObject({
    unit: text.max(20).optional().describe("For people, e.g. °C."),
    min: z.number().optional().describe("A lower value is implausible and counts as missing."),
    max: z.number().optional().describe("A higher value is implausible and counts as missing."),
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    error: "min is above max",
  });

/** `buffer`: the columns of a reading, and how much history is held. */
export const bufferSchema = z.strictObject({
  name: text.optional().describe("Name of the buffer; by default the pipeline's."),
  schema: z
    .record(text, columnType)
    .optional()
    .describe(
      "Type of each column. Without it, columns come from the input; with it, others are ignored.",
    ),
  columns: z
    .record(text, column)
    .optional()
    .describe("Unit and plausible values of numeric columns."),
  max_rows: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000)
    .describe("Rows held; the oldest are removed first. No window can be larger."),
  key: z
    .union([text, z.array(text).min(1)])
    .nullable()
    .optional()
    .describe(
      "Column that names the sensor, or several: their values are joined by a slash. Each sensor has its own windows " +
        "and model. null: all rows are one sensor. By default found by name.",
    ),
  join: z
    .boolean()
    .optional()
    .describe(
      "Whether rows of one sensor with the same time are one reading, unless a column has a value in both. " +
        "By default decided from the first rows.",
    ),
  max_keys: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000)
    .describe("Maximum number of sensors; rows of further ones are rejected and counted."),
});

/** `buffer`, checked. */
export type BufferConfig = z.output<typeof bufferSchema>;
