import type { App } from "../route-group.ts";

/** Time for which a browser may cache a preflight reply. */
const PREFLIGHT_SECONDS = "600";

/**
 * Allows pages of other origins to use the API; by default browsers forbid it.
 *
 * @param origins As browsers send them: `https://dash.example.com`; `*` allows any origin.
 */
export function addCors(app: App, origins: readonly string[]): void {
  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    reply.header("vary", "origin");
    if (origin === undefined || !(origins.includes(origin) || origins.includes("*"))) return;
    reply.header("access-control-allow-origin", origin);
    reply.header("access-control-expose-headers", "x-request-id, idempotency-replayed");
    if (request.method !== "OPTIONS") return;
    if (request.headers["access-control-request-method"] === undefined) return;
    await reply
      .code(204)
      .headers({
        "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
        "access-control-allow-headers":
          "authorization, content-type, content-encoding, idempotency-key, x-request-id",
        "access-control-max-age": PREFLIGHT_SECONDS,
      })
      .send();
  });
}
