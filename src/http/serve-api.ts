import type { Logger } from "pino";
import { IotmonError } from "../core/errors.ts";
import type { CommandExecutor } from "../service/commands.ts";
import type { RejectedRows } from "../service/delivery/rejected-rows.ts";
import type { Feeds } from "../service/events/feeds.ts";
import type { PipelineHost } from "../service/pipelines/pipeline-host.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { Tokens } from "./access/tokens.ts";
import { createApp } from "./app.ts";
import { EventStreams } from "./event-streams.ts";
import { LIMITS } from "./limits.ts";
import { addressesOf, isLoopback } from "./listen/addresses.ts";
import { type Drained, drain } from "./listen/drain.ts";
import { openPort } from "./listen/open-port.ts";
import { ServerMetrics } from "./telemetry/metrics.ts";

/** Settings of the API. */
export interface ServeOptions {
  readonly machine: StateMachine;
  readonly commands: CommandExecutor;
  readonly pipelines: PipelineHost;
  readonly feeds: Feeds;
  readonly rejected: RejectedRows;
  /** Reasons why changes are not possible now; empty if they are. */
  readonly notReady: () => readonly string[];
  /** What does not work although changes are possible; empty: nothing. */
  readonly degraded: () => readonly string[];
  readonly log: Logger;
  readonly version: string;
  /** Address or name; `localhost` is 127.0.0.1 and ::1. */
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  readonly tokens: Tokens | null;
  /** Whether other machines may connect without a token. */
  readonly insecure: boolean;
  readonly cors: readonly string[];
}

/** A running API. */
export interface Serving {
  readonly urls: readonly string[];
  readonly port: number;
  readonly metrics: ServerMetrics;
  /** Whether only this machine can connect. */
  readonly loopback: boolean;
  /** Finishes running requests, within ten seconds, and closes. */
  stop(): Promise<Drained>;
}

/**
 * Starts the API.
 *
 * @throws {IotmonError} `ERR_USAGE` if other machines could connect without a token.
 */
export async function serveApi(options: ServeOptions): Promise<Serving> {
  const {
    machine,
    commands,
    pipelines,
    feeds,
    rejected,
    notReady,
    degraded,
    log,
    version,
    host,
    port,
    tokens,
    insecure,
    cors,
  } = options;
  const addresses = await addressesOf(host);
  const loopback = addresses.every(({ ip }) => isLoopback(ip));
  if (!loopback && tokens === null && !insecure) {
    throw new IotmonError("ERR_USAGE", `--host ${host} accepts other machines without a token`, {
      hint: "Add --token-file FILE (see --new-token), or --insecure to allow this",
    });
  }
  let stopping = false;
  const metrics = new ServerMetrics(machine);
  const streams = new EventStreams(feeds, Date.now());
  const app = await createApp(
    {
      machine,
      commands,
      pipelines,
      streams,
      metrics,
      rejected,
      version,
      now: Date.now,
      degraded,
      notReady: () => (stopping ? ["the server is stopping"] : notReady()),
    },
    { log, tokens, cors, localOnly: loopback && tokens === null, stopping: () => stopping },
  );
  const opened = await openPort(app, addresses, port, LIMITS);
  for (const ip of opened.missing) log.warn(`${ip} is not available: listening without it`);
  return {
    urls: opened.urls,
    port: opened.port,
    metrics,
    loopback,
    async stop() {
      stopping = true;
      streams.close();
      const drained = await drain(opened.servers, LIMITS.drainMs);
      await app.close();
      return drained;
    },
  };
}
