import { z } from "zod";
import { duration, text } from "../../io/setting-values.ts";

/** A port that is opened anew more often than that never gets to speak. */
const LEAST_STALE_MS = 1000;

const shared = {
  format: z
    .enum(["auto", "csv", "jsonl", "keyvalue", "influx", "parquet"])
    .default("auto")
    .describe("How readings are written; auto looks at the first bytes."),
  rename: z
    .record(text, text)
    .default({})
    .describe("Column of the input to column of the pipeline."),
  set: z
    .record(text, z.union([text, z.number()]).transform(String))
    .default({})
    .describe("Columns that are not in the input, with the text that every reading gets."),
  labels: z
    .array(text)
    .optional()
    .describe(
      "Columns (0 or 1) that say what was really wrong: never features. " +
        "By default those with a known name: anomaly, is_anomaly, label, EVENT, changepoint.",
    ),
  out_of_order: z
    .enum(["process", "drop"])
    .default("process")
    .describe("What happens to a reading older than the one before it; it is counted either way."),
};

const source = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("file"),
    path: z
      .union([text, z.array(text).min(1)])
      .describe("File or files, relative to the working directory; globs allowed."),
    ...shared,
  }),
  z.strictObject({ type: z.literal("stdin"), ...shared }),
  z.strictObject({
    type: z.literal("serial"),
    path: text.describe("Device, e.g. /dev/serial/by-id/usb-Arduino*."),
    baud: z
      .union([z.int().min(50).max(4_000_000), z.literal("auto")], {
        error: "must be a number from 50 to 4000000, or auto",
      })
      .default(115_200)
      .describe("Bits per second; auto tries the common ones until lines make sense."),
    rtscts: z.boolean().default(false).describe("Whether the hardware says when it is ready."),
    stale_after: duration
      .refine((ms) => ms >= LEAST_STALE_MS, { error: "must be 1s or longer" })
      .optional()
      .describe("A port that is silent for so long is opened again, which resets many boards."),
    ...shared,
  }),
  z.strictObject({ type: z.literal("http"), ...shared }),
]);

/** `source`: where readings come from; one, or a list. */
export const sourcesSchema = z.union([z.array(source).min(1), source]);

/** One entry of `source`, checked. */
export type SourceConfig = z.output<typeof source>;
