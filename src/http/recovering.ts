import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { checkHost } from "./access/check-host.ts";
import { Problem } from "./problems/problem.ts";
import { toProblem } from "./problems/to-problem.ts";
import { requestIds } from "./telemetry/request-id.ts";

/** Time after which a client should try again, s. */
const RETRY_SECONDS = 2;

/** Settings of {@link recoveringListener}. */
interface RecoveringOptions {
  readonly version: string;
  /** Whether to answer only requests to localhost. */
  readonly localOnly: boolean;
  /** How far the recovery is, as a reason why the server is not ready. */
  readonly progress: () => string;
}

/** Answers requests while the state is restored: `/healthz` is 200, everything else 503. */
export function recoveringListener({
  version,
  localOnly,
  progress,
}: RecoveringOptions): RequestListener {
  const idOf = requestIds();
  return (request, response) => {
    const id = idOf(request);
    const answer = { request, response, id };
    try {
      checkHost(request, localOnly);
      const [path] = (request.url ?? "").split("?", 1);
      if (path === "/healthz") send(answer, 200, { status: "ok", version });
      else if (path === "/readyz")
        send(answer, 503, { status: "not ready", reasons: [progress()] });
      else throw new Problem("unavailable", `Nothing was changed: ${progress()}. Send it again.`);
    } catch (error) {
      const problem = toProblem(error);
      send(answer, problem.status, problem.toBody(id), "application/problem+json");
    }
  };
}

interface Answer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
}

function send(
  { request, response, id }: Answer,
  status: number,
  body: object,
  type = "application/json",
): void {
  const text = JSON.stringify(body);
  if (status === 503) response.setHeader("retry-after", RETRY_SECONDS);
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": id,
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
