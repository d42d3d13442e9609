import { isoTime } from "../../core/timestamp/iso-time.ts";

/**
 * Numbers and times in JSON documents.
 *
 * @module
 */

/** A number, or null for NaN and infinities, which JSON lacks. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A time in ISO 8601 UTC, or null for NaN. @param ms Since epoch. */
export function isoOrNull(ms: number): string | null {
  return Number.isNaN(ms) ? null : isoTime(ms);
}
