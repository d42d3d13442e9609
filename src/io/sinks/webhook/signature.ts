/**
 * Signatures of Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * HMAC-SHA256 over `id.timestamp.body`.
 *
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const MS_PER_SECOND = 1000;

/** The headers of a signed message. */
export interface SignedHeaders {
  readonly id: string;
  /** Unix seconds, as text. */
  readonly timestamp: string;
  /** One or more of `v1,<base64>`, separated by spaces. */
  readonly signature: string;
}

/** Whether a signature is valid, and if not, the wrong part. */
export type Verdict =
  | { readonly holds: true; readonly ageMs: number }
  | {
      readonly holds: false;
      readonly reason: "timestamp" | "too-old" | "too-new" | "scheme" | "signature";
      /** NaN without a timestamp. */
      readonly ageMs: number;
    };

/**
 * The value of `webhook-signature`: one signature per key, so that a receiver may have the old or the new secret.
 *
 * @param timestamp Unix seconds.
 */
export function sign(keys: readonly Buffer[], id: string, timestamp: number, body: string): string {
  return keys.map((key) => `v1,${digest(key, id, `${timestamp}`, body)}`).join(" ");
}

/**
 * Verifies a message with a key, as a receiver should. Compares in constant time.
 *
 * @param now ms since epoch.
 * @param toleranceMs Largest difference between the timestamp and `now`, in either direction.
 */
export function verify(
  key: Buffer,
  { id, timestamp, signature }: SignedHeaders,
  body: Buffer,
  now: number,
  toleranceMs: number,
): Verdict {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return { holds: false, reason: "timestamp", ageMs: Number.NaN };
  }
  const ageMs = now - Number(timestamp) * MS_PER_SECOND;
  const given = signature.split(" ").filter((part) => part.startsWith("v1,"));
  if (given.length === 0) return { holds: false, reason: "scheme", ageMs };
  const wanted = Buffer.from(`v1,${digest(key, id, timestamp, body)}`);
  const isSigned = given.some((part) => {
    const bytes = Buffer.from(part);
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  });
  if (!isSigned) return { holds: false, reason: "signature", ageMs };
  if (ageMs > toleranceMs) return { holds: false, reason: "too-old", ageMs };
  if (ageMs < -toleranceMs) return { holds: false, reason: "too-new", ageMs };
  return { holds: true, ageMs };
}

function digest(key: Buffer, id: string, timestamp: string, body: string | Buffer): string {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
}

const SECRET_PREFIX = "whsec_";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The key of a secret: base64 after `whsec_`, as in Standard Webhooks, else the text itself.
 *
 * @returns Null if the text after `whsec_` is empty or not base64.
 */
export function secretKey(secret: string): Buffer | null {
  if (!secret.startsWith(SECRET_PREFIX)) return secret === "" ? null : Buffer.from(secret);
  const encoded = secret.slice(SECRET_PREFIX.length);
  return BASE64.test(encoded) ? Buffer.from(encoded, "base64") : null;
}
