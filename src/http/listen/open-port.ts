import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { IotmonError } from "../../core/errors.ts";
import { LIMITS } from "../limits.ts";
import { Problem } from "../problems/problem.ts";
import { requestIds } from "../telemetry/request-id.ts";
import { type Address, urlOf } from "./addresses.ts";
import { abortLate, limitBodyTime } from "./body-deadline.ts";
import { type ConnectionLimits, Connections } from "./connections.ts";

/** Node's error code for headers that arrive too late. */
const LATE = "ERR_HTTP_REQUEST_TIMEOUT";
const EXPECTATION = "IOTMON_EXPECTATION";
const PROXY = "IOTMON_PROXY";
/** Attempts to find a port that is free at every address. */
const PORT_ATTEMPTS = 20;

/** Limits of connections and of their times, ms. */
export interface PortLimits extends ConnectionLimits {
  /** For all headers to arrive. */
  readonly headersMs: number;
  /** For a request to arrive, see {@link limitBodyTime}. */
  readonly requestMs: number;
  /** For an idle connection. */
  readonly keepAliveMs: number;
  /** Within which a client must take a part of its answer. */
  readonly unreadMs: number;
  /** For a client to read why the server ends its connection. */
  readonly graceMs: number;
}

/** The listening servers and the missing addresses. */
export interface OpenPort {
  readonly servers: readonly Server[];
  readonly port: number;
  readonly urls: readonly string[];
  /** Optional addresses that this machine does not have. */
  readonly missing: readonly string[];
}

/**
 * Listens at all addresses.
 *
 * @param port 0 chooses a free port, the same at each address.
 * @throws {IotmonError} `ERR_UNAVAILABLE` or `ERR_PERMISSION`; no server then listens.
 */
export async function openPort(
  answer: RequestListener,
  addresses: readonly Address[],
  port: number,
  limits: PortLimits,
): Promise<OpenPort> {
  for (let attempt = 1; ; attempt++) {
    const opened = await openAll(answer, addresses, port, limits);
    if (!(opened instanceof Error)) return opened;
    if (port !== 0 || attempt === PORT_ATTEMPTS || codeOf(opened) !== "EADDRINUSE") {
      throw toIotmonError(opened);
    }
  }
}

async function openAll(
  answer: RequestListener,
  addresses: readonly Address[],
  wanted: number,
  limits: PortLimits,
): Promise<OpenPort | Error> {
  const connections = new Connections(limits);
  const servers: Server[] = [];
  const urls: string[] = [];
  const missing: string[] = [];
  let port = wanted;
  for (const { ip, optional } of addresses) {
    const server = serverOf(answer, limits);
    connections.watch(server);
    const failure = await listen(server, ip, port);
    if (failure === null) {
      port = (server.address() as AddressInfo).port;
      servers.push(server);
      urls.push(urlOf(ip, port));
    } else if (optional && ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(codeOf(failure))) {
      missing.push(ip);
    } else {
      for (const open of servers) open.close();
      return failure;
    }
  }
  return { servers, port, urls, missing };
}

async function listen(server: Server, host: string, port: number): Promise<Error | null> {
  server.listen({ host, port, ipv6Only: host.includes(":") && host !== "::" });
  try {
    await once(server, "listening");
    return null;
  } catch (error) {
    return error as Error;
  }
}

function serverOf(answer: RequestListener, limits: PortLimits): Server {
  const server = createServer(
    {
      requestTimeout: 0, // limitBodyTime applies the limit, which depends on the content type
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.headersMs / 10,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: LIMITS.headerBytes,
      requireHostHeader: false, // checkHost answers with a problem
    },
    answer,
  );
  server.setTimeout(limits.unreadMs);
  const idOf = requestIds();
  const reject = (
    error: NodeJS.ErrnoException,
    socket: Socket,
    headers: IncomingHttpHeaders = {},
  ): void => rejectConnection(error, socket, idOf({ headers }), limits);
  server.prependListener("request", (request, response) => {
    limitBodyTime(request, limits.requestMs, () => {
      if (!response.headersSent) reject(errorOf(LATE), request.socket, request.headers);
      else if (!abortLate(request, problemOf(LATE, limits))) request.destroy();
    });
  });
  server.on("clientError", (error, stream) => reject(error, stream as Socket));
  // without listeners, Node answers these without a body, or not at all
  server.on("checkExpectation", ({ socket, headers }) => {
    reject(errorOf(EXPECTATION), socket, headers);
  });
  server.on("connect", ({ headers }, stream) => reject(errorOf(PROXY), stream as Socket, headers));
  return server;
}

/** Answers bytes that are not a valid request, and closes the connection. */
function rejectConnection(
  error: NodeJS.ErrnoException,
  socket: Socket,
  requestId: string,
  limits: PortLimits,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const problem = problemOf(error.code, limits);
  const body = JSON.stringify(problem.toBody(requestId));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      "content-type: application/problem+json; charset=utf-8\r\n" +
      `x-request-id: ${requestId}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // a client that keeps its side open would occupy the connection forever
  setTimeout(() => socket.destroy(), limits.graceMs).unref();
}

function problemOf(code: string | undefined, { headersMs, requestMs }: PortLimits): Problem {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new Problem("headers-too-large", `At most ${LIMITS.headerBytes} bytes of headers.`);
    case LATE:
      return new Problem(
        "request-timeout",
        `Send all headers within ${headersMs / 1000} s and the whole request within ` +
          `${requestMs / 1000} s; a stream of lines (application/x-ndjson) has no total limit.`,
      );
    case EXPECTATION:
      return new Problem("expectation-failed", "The only known expectation is 100-continue.");
    case PROXY:
      return new Problem("bad-request", "This server is not a proxy: it does not accept CONNECT.");
    default:
      return new Problem("bad-request", "This is not HTTP/1.1. For HTTPS see docs/http-api.md.");
  }
}

function errorOf(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

function toIotmonError(error: Error): IotmonError {
  const { address = "", port = 0 } = error as { address?: string; port?: number };
  const at = urlOf(address, port);
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return new IotmonError("ERR_UNAVAILABLE", `Port ${port} of ${address} is in use`, {
        cause: error,
        hint: `Stop the program that uses it (\`ss -ltnp\` names it), or choose another port with --port`,
      });
    case "EACCES":
      return new IotmonError("ERR_PERMISSION", `Not allowed to listen at ${at}`, {
        cause: error,
        hint: "Ports below 1024 need a privilege: choose a higher port with --port",
      });
    case "EADDRNOTAVAIL":
      return new IotmonError("ERR_UNAVAILABLE", `This machine has no address ${address}`, {
        cause: error,
        hint: "Give an address of this machine with --host (`ip addr` lists them), or 0.0.0.0 for all",
      });
    default:
      return new IotmonError("ERR_UNAVAILABLE", `Can't listen at ${at}: ${error.message}`, {
        cause: error,
      });
  }
}
