import { exportRows, type RowsFormat } from "../../../buffer/export-rows.ts";
import { appendedJson } from "../../json/to-json.ts";
import { REPLAYED, repeatableCall, repeatableHeaders } from "../../readings/repeatable.ts";
import type { RouteGroup } from "../../route-group.ts";
import { appendBody, appendQuery, appendReply } from "../../schema/buffers.ts";
import { rowsQuery, rowsReply, statsQuery, statsReply } from "../../schema/rows.ts";
import { nameParams } from "../../schema/values.ts";

const tags = ["Buffers"];

/** Rows of a buffer. */
export const rowRoutes: RouteGroup = (app, { machine, commands, metrics, now }) => {
  app.post(
    "/v1/ml/polars/buffers/:name/append",
    {
      schema: {
        tags,
        summary: "Append rows",
        description:
          "An unusable cell becomes null, with a warning; the rest of its row stays. The reply names ignored " +
          "columns, which the buffer does not have. A row without a readable timestamp gets its arrival " +
          "time. Timestamps without a zone are UTC.",
        params: nameParams,
        querystring: appendQuery,
        headers: repeatableHeaders,
        body: appendBody,
        response: { 200: appendReply },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { rows } = request.body;
      const { strict } = request.query;
      const key = request.headers["idempotency-key"];
      const once = repeatableCall(key, request.bodyText, { strict });
      const appended = await commands.execute({
        kind: "append",
        ...{ name, rows, arrivalMs: now(), strict, once, json: request.bodyText },
      });
      if (appended.repeated !== null) reply.header(REPLAYED, "true");
      else metrics.appended(name, appended.rowsAppended, appended.warningCount);
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
          "The newest matching rows, oldest first, as JSON, CSV or Parquet. Times are UTC; a missing value is " +
          "null or empty.",
        params: nameParams,
        querystring: rowsQuery,
        response: { 200: rowsReply },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { limit, since, sensor_id: key, format } = request.query;
      const buffer = machine.readings(name);
      const whole = Object.entries(machine.buffer(name).schema).flatMap(([column, type]) =>
        type === "int" || type === "bool" ? column : [],
      );
      const selection = { newest: limit, sinceMs: since, key };
      const { rows, content } = exportRows(buffer, selection, format, whole);
      const body =
        format === "json"
          ? `{"name":${JSON.stringify(name)},"row_count":${rows},"rows":${content}}`
          : content;
      // text and bytes bypass the serializer
      return reply.type(CONTENT_TYPES[format]).send(body as never);
    },
  );

  app.get(
    "/v1/ml/polars/buffers/:name/stats",
    {
      schema: {
        tags,
        summary: "Statistics of a buffer",
        description: "Statistics of each numeric column over the current rows.",
        params: nameParams,
        querystring: statsQuery,
        response: { 200: statsReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      return { name, columns: machine.readings(name).describe(request.query.sensor_id) };
    },
  );
};

const CONTENT_TYPES: Readonly<Record<RowsFormat, string>> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};
