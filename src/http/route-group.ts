import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { CommandLog } from "../service/command-log.ts";
import type { PipelineHost } from "../service/pipelines/pipeline-host.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { EventStreams } from "./event-streams.ts";
import type { ServerMetrics } from "./telemetry/metrics.ts";

/** The HTTP application; its schemas are zod's. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes work with. */
export interface Services {
  /** For reading; what changes it goes through {@link changes}. */
  readonly hub: StateMachine;
  readonly changes: CommandLog;
  readonly pipelines: PipelineHost;
  readonly streams: EventStreams;
  readonly metrics: ServerMetrics;
  /** Why the server can't take requests now; none: it is ready. */
  readonly notReady: () => readonly string[];
  /** The clock, ms since the epoch: for rows that bring no time. */
  readonly now: () => number;
  /** Version of the program. */
  readonly version: string;
}

/** Adds the routes of one subject. */
export type RouteGroup = (app: App, services: Services) => void;

/** Who may use a route: `open` to anyone, else by the scope of the token. */
type RouteAccess = "open" | "read" | "write";

/** Routes with other bodies than JSON: YAML for pipelines, NDJSON for readings. */
export type BodyRoute = "pipelines" | "readings";

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it came, when it was JSON. */
    bodyText: string;
  }
  interface FastifyContextConfig {
    /** By default `read` for GET and HEAD, `write` for the others. */
    readonly access?: RouteAccess;
    /** Bodies that it takes beside JSON. */
    readonly takes?: BodyRoute;
  }
}
