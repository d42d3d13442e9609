import { z } from "zod";
import { duration } from "../../io/setting-values.ts";
import { address } from "../../io/sinks/posting/post-settings.ts";

const atLeastSecond = duration.refine((ms) => ms >= 1000, { error: "must be at least 1s" });

/** `heartbeat`: an address that live modes call while everything is well. */
export const heartbeatSchema = z.strictObject({
  url: address.describe(
    "Address of a dead man's switch, called with GET. Write a secret as a variable.",
  ),
  every: atLeastSecond.prefault("1m").describe("Time between two calls, at least 1s."),
  max_silence: z
    .union([z.literal("off"), atLeastSecond], { error: "must be off, or a duration such as 4h" })
    .optional()
    .describe(
      "Longest time without a reading; off: silence is expected. By default 15m, or the longest `after` of the " +
        "`silent` rules if that is longer.",
    ),
});
