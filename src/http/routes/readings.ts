import type { RouteGroup } from "../route-group.ts";
import { appendBody, appendQuery, appendReply } from "../schema/buffers.ts";
import { nameParams } from "../schema/values.ts";
import { appendedJson } from "../to-json.ts";

const tags = ["Buffers"];

/** Rows of a buffer. */
export const readingRoutes: RouteGroup = (app, { changes, metrics, now }) => {
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
      const options = { ...request.query, arrivalMs: now() };
      const appended = await changes.run(
        (hub) => hub.append(name, request.body.rows, options),
        request.bodyText,
      );
      metrics.appended(name, appended.rowsAppended, appended.warningCount);
      return appendedJson(appended);
    },
  );
};
