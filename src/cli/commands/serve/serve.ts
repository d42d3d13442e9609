import { once } from "node:events";
import { resolve } from "node:path";
import type { Logger } from "pino";
import { newToken, readTokens, type Scope } from "../../../http/access/tokens.ts";
import { type OpenApi, openApi, type Serving } from "../../../http/serve-api.ts";
import { createLog, type LogLevel } from "../../../http/telemetry/log.ts";
import { addSinkMetrics, disabledSinks } from "../../../http/telemetry/sink-metrics.ts";
import { addStoreMetrics } from "../../../http/telemetry/store-metrics.ts";
import type { CliContext, GlobalOptions } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { programVersion } from "../../process/program-version.ts";
import { createChalk } from "../../render/color.ts";
import { failureText, LiveServer } from "./live-server.ts";
import type { ServeOptions } from "./options.ts";
import { RecoveryLog } from "./recovery-log.ts";

/** `iotmon serve`: runs until a signal stops it. @returns The exit code. */
export async function runServe(options: ServeOptions, context: CliContext): Promise<number> {
  if (options.newToken !== undefined) return printToken(options.newToken, context);
  const { stderr, cwd, env, signal } = context;
  const file = options.tokenFile;
  const tokens = file === undefined ? null : await readTokens(resolve(cwd, file), file);
  const color = createChalk(stderr, env, options.color).level > 0;
  const log = await createLog(stderr, levelOf(options), color);
  const recovery = new RecoveryLog(options, log, context);
  const api = await openApi({
    log,
    version: await programVersion(),
    host: options.host,
    port: options.port,
    tokens,
    insecure: options.insecure,
    cors: options.cors,
    basePath: options.basePath ?? "",
    recovery: () => recovery.text,
  });
  recovery.begin(api.urls);
  const live = await openLive(options, log, context, recovery, api);
  try {
    const serving = await serveStored(live, api);
    if (!options.quiet) stderr.write(startText(api, tokens !== null));
    const stopTicks = live.run();
    if (!signal.aborted) await once(signal, "abort");
    log.info("stopping: finishing open requests");
    const drained = await serving.stop();
    stopTicks();
    log.info(drained === "cut" ? "stopped; some requests were cut off" : "stopped");
  } finally {
    await live.close();
  }
  return EXIT.ok;
}

async function openLive(
  options: ServeOptions,
  log: Logger,
  context: CliContext,
  recovery: RecoveryLog,
  api: OpenApi,
): Promise<LiveServer> {
  try {
    return await LiveServer.open(options, log, context, recovery);
  } catch (error) {
    await api.close();
    throw error;
  }
}

async function serveStored(
  { store, feeds, pipelines, dispatch, rejected }: LiveServer,
  api: OpenApi,
): Promise<Serving> {
  const serving = await api.serve({
    machine: store.machine,
    commands: store,
    pipelines,
    feeds,
    rejected,
    degraded: () => disabledSinks(dispatch),
    notReady: () => [failureText(store)].filter((text) => text !== null),
  });
  addStoreMetrics(serving.metrics, store);
  addSinkMetrics(serving.metrics, dispatch);
  dispatch.listenOps((body) => serving.metrics.ops(body));
  return serving;
}

function printToken(scope: Scope, { stdout, stderr }: CliContext): number {
  const { token, line } = newToken(scope);
  stderr.write(`token for the client, shown only now:\n  ${token}\nline for the token file:\n`);
  stdout.write(`${line}\n`);
  return EXIT.ok;
}

function levelOf({ quiet, verbose }: GlobalOptions): LogLevel {
  if (quiet) return "error";
  return verbose ? "debug" : "info";
}

function startText({ urls, port, loopback }: OpenApi, guarded: boolean): string {
  const who = loopback ? "this machine only" : "other machines too";
  const how = guarded ? "with a token (open to all: /healthz, /readyz, /docs)" : "no token needed";
  return `serving at ${urls.join(" and ")}: ${who}, ${how}\npage at http://localhost:${port}/, docs at http://localhost:${port}/docs\n`;
}
