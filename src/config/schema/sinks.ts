// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user has to write
import { z } from "zod";
import { formatDuration } from "../../core/duration.ts";
import { DEFAULT_BREAKER } from "../../io/outbox/sink-worker/circuit-breaker.ts";
import { DEFAULT_RETRY } from "../../io/outbox/sink-worker/retry-policy.ts";
import { secretKey } from "../../io/sinks/webhook/signing-secret.ts";
import { labelMatch } from "./label-match.ts";
import { byteSize, duration, severity, text } from "./values.ts";

const MIN_SIZE = 4096;
const MOST_SECRETS = 5;

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
  circuit: circuit.prefault({}).describe("When a receiver that keeps failing is left in peace."),
  timeout: atLeastSecond
    .refine((ms) => ms <= 300_000, { error: "must be at most 5m" })
    .prefault("15s")
    .describe("Time that an attempt may take."),
};

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/)
  .refine((name) => !/^(host|connection|content-.*|transfer-encoding|webhook-.*)$/i.test(name));

const headers = z.record(
  headerName,
  z.string().regex(/^[\t\x20-\x7e\x80-\xff]{0,8000}$/, { error: "must be one line of text" }),
  {
    error: ({ code }) =>
      code === "invalid_key" ? "is no header that can be set to a value of its own" : undefined,
  },
);

const posting = {
  headers: headers.default({}).describe("Headers sent with each message; secrets as variables."),
  ca_file: text
    .optional()
    .describe("Certificates (PEM) to trust instead of the system's, e.g. of a private authority."),
};

const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" });

const secret = text.refine((value) => secretKey(value) !== null, {
  error: "must be base64 after whsec_",
});

const console = z.strictObject({
  type: z.literal("console"),
  format: z.enum(["text", "json"]).default("text").describe("A line for people, or JSON."),
  ...shared,
});

const file = z.strictObject({
  type: z.literal("file"),
  path: text.describe("JSON Lines file that messages are added to."),
  max_size: byteSize
    .refine((bytes) => bytes >= MIN_SIZE, { error: "must be at least 4KiB" })
    .prefault("16MiB")
    .describe("Size at which the file is set aside as <path>.1, and a new one begun."),
  keep: z.int().min(1).max(1000).default(4).describe("Files set aside that are kept."),
  ...shared,
});

const webhook = z.strictObject({
  type: z.literal("webhook"),
  url: url.describe("Where messages are posted to."),
  secret: z
    .union([secret, z.array(secret).min(1).max(MOST_SECRETS)])
    .optional()
    .describe('Signs each message; "${ALERT_SECRET}". A list: several signatures, for a change.'),
  secret_file: text.optional().describe("File that holds the secret; each line is one."),
  ...posting,
  ...shared,
});

const alertmanager = z.strictObject({
  type: z.literal("alertmanager"),
  url: url.describe("Address of a Prometheus Alertmanager, e.g. http://localhost:9093."),
  expires_after: duration
    .refine((ms) => ms >= 60_000, { error: "must be at least 1m" })
    .prefault("24h")
    .describe("Time without a message after which Alertmanager takes an episode for resolved."),
  ...posting,
  ...shared,
});

const slack = z.strictObject({
  type: z.literal("slack"),
  url: url.describe('Incoming webhook, which is a secret: "${SLACK_URL}".'),
  ...posting,
  ...shared,
});

/** `sinks`: where messages go in live modes. */
export const sinksSchema = z.array(
  z.discriminatedUnion("type", [console, file, webhook, alertmanager, slack]),
);

/** One entry of `sinks`, checked. */
export type SinkConfig = z.output<typeof sinksSchema>[number];
