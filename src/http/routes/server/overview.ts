import { overviewJson, sensorJson, traceJson } from "../../json/to-json.ts";
import type { RouteGroup } from "../../route-group.ts";
import {
  overviewReply,
  sensorsQuery,
  sensorsReply,
  traceQuery,
  traceReply,
} from "../../schema/overview.ts";
import { nameParams } from "../../schema/values.ts";

const BUFFER = "/v1/ml/polars/buffers/:name";
const tags = ["Watching"];

/** How everything is: what the page at `/` shows. */
export const watchingRoutes: RouteGroup = (app, { hub, version }) => {
  app.get(
    "/v1/ml/overview",
    {
      schema: {
        tags,
        summary: "All buffers and pipelines at a glance",
        description: "How many of their sensors warm up, are well, or have an alert going on.",
        response: { 200: overviewReply },
      },
    },
    async () => ({ version, buffers: hub.queries.overview().map(overviewJson) }),
  );

  app.get(
    `${BUFFER}/sensors`,
    {
      schema: {
        tags,
        summary: "Sensors of a buffer or pipeline",
        description:
          "Each with its state, newest values and the alerts that are going on, with reasons.",
        params: nameParams,
        querystring: sensorsQuery,
        response: { 200: sensorsReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const sensors = hub.queries.sensors(name, request.query.limit);
      return {
        name,
        sensor_count: hub.buffer(name).sensors,
        sensors: sensors.map(sensorJson),
      };
    },
  );

  app.get(
    `${BUFFER}/trace`,
    {
      schema: {
        tags,
        summary: "Last rows of a sensor with their scores",
        description: "A list for each numeric column and each detector, as charts want it.",
        params: nameParams,
        querystring: traceQuery,
        response: { 200: traceReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { sensor_id: sensor, limit } = request.query;
      return traceJson(name, sensor, hub.queries.trace(name, sensor, limit));
    },
  );
};
