import { z } from "zod";
import { formatDuration } from "../../../core/units/duration.ts";
import { DEFAULT_BREAKER } from "../../../io/outbox/sink-worker/circuit-breaker.ts";
import { DEFAULT_RETRY } from "../../../io/outbox/sink-worker/retry-policy.ts";
import { duration, severity, text } from "../../../io/setting-values.ts";
import { sinkTypes } from "../../../io/sinks/registry.ts";
import { componentUnion } from "../component-union.ts";
import { labelMatch } from "./label-match.ts";

const atLeastSecond = duration.refine((ms) => ms >= 1000, { error: "must be at least 1s" });

const retry = z.strictObject({
  schedule: z
    .array(duration)
    .min(1)
    .prefault(DEFAULT_RETRY.scheduleMs.map(formatDuration))
    .describe("Waits before each attempt; the last one is repeated."),
  max_age: duration
    .prefault(formatDuration(DEFAULT_RETRY.maxAgeMs))
    .describe("Age at which a message goes to the dead letters."),
});

const circuit = z.strictObject({
  failures: z
    .int()
    .min(1)
    .default(DEFAULT_BREAKER.failures)
    .describe("Failed attempts in a row that open the circuit."),
  open_for: duration
    .prefault(formatDuration(DEFAULT_BREAKER.openMs))
    .describe("Pause before the next attempt. Doubles with each failure, up to 10 times as long."),
});

/** Settings of every sink. */
const shared = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
      error:
        "must begin with a letter or digit, and have at most 64 letters, digits, dots, dashes and underscores",
    })
    .optional()
    .describe("Name of its queue and its dead letters; by default the type, then <type>-2."),
  min_severity: severity.default("info").describe("Lowest severity that it gets."),
  send_resolved: z.boolean().default(true).describe("Whether it gets the ends of episodes."),
  match: z
    .record(text, labelMatch)
    .default({})
    .describe(
      "Labels that a message must have: a text, a list of texts, or /an expression/. Also sensor_id, " +
        "detector, pipeline, severity and status.",
    ),
  retry: retry.prefault({}).describe("When and how long a failed message is sent again."),
  circuit: circuit.prefault({}).describe("When attempts pause because the receiver keeps failing."),
  timeout: atLeastSecond
    .refine((ms) => ms <= 300_000, { error: "must be at most 5m" })
    .prefault("15s")
    .describe("Time that an attempt may take."),
};

/** Maximum number of sinks. Each has a queue on disk. */
const MAX_SINKS = 100;

/** `sinks`: where messages go in live modes. */
export const sinksSchema = z
  .array(componentUnion(sinkTypes, shared))
  .max(MAX_SINKS, { error: `must be at most ${MAX_SINKS} sinks` });

/** One entry of `sinks`, checked. */
export type SinkConfig = z.output<typeof sinksSchema>[number];
