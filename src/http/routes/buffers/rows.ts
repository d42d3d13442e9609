import { exportRows, type RowsFormat } from "../../../buffer/export-rows.ts";
import { appendedJson } from "../../json/to-json.ts";
import type { RouteGroup } from "../../route-group.ts";
import { appendBody, appendQuery, appendReply } from "../../schema/buffers.ts";
import { rowsQuery, rowsReply, statsQuery, statsReply } from "../../schema/rows.ts";
import { nameParams } from "../../schema/values.ts";

const tags = ["Buffers"];

/** Rows of a buffer. */
export const readingRoutes: RouteGroup = (app, { hub, changes, metrics, now }) => {
  app.post(
    "/v1/ml/polars/buffers/:name/append",
    {
      schema: {
        tags,
        summary: "Append rows",
        description:
          "A cell that can't be used becomes null, with a warning; its row and its neighbours stay. " +
          "Columns that the buffer does not have are ignored and named. A row without a readable " +
          "timestamp gets the time of its arrival. Timestamps without a zone are UTC.",
        params: nameParams,
        querystring: appendQuery,
        body: appendBody,
        response: { 200: appendReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { rows } = request.body;
      const { strict } = request.query;
      const appended = await changes.execute({
        kind: "append",
        ...{ name, rows, arrivalMs: now(), strict, json: request.bodyText },
      });
      metrics.appended(name, appended.rowsAppended, appended.warningCount);
      return appendedJson(appended);
    },
  );

  app.get(
    "/v1/ml/polars/buffers/:name/rows",
    {
      schema: {
        tags,
        summary: "Rows of a buffer",
        description:
          "The newest rows that fit, oldest first, as JSON, CSV or Parquet; times are UTC, and a " +
          "missing value is null or empty.",
        params: nameParams,
        querystring: rowsQuery,
        response: { 200: rowsReply },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { limit, since, sensor_id: key, format } = request.query;
      const buffer = hub.readings(name);
      const { rows, content } = exportRows(buffer, { newest: limit, sinceMs: since, key }, format);
      const body =
        format === "json"
          ? `{"name":${JSON.stringify(name)},"row_count":${rows},"rows":${content}}`
          : content;
      // written already: what is no object goes past the serializer
      return reply.type(CONTENT_TYPES[format]).send(body as never);
    },
  );

  app.get(
    "/v1/ml/polars/buffers/:name/stats",
    {
      schema: {
        tags,
        summary: "Statistics of a buffer",
        description: "Of each numeric column, over the rows that the buffer holds now.",
        params: nameParams,
        querystring: statsQuery,
        response: { 200: statsReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      return { name, columns: hub.readings(name).describe(request.query.sensor_id) };
    },
  );
};

const CONTENT_TYPES: Readonly<Record<RowsFormat, string>> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};
