import { join } from "node:path";
import { Writable } from "node:stream";
import { type SinkContext, type SinkSettings, sinkTypes } from "../../src/io/sinks/registry.ts";
import type { Sink } from "../../src/io/sinks/sink.ts";
import { secretKey } from "../../src/io/sinks/webhook/signing-secret.ts";
import { tempFolder } from "./temp-folder.ts";

/** Secrets that no output may show. */
export const SECRETS = {
  signing: "whsec_c2VjcmV0LXNpZ25pbmcta2V5LTE=",
  path: "path-t0ken-4711",
  query: "query-t0ken-4711",
  password: "passw0rd-4711",
  header: "Bearer header-t0ken-4711",
} as const;

/** Texts that give one of them away, also without their beginnings. */
export const SECRET_TEXTS: readonly string[] = [
  ...Object.values(SECRETS),
  SECRETS.signing.slice("whsec_".length),
  "secret-signing-key-1",
  "t0ken-4711",
];

/** A context without colours, whose stream keeps what is written. */
export function sinkContext(
  changes: Partial<SinkContext> = {},
): SinkContext & { readonly written: () => string } {
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return {
    version: "9.9.9",
    allowPrivate: true,
    now: Date.now,
    stream,
    painter: {
      severity: (_, text) => text,
      resolved: (text) => text,
      faint: (text) => text,
    },
    written: () => written,
    ...changes,
  };
}

/** An address with secrets in all of its parts. */
function secretUrl(origin: string): string {
  const { password, path, query } = SECRETS;
  return `${origin.replace("://", `://user:${password}@`)}/${path}?token=${query}`;
}

/** Settings for posting to `origin`, with secrets everywhere. */
function postSettings(origin: string): SinkSettings["webhook"] {
  const headers = { "X-Token": SECRETS.header };
  const keys = [secretKey(SECRETS.signing) ?? Buffer.alloc(0)];
  return { name: "it", url: secretUrl(origin), headers, ca: null, keys };
}

/** A sink of each type; those that post do so to `origin`. */
export const sinkSetups: {
  readonly [Type in keyof SinkSettings]: (origin: string, context: SinkContext) => Promise<Sink>;
} = {
  console: async (_, context) => sinkTypes.console({ name: "it", format: "json" }, context),
  file: async (_, context) => {
    const path = join(await tempFolder(), "alerts.jsonl");
    return sinkTypes.file({ name: "it", path, maxBytes: 1e6, keep: 2 }, context);
  },
  webhook: async (origin, context) => sinkTypes.webhook(postSettings(origin), context),
  alertmanager: async (origin, context) =>
    sinkTypes.alertmanager({ ...postSettings(origin), expiresAfterMs: 60_000 }, context),
  slack: async (origin, context) => sinkTypes.slack(postSettings(origin), context),
};

/** The types that post. */
export const POSTING_TYPES = ["webhook", "alertmanager", "slack"] as const;
