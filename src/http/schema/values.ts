/**
 * Kinds of value that several requests and replies share.
 *
 * @module
 */
import { z } from "zod";
import { bufferSchema } from "../../config/schema/buffer.ts";
import { SEVERITIES } from "../../core/alerts/severity.ts";

const NAME_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,64}$/;

/** Name of a buffer, detector or pipeline: goes into URLs as it is. */
export const name = z
  .string()
  .regex(NAME_PATTERN, { error: "must be 1 to 64 letters, digits, dots, dashes or underscores" })
  .describe("1 to 64 letters, digits, dots, dashes or underscores.");

/** `{name}` in a path. Any text: what does not exist is not found, however it is spelled. */
export const nameParams = z.object({ name: z.string().describe("Its name.") });

/** `?flag=true` in a URL. */
export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");

/** `?limit=` in a URL: most that is wanted. */
export function limit(most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, { error: `must be a whole number, 1 to ${most}` })
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .describe(`At most this many; 1 to ${most}.`);
}

/** Column to type, as declared. */
export const columnTypes = z.preprocess((value, context) => {
  // a record would skip it without a word
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")) {
    context.addIssue({ code: "custom", message: "__proto__ can't be the name of a column" });
  }
  return value;
}, bufferSchema.shape.schema.unwrap());

/** Feature to value, in replies. Any name will do, while zod's own records skip `__proto__`. */
export const featureValues = z
  .custom<Readonly<Record<string, number | null>>>(
    (values) =>
      isObject(values) &&
      Object.values(values as object).every((value) => value === null || Number.isFinite(value)),
  )
  .meta({ type: "object", additionalProperties: { type: ["number", "null"] } });

/** Feature to value as it comes: looked at value by value by the detector, not here. */
export const givenFeatures = z
  .custom<Readonly<Record<string, unknown>>>(isObject, {
    error: "must be an object of feature names to numbers or null",
  })
  .meta({ type: "object", additionalProperties: true });

/** Rows as they come: looked at cell by cell by the buffer, not here. */
export const rowList = z
  .custom<readonly Readonly<Record<string, unknown>>[]>(Array.isArray, {
    error: "must be a list of objects, one a row: [{...}, {...}]",
  })
  .superRefine((rows, context) => {
    const wrong = Array.isArray(rows) ? rows.findIndex((row) => !isObject(row)) : -1;
    if (wrong < 0) return;
    context.addIssue({ code: "custom", path: [wrong], message: "must be an object, {...}" });
  })
  .meta({
    type: "array",
    items: { type: "object", additionalProperties: true },
    description: "Column to value, one object a row.",
  });

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A time in replies: ISO 8601, UTC, milliseconds. */
export const time = z.string().describe("ISO 8601, UTC.");

/** Something that was not as it should be, and did not stop the rest. */
export const warning = z.object({
  field: z.string().describe("Where, e.g. `rows.3.temperature`."),
  message: z.string(),
});

/** A severity by name, in replies. */
export const severity = z.enum(SEVERITIES).nullable();
