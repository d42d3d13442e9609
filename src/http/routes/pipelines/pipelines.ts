import { IotmonError } from "../../../core/errors.ts";
import { maskDocument, pipelineSummaryJson, sensorStatesJson } from "../../json/pipeline-json.ts";
import { LIMITS } from "../../limits.ts";
import { pipelineProblem } from "../../problems/invalid-problem.ts";
import type { RouteGroup } from "../../route-group.ts";
import { deletedReply } from "../../schema/buffers.ts";
import {
  pipelineBody,
  pipelineListReply,
  pipelinePutReply,
  pipelineQuery,
  pipelineReply,
} from "../../schema/pipelines.ts";
import { nameParams } from "../../schema/values.ts";

const PIPELINES = "/v1/ml/pipelines";
const tags = ["Pipelines"];

/** Whole pipelines: put, list, show, delete. */
export const pipelineRoutes: RouteGroup = (app, { machine, pipelines, metrics }) => {
  app.get(
    PIPELINES,
    { schema: { tags, summary: "List pipelines", response: { 200: pipelineListReply } } },
    async () => ({
      pipelines: machine
        .pipelines()
        .map((name) => pipelineSummaryJson(machine, name, pipelines.fileOf(name))),
    }),
  );

  app.put(
    `${PIPELINES}/:name`,
    {
      bodyLimit: LIMITS.definitionBytes,
      config: { accepts: "pipelines" },
      schema: {
        tags,
        summary: "Put a pipeline",
        consumes: ["application/json", "application/yaml"],
        description:
          "The document of a pipeline file, as JSON or YAML. Sending the same document again changes nothing. " +
          "In a changed document, unchanged parts keep their state; `kept` and `reset` list the parts. " +
          "The server does not replace variables. Sinks may not name files or post to private addresses. 409 " +
          "for the name of a buffer, or of a pipeline from a file.",
        params: nameParams,
        body: pipelineBody,
        response: { 200: pipelinePutReply, 201: pipelinePutReply },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      try {
        const { creation, kept, reset, warnings, opening } = await pipelines.put(
          name,
          request.body,
        );
        reply.code(creation === "created" ? 201 : 200);
        return {
          name,
          status: creation,
          kept: [...kept],
          reset: [...reset],
          warnings: [...warnings],
          opening: [...opening],
        };
      } catch (error) {
        throw error instanceof IotmonError ? pipelineProblem(error) : error;
      }
    },
  );

  app.get(
    `${PIPELINES}/:name`,
    {
      schema: {
        tags,
        summary: "Show a pipeline",
        description:
          "Its document with masked secrets, and the state of each sensor. For more than `limit` sensors, ask again with " +
          "`after`.",
        params: nameParams,
        querystring: pipelineQuery,
        response: { 200: pipelineReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const hosted = machine.pipeline(name);
      const { limit, after } = request.query;
      const { from, to, nextAfter } = machine.queries.page(name, limit, after);
      return {
        ...pipelineSummaryJson(machine, name, pipelines.fileOf(name)),
        document: maskDocument(hosted.document) as Record<string, unknown> | null,
        sensor_states: sensorStatesJson(hosted, from, to),
        next_after: nextAfter,
      };
    },
  );

  app.delete(
    `${PIPELINES}/:name`,
    {
      schema: {
        tags,
        summary: "Delete a pipeline",
        description: "Deletes its rows and models too. Undelivered alerts become dead letters.",
        params: nameParams,
        response: { 200: deletedReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      await pipelines.delete(name);
      metrics.forgetBuffer(name);
      return { name, status: "deleted" as const };
    },
  );
};
