import { createHash } from "node:crypto";
import { z } from "zod";
import type { RepeatableCall } from "../../service/live-pipeline/repeatable-calls.ts";

/** Characters of a digest: enough that different bodies never have the same one. */
const DIGEST_LENGTH = 32;

/** Tells in a reply that the call was executed before. */
export const REPLAYED = "idempotency-replayed";

/** Headers of a call that a client may send again. */
export const repeatableHeaders = z.looseObject({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, { error: "must be 1 to 255 visible ASCII characters" })
    .optional()
    .describe(
      "Executes the call once: a call with the same key within 24 hours changes nothing, and its reply has the " +
        "counts of the first, without results. 422 if its body or its query is another one. Choose a new key for each " +
        "call, such as a UUID.",
    ),
});

/** @param query Of the request, which decides too what the call does. */
export function repeatableCall(
  key: string | undefined,
  body: string,
  query: object,
): RepeatableCall | undefined {
  if (key === undefined) return undefined;
  const hash = createHash("sha256").update(JSON.stringify(query)).update(body);
  return { key, digest: hash.digest("hex").slice(0, DIGEST_LENGTH) };
}
