import { z } from "zod";
import type { EventType } from "../../service/events/event-ring.ts";
import type { RouteGroup } from "../route-group.ts";
import { eventsQuery } from "../schema/pipelines.ts";
import { nameParams } from "../schema/values.ts";

/** Events as they happen. */
export const eventRoutes: RouteGroup = (app, { streams }) => {
  app.get(
    "/v1/ml/pipelines/:name/events",
    {
      schema: {
        tags: ["Pipelines"],
        summary: "Follow events",
        description:
          "Server-sent events: `alert`, with the message as sinks get it, and `score`, what came of a " +
          "row. A client that comes back with `Last-Event-ID` gets what it missed, after an event " +
          "`gap` when some of it is no longer held. An event `end` says why the server ends it: " +
          "`slow`, `gone` or `stopping`.",
        params: nameParams,
        querystring: eventsQuery,
        produces: ["text/event-stream"],
        response: { 200: z.string() },
      },
    },
    (request, reply) => {
      const { name } = request.params;
      const types = new Set(request.query.types.split(",") as EventType[]);
      const header = request.headers["last-event-id"];
      const lastId = Array.isArray(header) ? header[0] : header;
      streams.open({ name, types, lastId }, reply.raw, {
        "x-request-id": request.id,
        "x-content-type-options": "nosniff",
      });
      reply.hijack();
    },
  );
};
