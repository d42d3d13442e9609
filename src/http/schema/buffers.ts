import { z } from "zod";
import { bufferSchema } from "../../config/schema/buffer.ts";
import { text } from "../../io/setting-values.ts";
import { columnTypes, flag, name, rowList, warning } from "./values.ts";

/** Body that creates a buffer. */
export const bufferBody = z
  .strictObject({
    name,
    schema: columnTypes.describe("Maps a column to its type: datetime, str, float, int or bool."),
    max_rows: bufferSchema.shape.max_rows,
    key: text
      .nullable()
      .optional()
      .describe(
        "Column that names the sensor; null: all rows are one sensor. By default found by name.",
      ),
  })
  .refine(({ schema, key }) => typeof key !== "string" || Object.hasOwn(schema, key), {
    path: ["key"],
    error: "must be a column of `schema`",
  })
  .meta({
    example: {
      name: "sensor_metrics",
      schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" },
      max_rows: 10_000,
    },
  });

/** `?replace=true` replaces an existing definition. */
export const replaceQuery = z.strictObject({
  replace: flag.describe("Replace an existing, different definition; its rows are lost."),
});

const bufferVariant = z.object({
  schema: z.record(z.string(), z.string()),
  max_rows: z.int(),
  key: z.string().nullable(),
});

const bufferFields = {
  name: z.string(),
  schema: z.record(z.string(), z.string()),
  max_rows: z.int(),
  current_rows: z.int(),
  key: z
    .string()
    .nullable()
    .describe("Column that names the sensor; null: all rows belong to one sensor."),
  rows_appended: z.int().describe("All rows appended so far."),
  rows_evicted: z.int().describe("Rows removed because of `max_rows`."),
  sensors: z.int(),
  features: z.array(z.string()),
  detectors: z.array(z.string()).describe("Detectors that observe the buffer."),
  variants: z
    .array(bufferVariant)
    .describe("Other definitions that were refused with 409; features may use their columns."),
};

/** A buffer. */
export const bufferReply = z.object(bufferFields);

/** A created, existing or replaced buffer. */
export const bufferCreatedReply = z.object({
  ...bufferFields,
  status: z.enum(["created", "exists", "replaced"]),
  warnings: z.array(warning),
});

/** All buffers. */
export const bufferListReply = z.object({ buffers: z.array(bufferReply) });

/** Reply to a deletion. */
export const deletedReply = z.object({ name: z.string(), status: z.literal("deleted") });

/** Body of an append. */
export const appendBody = z.strictObject({ rows: rowList }).meta({
  example: {
    rows: [{ timestamp: "2026-03-01T09:30:00", sensor_id: "sensor-01", temperature: 21.5 }],
  },
});

/** Query of an append. */
export const appendQuery = z.strictObject({
  strict: flag.describe("Reject the whole call if a cell is unusable."),
});

/** Reply to an append. */
export const appendReply = z.object({
  rows_appended: z.int(),
  current_rows: z.int(),
  rows_rejected: z.int().describe("Rows of sensors above the limit; not stored."),
  rows_evicted: z.int().describe("Rows removed by this call."),
  ignored_columns: z.array(z.string()).describe("Columns that the buffer does not have."),
  warnings: z.array(warning).describe("The first hundred warnings."),
  warning_count: z.int(),
});
