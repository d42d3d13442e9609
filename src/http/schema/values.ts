/**
 * Types of values that several requests and replies share.
 *
 * @module
 */
import { z } from "zod";
import { bufferSchema } from "../../config/schema/buffer.ts";
import { SEVERITIES } from "../../core/alerts/severity.ts";

const NAME_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,64}$/;

/** Name of a buffer, detector or pipeline, usable in URLs without escapes. */
export const name = z
  .string()
  .regex(NAME_PATTERN, { error: "must be 1 to 64 letters, digits, dots, dashes or underscores" })
  .describe("1 to 64 letters, digits, dots, dashes or underscores.");

/** `{name}` in a path. Accepts any text: an unknown name is `not-found`. */
export const nameParams = z.object({
  name: z.string().describe("Name of the buffer, detector or pipeline."),
});

/** `?flag=true` in a URL. */
export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");

/** `?limit=` in a URL. */
export function limit(max: number) {
  return (
    z
      .string()
      .regex(/^\d{1,9}$/, { error: `must be a whole number, 1 to ${max}` })
      .transform(Number)
      .pipe(z.int().min(1).max(max))
      // the description of a text would also fit 0 and numbers above the limit
      .meta({ type: "integer", minimum: 1, maximum: max, pattern: undefined })
      .describe(`Maximum number; 1 to ${max}.`)
  );
}

/** Maps a column to its declared type. */
export const columnTypes = z.preprocess((value, context) => {
  // zod's records skip this key silently
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")) {
    context.addIssue({ code: "custom", message: "__proto__ cannot be the name of a column" });
  }
  return value;
}, bufferSchema.shape.schema.unwrap());

/** Maps a feature to its value, in replies. Accepts any name; zod's records skip `__proto__`. */
export const featureValues = z
  .custom<Readonly<Record<string, number | null>>>(
    (values) =>
      isObject(values) &&
      Object.values(values as object).every((value) => value === null || Number.isFinite(value)),
  )
  .meta({ type: "object", additionalProperties: { type: ["number", "null"] } });

/** Maps a feature to a value, in requests. The detector checks the values. */
export const givenFeatures = z
  .custom<Readonly<Record<string, unknown>>>(isObject, {
    error: "must be an object of feature names to numbers or null",
  })
  .meta({ type: "object", additionalProperties: true });

/** Rows in requests. The buffer checks the cells. */
export const rowList = z
  .custom<readonly Readonly<Record<string, unknown>>[]>(Array.isArray, {
    error: "must be a list of objects, one per row: [{...}, {...}]",
  })
  .superRefine((rows, context) => {
    const wrong = Array.isArray(rows) ? rows.findIndex((row) => !isObject(row)) : -1;
    if (wrong < 0) return;
    context.addIssue({ code: "custom", path: [wrong], message: "must be an object, {...}" });
  })
  .meta({
    type: "array",
    items: { type: "object", additionalProperties: true },
    description: "One object per row; each maps a column to its value.",
  });

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A time in replies: ISO 8601, UTC, with milliseconds. */
export const time = z.string().describe("ISO 8601, UTC.");

/** A fault that did not stop the call. */
export const warning = z.object({
  field: z.string().describe("Place, e.g. `rows.3.temperature`."),
  message: z.string(),
});

/** A severity in replies. */
export const severity = z.enum(SEVERITIES).nullable();
