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
import { withoutBasePath } from "./listen/base-path.ts";
import { type Drained, drain } from "./listen/drain.ts";
import { openPort } from "./listen/open-port.ts";
import { Problem } from "./problems/problem.ts";
import { recoveringListener } from "./recovering.ts";
import { ServerMetrics } from "./telemetry/metrics.ts";

const STOPPING = "The server is stopping. The rows so far are saved; send the others again.";

/** Settings of the port. */
export interface PortOptions {
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
  /** Prefix of all paths behind a proxy, such as `/iot`; empty: none. */
  readonly basePath: string;
  /** How far the recovery of the state is, as a reason why the server is not ready. */
  readonly recovery: () => string;
}

/** What the API serves. */
interface ServedState {
  readonly machine: StateMachine;
  readonly commands: CommandExecutor;
  readonly pipelines: PipelineHost;
  readonly feeds: Feeds;
  readonly rejected: RejectedRows;
  /** Reasons why changes are not possible now; empty if they are. */
  readonly notReady: () => readonly string[];
  /** What does not work although changes are possible; empty: nothing. */
  readonly degraded: () => readonly string[];
}

/** A port that answers that the state is being recovered. */
export interface OpenApi {
  readonly urls: readonly string[];
  readonly port: number;
  /** Whether only this machine can connect. */
  readonly loopback: boolean;
  /** From now on, answers requests with the state. */
  serve(state: ServedState): Promise<Serving>;
  /** Closes the port without having served. */
  close(): Promise<void>;
}

/** A running API. */
export interface Serving {
  readonly metrics: ServerMetrics;
  /** Finishes running requests, within ten seconds, and closes. */
  stop(): Promise<Drained>;
}

/**
 * Opens the port of the API.
 *
 * @throws {IotmonError} `ERR_USAGE` if other machines could connect without a token.
 */
export async function openApi(options: PortOptions): Promise<OpenApi> {
  const { log, version, host, port, tokens, insecure, basePath, recovery } = options;
  const addresses = await addressesOf(host);
  const loopback = addresses.every(({ ip }) => isLoopback(ip));
  if (!loopback && tokens === null && !insecure) {
    throw new IotmonError("ERR_USAGE", `--host ${host} accepts other machines without a token`, {
      hint: "Add --token-file FILE (see --new-token), or --insecure to allow this",
    });
  }
  const localOnly = loopback && tokens === null;
  let answer = recoveringListener({ version, localOnly, progress: recovery });
  const opened = await openPort(
    withoutBasePath(basePath, (request, response) => answer(request, response)),
    addresses,
    port,
    LIMITS,
  );
  for (const ip of opened.missing) log.warn(`${ip} is not available: listening without it`);
  return {
    urls: opened.urls,
    port: opened.port,
    loopback,
    async serve(state) {
      const stop = new AbortController();
      const isStopping = (): boolean => stop.signal.aborted;
      const { machine, feeds, notReady } = state;
      const metrics = new ServerMetrics(machine);
      const streams = new EventStreams(feeds, Date.now());
      const app = await createApp(
        {
          ...state,
          streams,
          metrics,
          version,
          now: Date.now,
          notReady: () => (isStopping() ? ["the server is stopping"] : notReady()),
          stopping: stop.signal,
        },
        { ...options, localOnly, stopping: isStopping },
      );
      answer = app.routing;
      return {
        metrics,
        async stop() {
          stop.abort(new Problem("unavailable", STOPPING, { headers: { "retry-after": "5" } }));
          streams.close();
          const drained = await drain(opened.servers, LIMITS.drainMs);
          await app.close();
          return drained;
        },
      };
    },
    async close() {
      await drain(opened.servers, 0);
    },
  };
}
