/**
 * Types of values that several sections of a pipeline file share.
 *
 * @module
 */
import { z } from "zod";
import type { Persistence, Span } from "../core/alerts/config.ts";
import { SEVERITIES } from "../core/alerts/severity.ts";
import { BYTE_SIZE_PATTERN, parseByteSize } from "../core/units/byte-size.ts";
import { DURATION_PATTERN, parseDuration } from "../core/units/duration.ts";

/** Maximum number of rows in a window or a rule. */
const MAX_ROWS = 10_000_000;

const rows = z.int().min(1).max(MAX_ROWS);
const durationText = z.string().regex(DURATION_PATTERN, { abort: true });

const milliseconds = (text: string): number => parseDuration(text) as number;

const toSpan = (value: number | string): Span =>
  typeof value === "number"
    ? { kind: "rows", rows: value }
    : { kind: "duration", ms: milliseconds(value) };

/** A non-empty text. */
export const text = z.string().min(1);

/** A duration such as `5m`, in milliseconds. */
export const duration = z
  .string({ error: "must be a duration such as 250ms, 30s, 5m, 4h or 2d" })
  .regex(DURATION_PATTERN, { error: "must be a duration such as 250ms, 30s, 5m, 4h or 2d" })
  .transform(milliseconds);

/** A size such as `16MiB`, in bytes. */
export const byteSize = z
  .string({ error: "must be a size such as 512KiB, 16MiB or 1GB" })
  .regex(BYTE_SIZE_PATTERN, { error: "must be a size such as 512KiB, 16MiB or 1GB" })
  .transform((size) => parseByteSize(size) as number);

/** Rows (a whole number) or a duration, above zero. */
export const rowsOrDuration = z
  .union([rows, durationText.regex(/[1-9]/, { abort: true })], {
    error: "must be a number of rows such as 10, or a duration such as 5m, above zero",
  })
  .transform(toSpan);

const OF_PATTERN = /^([1-9]\d{0,3}) of ([1-9]\d{0,3})$/;

function toPersistence(value: number | string): Persistence {
  if (typeof value === "number") return { kind: "rows", need: value, of: value };
  const [, need, of] = OF_PATTERN.exec(value) ?? [];
  return need === undefined
    ? { kind: "duration", ms: milliseconds(value) }
    : { kind: "rows", need: Number(need), of: Number(of) };
}

/** How long an anomaly must last: rows, `m of n` or a duration. */
export const persistence = z
  .union([z.int().min(1).max(9999), z.string().regex(OF_PATTERN, { abort: true }), durationText], {
    error: "must be a number of rows such as 3, a share such as 3 of 5, or a duration such as 2m",
  })
  .transform(toPersistence)
  .refine((rule) => rule.kind === "duration" || rule.need <= rule.of, {
    error: "must not need more rows than it counts",
  });

/** A severity by name. */
export const severity = z.enum(SEVERITIES);
