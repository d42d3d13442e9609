import { z } from "zod";
import { text } from "./values.ts";

const columnType = z.enum(["datetime", "str", "float", "int", "bool"]);

/** What a column holds, as declared in `buffer.schema`. */
export type ColumnType = z.output<typeof columnType>;

/** `buffer`: the columns of a reading, and how much history is held. */
export const bufferSchema = z.strictObject({
  name: text.optional().describe("Name of the buffer; by default the pipeline's."),
  schema: z
    .record(text, columnType)
    .optional()
    .describe(
      "Column to type. Without it, columns come from the input; with it, others are ignored.",
    ),
  max_rows: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000)
    .describe("Rows held; the oldest leave first. No window can be larger."),
  key: text
    .nullable()
    .optional()
    .describe(
      "Column that names the sensor: one set of windows and one model each. " +
        "null: all rows are one sensor. By default found by name.",
    ),
  max_keys: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000)
    .describe("Most sensors; rows of further ones are rejected and counted."),
});

/** `buffer`, checked. */
export type BufferConfig = z.output<typeof bufferSchema>;
