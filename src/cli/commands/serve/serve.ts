import { resolve } from "node:path";
import type { Durability } from "../../../durability/log/write-ahead-log.ts";
import { newToken, readTokens, type Scope } from "../../../http/access/tokens.ts";
import { type ServeOptions, type Serving, serveApi } from "../../../http/serve-api.ts";
import { createLog, type LogLevel } from "../../../http/telemetry/log.ts";
import { addStoreMetrics } from "../../../http/telemetry/store-metrics.ts";
import type { CliContext, GlobalOptions } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { parsePort } from "../../options/kinds.ts";
import { createChalk } from "../../render/color.ts";
import { LiveServer } from "./live-server.ts";

/** Options of `iotmon serve` as commander hands them over. */
export interface ServeFlags extends GlobalOptions {
  readonly host: string;
  readonly port: string;
  readonly tokenFile?: string;
  readonly newToken?: Scope;
  readonly insecure?: boolean;
  readonly cors?: readonly string[];
  /** Pipeline files. */
  readonly pipeline?: readonly string[];
  readonly state: string;
  readonly durability: Durability;
}

/** `iotmon serve`: until it is told to stop. @returns The exit code. */
export async function runServe(
  flags: ServeFlags,
  version: string,
  context: CliContext,
): Promise<number> {
  if (flags.newToken !== undefined) return printToken(flags.newToken, context);
  const { stderr, cwd, env, signal } = context;
  const port = parsePort(flags.port);
  const file = flags.tokenFile;
  const tokens = file === undefined ? null : await readTokens(resolve(cwd, file), file);
  const color = createChalk(stderr, env, flags.color).level > 0;
  const log = await createLog(stderr, levelOf(flags), color);
  const live = await LiveServer.open(flags, log, context);
  try {
    const serving = await serveKept(live, {
      log,
      version,
      host: flags.host,
      port,
      tokens,
      insecure: flags.insecure === true,
      cors: flags.cors ?? [],
    });
    if (flags.quiet !== true) stderr.write(startText(serving, tokens !== null));
    const stopTicks = live.run();
    await aborted(signal);
    log.info("stopping: finishing the requests that have begun");
    const drained = await serving.stop();
    stopTicks();
    log.info(drained === "cut" ? "stopped; some requests were cut" : "stopped");
  } finally {
    await live.close();
  }
  return EXIT.ok;
}

async function serveKept(
  { keeper, feeds, pipelines }: LiveServer,
  options: Omit<ServeOptions, "machine" | "commands" | "pipelines" | "feeds" | "notReady">,
): Promise<Serving> {
  const serving = await serveApi({
    ...options,
    machine: keeper.machine,
    commands: keeper,
    pipelines,
    feeds,
    notReady: () => {
      const { failure } = keeper.state;
      return failure === null ? [] : [`changes can't be written: ${failure.message}`];
    },
  });
  addStoreMetrics(serving.metrics, keeper);
  return serving;
}

function printToken(scope: Scope, { stdout, stderr }: CliContext): number {
  const { token, line } = newToken(scope);
  stderr.write(`token for the client, shown only now:\n  ${token}\nline for the token file:\n`);
  stdout.write(`${line}\n`);
  return EXIT.ok;
}

function levelOf({ quiet, verbose }: GlobalOptions): LogLevel {
  if (quiet === true) return "error";
  return verbose === true ? "debug" : "info";
}

function startText({ urls, port, loopback }: Serving, guarded: boolean): string {
  const who = loopback ? "this machine only" : "other machines too";
  const how = guarded ? "with a token (open to all: /healthz, /readyz, /docs)" : "no token needed";
  return `serving at ${urls.join(" and ")}: ${who}, ${how}\npage at http://localhost:${port}/, docs at http://localhost:${port}/docs\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
