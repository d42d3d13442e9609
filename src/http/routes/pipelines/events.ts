import { z } from "zod";
import type { EventType } from "../../../service/events/event-ring.ts";
import type { RouteGroup } from "../../route-group.ts";
import { eventsQuery } from "../../schema/pipelines.ts";
import { nameParams } from "../../schema/values.ts";

/** Streams of events. */
export const eventRoutes: RouteGroup = (app, { machine, streams }) => {
  app.get(
    "/v1/ml/pipelines/:name/events",
    {
      schema: {
        tags: ["Pipelines"],
        summary: "Follow events",
        description:
          "Server-sent events: `alert` is the message that sinks get, `score` the result of a row. A client " +
          "that reconnects with `Last-Event-ID` gets the events it missed, after an event `gap` if the server " +
          "no longer holds some of them. An event `end` gives the reason when the server ends the stream: " +
          "`slow`, `gone` or `stopping`.",
        params: nameParams,
        querystring: eventsQuery,
        produces: ["text/event-stream"],
        response: { 200: z.string() },
      },
    },
    (request, reply) => {
      const { name } = request.params;
      if (request.method === "HEAD") {
        machine.buffer(name);
        void reply.type("text/event-stream; charset=utf-8").send("");
        return;
      }
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
