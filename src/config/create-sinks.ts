import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { IotmonError } from "../core/errors.ts";
import type { OutboxSink } from "../io/outbox/outbox.ts";
import type { BreakerPolicy } from "../io/outbox/sink-worker/circuit-breaker.ts";
import { acceptsMessage } from "../io/sinks/filter.ts";
import { type SinkContext, type SinkSettings, sinkTypes } from "../io/sinks/registry.ts";
import type { Sink } from "../io/sinks/sink.ts";
import { secretKey } from "../io/sinks/webhook/signing-secret.ts";
import type { LoadedPipeline } from "./loaded-pipeline.ts";
import type { SinkConfig } from "./schema/sinks.ts";
import { sinkNames } from "./sink-names.ts";

/** How much longer than at first a circuit is open at the most. */
const MOST_DOUBLED = 10;

/** A sink as its pipeline wants it, ready for the outbox. */
export type ConfiguredSink = OutboxSink;

/** What sinks need beside their settings. */
export interface CreateSinksContext extends Omit<SinkContext, "allowPrivate"> {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /**
   * Who wrote the pipeline. One that came over `http` may name no file, and posts to no inner network.
   */
  readonly origin: "file" | "http";
}

/**
 * The sinks of a pipeline. Opens nothing but the files that hold secrets.
 *
 * @throws {IotmonError} `ERR_CONFIG` when one of those can't be read, or the pipeline came over HTTP and
 * names files.
 */
export async function createSinks(
  pipeline: LoadedPipeline,
  context: CreateSinksContext,
): Promise<readonly ConfiguredSink[]> {
  const { sinks } = pipeline.config;
  const names = sinkNames(sinks);
  const configured: ConfiguredSink[] = [];
  for (const [i, config] of sinks.entries()) {
    const place: Place = { pipeline, i, context };
    const { match, min_severity: minSeverity, send_resolved: sendResolved } = config;
    const filter = {
      minSeverity,
      sendResolved,
      match: Object.entries(match).map(([label, values]) => ({ label, values: [values].flat() })),
    };
    configured.push({
      sink: await createSink(config, names[i] ?? config.type, place),
      accepts: (body) => acceptsMessage(filter, body),
      retry: { scheduleMs: config.retry.schedule, maxAgeMs: config.retry.max_age },
      breaker: breakerPolicy(config.circuit),
      timeoutMs: config.timeout,
    });
  }
  return configured;
}

function breakerPolicy({ failures, open_for: openMs }: SinkConfig["circuit"]): BreakerPolicy {
  return { failures, openMs, maxOpenMs: MOST_DOUBLED * openMs };
}

interface Place {
  readonly pipeline: LoadedPipeline;
  readonly i: number;
  readonly context: CreateSinksContext;
}

async function createSink(config: SinkConfig, name: string, place: Place): Promise<Sink> {
  const context: SinkContext = {
    ...place.context,
    allowPrivate: place.context.origin === "file",
  };
  switch (config.type) {
    case "console":
      return sinkTypes.console({ name, format: config.format }, context);
    case "file": {
      const path = filePath(config.path, "path", place);
      return sinkTypes.file({ name, path, maxBytes: config.max_size, keep: config.keep }, context);
    }
    case "webhook": {
      const settings = { ...(await posting(config, name, place)), keys: await keys(config, place) };
      return sinkTypes.webhook(settings, context);
    }
    case "alertmanager": {
      const settings = await posting(config, name, place);
      return sinkTypes.alertmanager({ ...settings, expiresAfterMs: config.expires_after }, context);
    }
    case "slack":
      return sinkTypes.slack(await posting(config, name, place), context);
  }
}

async function posting(
  { url, headers, ca_file: file }: Extract<SinkConfig, { url: string }>,
  name: string,
  place: Place,
): Promise<SinkSettings["slack"]> {
  const ca = file === undefined ? null : await readSecret(file, "ca_file", place);
  return { name, url, headers, ca };
}

async function keys(
  { secret, secret_file: file }: Extract<SinkConfig, { type: "webhook" }>,
  place: Place,
): Promise<Buffer[]> {
  if (file === undefined) return [secret ?? []].flat().flatMap((text) => secretKey(text) ?? []);
  const lines = (await readSecret(file, "secret_file", place)).split(/\r?\n/);
  const texts = lines.map((line) => line.trim()).filter((line) => line !== "");
  const found = texts.flatMap((text) => secretKey(text) ?? []);
  if (found.length > 0 && found.length === texts.length) return found;
  const message = texts.length === 0 ? "is empty" : "must hold base64 after whsec_";
  throw fault(`${file} ${message}`, "secret_file", place);
}

async function readSecret(file: string, field: string, place: Place): Promise<string> {
  try {
    return await readFile(filePath(file, field, place), "utf8");
  } catch (cause) {
    if (cause instanceof IotmonError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `can't be read (${code})`;
    throw fault(`${file} ${why}`, field, place, cause);
  }
}

function filePath(path: string, field: string, place: Place): string {
  const { cwd, origin } = place.context;
  if (origin === "file") return resolve(cwd, path);
  throw fault("a pipeline that arrives over HTTP may not name files", field, place);
}

function fault(message: string, field: string, place: Place, cause?: unknown): IotmonError {
  const { pipeline, i } = place;
  const path = ["sinks", i, field];
  const at = pipeline.locate(path);
  return new IotmonError("ERR_CONFIG", `${path.join(".")}: ${message}`, { at, cause });
}
