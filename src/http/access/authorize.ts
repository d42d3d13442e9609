import type { FastifyRequest } from "fastify";
import { Problem } from "../problems/problem.ts";
import type { Tokens } from "./tokens.ts";

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/**
 * Checks the token of a request.
 *
 * @throws {Problem} `unauthorized` or `forbidden`.
 */
export function authorize(request: FastifyRequest, tokens: Tokens): void {
  const { method, routeOptions, headers, is404 } = request;
  const reads = method === "GET" || method === "HEAD" || is404;
  const access = routeOptions.config.access ?? (reads ? "read" : "write");
  if (access === "open") return;
  const [, token] = BEARER.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) {
    throw unauthorized("Send the header `authorization: Bearer <token>`.", "");
  }
  const scope = tokens.scopeOf(token);
  if (scope === null) {
    throw unauthorized(
      "The server does not know this token. Check that its line is in the token file.",
      ', error="invalid_token"',
    );
  }
  if (access === "write" && scope === "read") {
    throw new Problem("forbidden", "This token may only read. Use a token with scope `write`.", {
      headers: { "www-authenticate": 'Bearer realm="iotmon", error="insufficient_scope"' },
    });
  }
}

function unauthorized(detail: string, reason: string): Problem {
  return new Problem("unauthorized", detail, {
    headers: { "www-authenticate": `Bearer realm="iotmon"${reason}` },
  });
}
