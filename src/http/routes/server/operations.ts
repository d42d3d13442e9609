import { z } from "zod";
import type { RouteGroup } from "../../route-group.ts";

const tags = ["Operations"];

const health = z.object({ status: z.literal("ok"), version: z.string() });

const readiness = z.object({
  status: z.enum(["ready", "not ready"]),
  reasons: z
    .array(z.string())
    .describe("Why the server is not ready, and what else does not work: a disabled sink."),
});

/** Health, readiness and metrics. */
export const operationsRoutes: RouteGroup = (app, { metrics, notReady, degraded, version }) => {
  app.get(
    "/healthz",
    {
      config: { access: "open" },
      schema: {
        tags,
        summary: "Liveness",
        description: "200 while the process answers. Needs no token.",
        response: { 200: health },
      },
    },
    async () => ({ status: "ok" as const, version }),
  );

  app.get(
    "/readyz",
    {
      config: { access: "open" },
      schema: {
        tags,
        summary: "Readiness",
        description:
          "503 with the reasons if the server does not accept readings, e.g. while it restores its state or stops. A disabled sink is " +
          "a reason too, but the server stays ready. Needs no token.",
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const faults = notReady();
      const ready = faults.length === 0;
      reply.code(ready ? 200 : 503);
      const reasons = [...faults, ...degraded()];
      return { status: ready ? ("ready" as const) : ("not ready" as const), reasons };
    },
  );

  app.get(
    "/metrics",
    {
      schema: {
        tags,
        summary: "Metrics",
        description: "Prometheus text format.",
        produces: ["text/plain"],
        response: { 200: z.string() },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
};
