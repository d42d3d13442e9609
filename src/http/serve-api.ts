import type { Logger } from "pino";
import { IotmonError } from "../core/errors.ts";
import type { CommandLog } from "../service/command-log.ts";
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

/** How the API is served. */
export interface ServeOptions {
  readonly hub: StateMachine;
  readonly changes: CommandLog;
  readonly pipelines: PipelineHost;
  readonly feeds: Feeds;
  /** Why changes are not possible now; none: they are. */
  readonly notReady: () => readonly string[];
  readonly log: Logger;
  readonly version: string;
  /** Address or name; `localhost` is 127.0.0.1 and ::1. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tokens: Tokens | null;
  /** Whether other machines may come without a token. */
  readonly insecure: boolean;
  readonly cors: readonly string[];
}

/** An API that takes requests. */
export interface Serving {
  readonly urls: readonly string[];
  readonly port: number;
  readonly metrics: ServerMetrics;
  /** Whether only this machine reaches it. */
  readonly loopback: boolean;
  /** Finishes requests that have begun and closes; at most ten seconds. */
  stop(): Promise<Drained>;
}

/**
 * Starts the API.
 *
 * @throws {IotmonError} `ERR_USAGE` when other machines could come in without a token.
 */
export async function serveApi(options: ServeOptions): Promise<Serving> {
  const {
    hub,
    changes,
    pipelines,
    feeds,
    notReady,
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
    throw new IotmonError("ERR_USAGE", `--host ${host} lets other machines in without a token`, {
      hint: "Add --token-file FILE (see --new-token), or --insecure if you mean it",
    });
  }
  let stopping = false;
  const metrics = new ServerMetrics(hub);
  const streams = new EventStreams(feeds, Date.now());
  const app = await createApp(
    {
      hub,
      changes,
      pipelines,
      streams,
      metrics,
      version,
      now: Date.now,
      notReady: () => (stopping ? ["the server is stopping"] : notReady()),
    },
    { log, tokens, cors, localOnly: loopback && tokens === null, stopping: () => stopping },
  );
  const opened = await openPort(app, addresses, port);
  for (const ip of opened.missing) log.warn(`${ip} is not there: listening without it`);
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
