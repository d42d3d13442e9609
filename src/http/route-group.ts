import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { CommandExecutor } from "../service/commands.ts";
import type { RejectedRows } from "../service/delivery/rejected-rows.ts";
import type { PipelineHost } from "../service/pipelines/pipeline-host.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { EventStreams } from "./event-streams.ts";
import type { ServerMetrics } from "./telemetry/metrics.ts";

/** The HTTP application, with zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Everything that routes use. */
export interface Services {
  /** For queries; changes go through {@link commands}. */
  readonly machine: StateMachine;
  readonly commands: CommandExecutor;
  readonly pipelines: PipelineHost;
  readonly streams: EventStreams;
  readonly metrics: ServerMetrics;
  /** Messages about rejected rows. */
  readonly rejected: RejectedRows;
  /** Reasons why the server cannot accept readings now; empty if it is ready. */
  readonly notReady: () => readonly string[];
  /** What does not work although changes are possible; empty: nothing. */
  readonly degraded: () => readonly string[];
  /** Aborts, with a problem as reason, when the server stops. */
  readonly stopping: AbortSignal;
  /** The clock, ms since the epoch, for rows without a time. */
  readonly now: () => number;
  /** Version of the program. */
  readonly version: string;
}

/** Adds the routes of one subject. */
export type RouteGroup = (app: App, services: Services) => void;

/** Access to a route: `open` for everybody, otherwise the needed scope. */
type RouteAccess = "open" | "read" | "write";

/** Routes that also accept other bodies than JSON: YAML for pipelines, NDJSON for readings. */
export type BodyRoute = "pipelines" | "readings";

declare module "fastify" {
  interface FastifyRequest {
    /** The text of a JSON body; `addParsers` sets it. */
    bodyText: string;
  }
  interface FastifyContextConfig {
    /** By default `read` for GET and HEAD, `write` for the others. */
    readonly access?: RouteAccess;
    /** Bodies that the route accepts in addition to JSON. */
    readonly accepts?: BodyRoute;
  }
}
