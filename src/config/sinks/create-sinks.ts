import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { IotmonError } from "../../core/errors.ts";
import type { OutboxSink } from "../../io/outbox/outbox-options.ts";
import { acceptsMessage } from "../../io/sinks/filter.ts";
import { sinkTypeOf } from "../../io/sinks/registry.ts";
import type { SinkContext } from "../../io/sinks/sink-type.ts";
import type { LoadedPipeline } from "../loaded-pipeline.ts";
import { sinkNames } from "./sink-names.ts";

/** Maximum time that a circuit is open, as a multiple of the first time. */
const MAX_DOUBLED = 10;

/** What sinks need beside their settings. */
export interface CreateSinksContext
  extends Omit<SinkContext, "allowPrivate" | "filePath" | "readFile" | "fault"> {
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
): Promise<readonly OutboxSink[]> {
  const { sinks } = pipeline.config;
  const names = sinkNames(sinks);
  const configured: OutboxSink[] = [];
  for (const [i, config] of sinks.entries()) {
    const settings = { ...config, name: names[i] ?? config.type };
    const { match, min_severity: minSeverity, send_resolved: sendResolved, circuit } = config;
    const filter = {
      minSeverity,
      sendResolved,
      match: Object.entries(match).map(([label, values]) => ({ label, values: [values].flat() })),
    };
    configured.push({
      sink: await sinkTypeOf(config.type).create(settings, sinkContext(pipeline, i, context)),
      accepts: (body) => acceptsMessage(filter, body),
      retry: { scheduleMs: config.retry.schedule, maxAgeMs: config.retry.max_age },
      breaker: {
        failures: circuit.failures,
        openMs: circuit.open_for,
        maxOpenMs: MAX_DOUBLED * circuit.open_for,
      },
      timeoutMs: config.timeout,
    });
  }
  return configured;
}

/** The context of sink number `i`; its faults have the places of its settings. */
function sinkContext(
  { locate }: LoadedPipeline,
  i: number,
  { cwd, origin, ...context }: CreateSinksContext,
): SinkContext {
  const faultAt = (setting: string, message: string, cause?: unknown): IotmonError => {
    const path = ["sinks", i, setting];
    const text = `${path.join(".")}: ${message}`;
    return new IotmonError("ERR_CONFIG", text, { at: locate(path), cause });
  };
  const filePath = (setting: string, path: string): string => {
    if (origin === "file") return resolve(cwd, path);
    throw faultAt(setting, "a pipeline that arrives over HTTP must not name files");
  };
  return {
    ...context,
    allowPrivate: origin === "file",
    filePath,
    async readFile(setting, path) {
      const absolute = filePath(setting, path);
      try {
        return await readFile(absolute, "utf8");
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        const why = code === "ENOENT" ? "does not exist" : `can't be read (${code})`;
        throw faultAt(setting, `${path} ${why}`, cause);
      }
    },
    fault: faultAt,
  };
}
