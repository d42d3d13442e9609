import swagger from "@fastify/swagger";
import {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import {
  createJsonSchemaTransform,
  serializerCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { type ZodType, z } from "zod";
import { authorize } from "./access/authorize.ts";
import { checkHost } from "./access/check-host.ts";
import { addCors } from "./access/cors.ts";
import type { Tokens } from "./access/tokens.ts";
import { addDecoding } from "./decode-body.ts";
import { LIMITS } from "./limits.ts";
import { openApiInfo } from "./openapi.ts";
import { addParsers } from "./parsers.ts";
import { checkPart } from "./problems/invalid-problem.ts";
import { Problem } from "./problems/problem.ts";
import { toProblem } from "./problems/to-problem.ts";
import { RouteTable } from "./problems/unknown-route.ts";
import type { App, Services } from "./route-group.ts";
import { routeGroups } from "./routes/registry.ts";
import { requestIds } from "./telemetry/request-id.ts";

/** Maximum number of logged characters of a URL. */
const LOGGED_URL = 200;

const NO_QUERY = z.strictObject({});

/** Access and logging of an application. */
export interface AppOptions {
  readonly log: Logger;
  /** Null if no token is needed. */
  readonly tokens: Tokens | null;
  /** Whether to answer only requests to localhost. */
  readonly localOnly: boolean;
  /** Origins of web pages that may use the API. */
  readonly cors: readonly string[];
  /** Prefix of all paths for clients; empty: none. */
  readonly basePath: string;
  /** Whether the server is stopping; replies then close their connection. */
  readonly stopping: () => boolean;
}

/** Creates the application with all routes; it does not listen yet. */
export async function createApp(services: Services, options: AppOptions): Promise<App> {
  const routes = new RouteTable();
  const loggerInstance: FastifyBaseLogger = options.log;
  const app: App = fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "request_id",
    }),
    genReqId: requestIds(),
    bodyLimit: LIMITS.bodyBytes,
    routerOptions: { maxParamLength: LIMITS.urlLength },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request as FastifyRequest, reply as FastifyReply);
    },
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler<ZodType>(({ schema, httpPart }) => (data: unknown) => {
    return checkPart(schema, data, httpPart);
  });
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  const refuse = (request: FastifyRequest): never => {
    throw routes.problemOf(request.method, request.url);
  };
  app.setNotFoundHandler(refuse);
  app.addHook("onRoute", (route) => {
    routes.add(route.url, route.method);
    // an unknown key is a typing error, even on paths without query keys
    route.schema = { querystring: NO_QUERY, ...route.schema };
  });
  addDecoding(app);
  addParsers(app);
  addAccessChecks(app, options);
  // before the body is read, which may be large or have a wrong type
  app.addHook("onRequest", async (request) => request.is404 && refuse(request));
  addReplyHooks(app, services, options);
  await app.register(swagger, {
    openapi: openApiInfo(services.version, options.basePath),
    transform: createJsonSchemaTransform({}),
  });
  for (const addRoutes of routeGroups) addRoutes(app, services);
  await app.ready();
  return app;
}

function addAccessChecks(app: App, { tokens, localOnly, cors }: AppOptions): void {
  app.addHook("onRequest", async ({ url, raw }, reply) => {
    // first, because problems need it too
    reply.header("x-request-id", reply.request.id);
    if (url.length > LIMITS.urlLength) {
      throw new Problem(
        "url-too-long",
        `At most ${LIMITS.urlLength} characters; send the data in the body.`,
      );
    }
    checkHost(raw, localOnly);
  });
  if (cors.length > 0) addCors(app, cors);
  if (tokens === null) return;
  app.addHook("onRequest", async (request) => authorize(request, tokens));
}

function addReplyHooks(app: App, { metrics }: Services, { stopping }: AppOptions): void {
  app.addHook("onSend", async (_request, reply) => {
    if (stopping()) reply.header("connection", "close");
    reply.header("x-content-type-options", "nosniff");
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, url, routeOptions } = request;
    metrics.answered(method, routeOptions.url ?? "none", reply.statusCode);
    const { log, statusCode, elapsedTime } = reply;
    const ms = Math.round(elapsedTime * 100) / 100;
    log.debug({ method, url: shortUrl(url), status: statusCode, ms }, "answered");
  });
}

/** Start of a URL, for the log. */
function shortUrl(url: string): string {
  return url.length > LOGGED_URL ? `${url.slice(0, LOGGED_URL)}…` : url;
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error);
  const { status } = problem;
  const { method, url } = request;
  const facts = { method, url: shortUrl(url), status, problem: problem.problem };
  if (status >= 500 && problem.problem === "internal")
    request.log.error({ ...facts, err: error }, "failed");
  else request.log.info({ ...facts, detail: problem.message }, "rejected");
  void reply
    .code(status)
    .headers({
      ...problem.headers,
      "x-request-id": request.id,
      "content-type": "application/problem+json; charset=utf-8",
    })
    .serializer(JSON.stringify)
    .send(problem.toBody(request.id));
}
