import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { z } from "zod";
import { IotmonError } from "../../src/core/errors.ts";
import { type SinkTypeName, sinkTypeOf, sinkTypes } from "../../src/io/sinks/registry.ts";
import type { Sink } from "../../src/io/sinks/sink.ts";
import type { SinkContext } from "../../src/io/sinks/sink-type.ts";
import { tempFolder } from "./temp-folder.ts";

/** Secrets that no output may show. */
export const SECRETS = {
  signing: "whsec_c2VjcmV0LXNpZ25pbmcta2V5LTE=",
  path: "path-t0ken-4711",
  query: "query-t0ken-4711",
  password: "passw0rd-4711",
  header: "Bearer header-t0ken-4711",
} as const;

/** Texts that reveal a secret, also without their first characters. */
export const SECRET_TEXTS: readonly string[] = [
  ...Object.values(SECRETS),
  SECRETS.signing.slice("whsec_".length),
  "secret-signing-key-1",
  "t0ken-4711",
];

/** A context without colours, whose stream records the text. */
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
    filePath: (_, path) => path,
    readFile: (_, path) => readFile(path, "utf8"),
    fault: (setting, message) => new IotmonError("ERR_CONFIG", `${setting}: ${message}`),
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
const post = (origin: string) => ({
  url: secretUrl(origin),
  headers: { "X-Token": SECRETS.header },
});

type EntryOf<Type> = Type extends { readonly type: SinkTypeName; readonly fields: infer Fields }
  ? z.input<z.ZodObject<Fields extends z.ZodRawShape ? Fields : never>>
  : never;

/** Settings of a sink as in a pipeline file. */
export type SinkEntry<Name extends SinkTypeName> = EntryOf<
  Extract<(typeof sinkTypes)[number], { readonly type: Name }>
>;

/** Test settings for each type of sink; those that post have secrets and post to `origin`. */
export const sinkSetups: {
  readonly [Name in SinkTypeName]: (origin: string) => Promise<SinkEntry<Name>>;
} = {
  console: async () => ({ format: "json" }),
  file: async () => ({ path: join(await tempFolder(), "alerts.jsonl"), max_size: "1MiB", keep: 2 }),
  webhook: async (origin) => ({ ...post(origin), secret: SECRETS.signing }),
  alertmanager: async (origin) => ({ ...post(origin), expires_after: "1m" }),
  slack: async (origin) => post(origin),
};

/** Creates a sink from an entry of a pipeline file, as the program does. */
export async function openSink<Name extends SinkTypeName>(
  name: Name,
  entry: SinkEntry<Name>,
  context: SinkContext = sinkContext(),
  sinkName = "it",
): Promise<Sink> {
  const type = sinkTypeOf(name);
  const settings = z.strictObject(type.fields).parse(entry);
  return type.create({ ...settings, name: sinkName }, context);
}

/** The types that post. */
export const POSTING_TYPES: readonly SinkTypeName[] = sinkTypes
  .filter(({ target }) => target === "network")
  .map(({ type }) => type);
