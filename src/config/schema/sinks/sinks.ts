import { z } from "zod";
import { formatDuration } from "../../../core/units/duration.ts";
import { DEFAULT_BREAKER } from "../../../io/outbox/sink-worker/circuit-breaker.ts";
import { DEFAULT_RETRY } from "../../../io/outbox/sink-worker/retry-policy.ts";
import { duration, severity, text } from "../../../io/setting-values.ts";
import { sinkTypes } from "../../../io/sinks/registry.ts";
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
    .describe("No attempts for so long, then one; twice as long each time, at most 10 times."),
});

/** Settings of every sink. */
const shared = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
      error: "must be letters, digits, dots, dashes or underscores, at most 64",
    })
    .optional()
    .describe("Names its queue and its dead letters; by default the type, then <type>-2."),
  min_severity: severity.default("info").describe("Least severe message it gets."),
  send_resolved: z.boolean().default(true).describe("Whether it gets the ends of episodes."),
  match: z
    .record(text, labelMatch)
    .default({})
    .describe(
      "Labels that a message must have: a text, a list of them, or /an expression/. Also sensor_id, " +
        "detector, pipeline, severity and status.",
    ),
  retry: retry.prefault({}).describe("When it is tried again, and for how long."),
  circuit: circuit.prefault({}).describe("When attempts at a receiver that keeps failing pause."),
  timeout: atLeastSecond
    .refine((ms) => ms <= 300_000, { error: "must be at most 5m" })
    .prefault("15s")
    .describe("Time that an attempt may take."),
};

type EntrySchema<Type> = Type extends {
  readonly type: infer Name extends string;
  readonly fields: infer Fields extends z.ZodRawShape;
}
  ? z.ZodObject<{ type: z.ZodLiteral<Name> } & Fields & typeof shared, z.core.$strict>
  : never;

type AnyEntrySchema = EntrySchema<(typeof sinkTypes)[number]>;

const entries = sinkTypes.map(({ type, fields }) =>
  z.strictObject({ type: z.literal(type), ...fields, ...shared }),
) as unknown as [AnyEntrySchema, ...AnyEntrySchema[]];

/** `sinks`: where messages go in live modes. */
export const sinksSchema = z.array(z.discriminatedUnion("type", entries));

/** One entry of `sinks`, checked. */
export type SinkConfig = z.output<typeof sinksSchema>[number];
