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
const tags = ["Overview"];

/** State of all sensors, for the page at `/`. */
export const overviewRoutes: RouteGroup = (app, { machine, version }) => {
  app.get(
    "/v1/ml/overview",
    {
      schema: {
        tags,
        summary: "Overview of all buffers and pipelines",
        description: "Number of sensors in each state.",
        response: { 200: overviewReply },
      },
    },
    async () => ({ version, buffers: machine.queries.overview().map(overviewJson) }),
  );

  app.get(
    `${BUFFER}/sensors`,
    {
      schema: {
        tags,
        summary: "Sensors of a buffer or pipeline",
        description: "Each sensor with its state, newest values, and open alerts with reasons.",
        params: nameParams,
        querystring: sensorsQuery,
        response: { 200: sensorsReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const sensors = machine.queries.sensors(name, request.query.limit);
      return {
        name,
        sensor_count: machine.buffer(name).sensors,
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
        description: "One list per numeric column and per detector, for charts.",
        params: nameParams,
        querystring: traceQuery,
        response: { 200: traceReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { sensor_id: sensor, limit } = request.query;
      return traceJson(name, sensor, machine.queries.trace(name, sensor, limit));
    },
  );
};
