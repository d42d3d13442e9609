import { bufferJson } from "../../json/to-json.ts";
import { LIMITS } from "../../limits.ts";
import type { RouteGroup } from "../../route-group.ts";
import {
  bufferBody,
  bufferCreatedReply,
  bufferListReply,
  bufferReply,
  deletedReply,
  replaceQuery,
} from "../../schema/buffers.ts";
import { nameParams } from "../../schema/values.ts";

const BUFFERS = "/v1/ml/polars/buffers";
const tags = ["Buffers"];

/** Buffers: create, list, show, delete. */
export const bufferRoutes: RouteGroup = (app, { machine, commands, metrics }) => {
  app.post(
    BUFFERS,
    {
      bodyLimit: LIMITS.definitionBytes,
      schema: {
        tags,
        summary: "Create a buffer",
        description:
          "A buffer holds the newest `max_rows` readings. Sending the same definition again keeps the rows and " +
          "answers 200. Another definition under the same name answers 409, unless `replace=true`; it is kept " +
          "as a variant, so that features may use its columns.",
        querystring: replaceQuery,
        body: bufferBody,
        response: { 200: bufferCreatedReply, 201: bufferCreatedReply },
      },
    },
    async (request, reply) => {
      const { name, schema, max_rows: maxRows, key } = request.body;
      const answer = await commands.execute({
        kind: "create_buffer",
        definition: { name, schema, maxRows, key },
        replace: request.query.replace,
      });
      if (answer.creation === "refused") throw answer.conflict;
      const { creation, state, warnings } = answer;
      const body = { ...bufferJson(state), status: creation, warnings: [...warnings] };
      reply.code(creation === "created" ? 201 : 200);
      return body;
    },
  );

  app.get(
    BUFFERS,
    { schema: { tags, summary: "List buffers", response: { 200: bufferListReply } } },
    async () => ({ buffers: machine.buffers().map(bufferJson) }),
  );

  app.get(
    `${BUFFERS}/:name`,
    {
      schema: {
        tags,
        summary: "Show a buffer",
        params: nameParams,
        response: { 200: bufferReply },
      },
    },
    async (request) => bufferJson(machine.buffer(request.params.name)),
  );

  app.delete(
    `${BUFFERS}/:name`,
    {
      schema: {
        tags,
        summary: "Delete a buffer",
        description: "Deletes its rows and features too. Its detectors stay, without a buffer.",
        params: nameParams,
        response: { 200: deletedReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      await commands.execute({ kind: "delete_buffer", name });
      metrics.forgetBuffer(name);
      return { name, status: "deleted" as const };
    },
  );
};
