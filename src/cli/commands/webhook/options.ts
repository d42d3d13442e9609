import { DURATION, FILE, PIPELINE, TEXT } from "../../options/kinds.ts";
import type { OptionsOf, OptionTable } from "../../options/table.ts";

export const VERIFY_OPTIONS = {
  id: {
    flags: "--id <id>",
    kind: TEXT,
    required: true,
    help: "value of the header webhook-id",
  },
  timestamp: {
    flags: "--timestamp <seconds>",
    kind: TEXT,
    required: true,
    help: "value of the header webhook-timestamp",
  },
  signature: {
    flags: "--signature <signatures>",
    kind: TEXT,
    required: true,
    help: "value of the header webhook-signature",
  },
  secretEnv: {
    flags: "--secret-env <name>",
    kind: TEXT,
    default: "ALERT_SECRET",
    help: "environment variable that holds the secret",
  },
  secretFile: {
    flags: "--secret-file <file>",
    kind: FILE,
    help: "file that holds the secret, instead of the variable",
    excludes: { secretEnv: "each of them names the secret" },
  },
  tolerance: {
    flags: "--tolerance <duration>",
    kind: DURATION,
    default: "5m",
    help: "largest difference between the timestamp and now",
  },
} as const satisfies OptionTable;

/** The parsed options of `webhook verify`. */
export type WebhookVerifyOptions = OptionsOf<typeof VERIFY_OPTIONS>;

export const TEST_OPTIONS = {
  pipeline: { ...PIPELINE, required: true },
  sink: { flags: "--sink <name>", kind: TEXT, help: "test only this sink" },
} as const satisfies OptionTable;

/** The parsed options of `webhook test`. */
export type WebhookTestOptions = OptionsOf<typeof TEST_OPTIONS>;
