import { detectorJson, detectorSummaryJson } from "../../json/to-json.ts";
import { LIMITS } from "../../limits.ts";
import type { RouteGroup } from "../../route-group.ts";
import { deletedReply, replaceQuery } from "../../schema/buffers.ts";
import {
  detectorBody,
  detectorCreatedReply,
  detectorListReply,
  detectorReply,
} from "../../schema/detectors.ts";
import { nameParams } from "../../schema/values.ts";

const DETECTORS = "/v1/ml/anomaly/streaming";
const tags = ["Detectors"];

/** Streaming detectors: create, list, show, delete. */
export const detectorRoutes: RouteGroup = (app, { machine, commands, metrics }) => {
  app.post(
    DETECTORS,
    {
      bodyLimit: LIMITS.definitionBytes,
      schema: {
        tags,
        summary: "Create a streaming detector",
        description:
          "Features need not exist yet; a name `<column>_<function>_<window>` defines its feature. A detector " +
          "observes every row of its buffer exactly once. Sending the same definition again keeps the model " +
          "and answers 200. Another definition under the same name answers 409, unless `replace=true`; it is " +
          "kept as a variant, which score calls may use.",
        querystring: replaceQuery,
        body: detectorBody,
        response: { 200: detectorCreatedReply, 201: detectorCreatedReply },
      },
    },
    async (request, reply) => {
      const answer = await commands.execute({
        kind: "create_detector",
        definition: request.body,
        replace: request.query.replace,
      });
      if (answer.creation === "refused") throw answer.conflict;
      const { creation, state, warnings } = answer;
      if (creation === "replaced") metrics.forgetDetector(state.name);
      const body = { ...detectorSummaryJson(state), status: creation, warnings: [...warnings] };
      reply.code(creation === "created" ? 201 : 200);
      return body;
    },
  );

  app.get(
    DETECTORS,
    { schema: { tags, summary: "List detectors", response: { 200: detectorListReply } } },
    async () => ({ detectors: machine.detectors().map(detectorSummaryJson) }),
  );

  app.get(
    `${DETECTORS}/:name`,
    {
      schema: {
        tags,
        summary: "Show a detector",
        description:
          "Progress of the warm-up and alarm rate, for the newest row's sensor and for every sensor.",
        params: nameParams,
        response: { 200: detectorReply },
      },
    },
    async (request) => detectorJson(machine.detector(request.params.name)),
  );

  app.delete(
    `${DETECTORS}/:name`,
    {
      schema: {
        tags,
        summary: "Delete a detector",
        description:
          "Deletes its models and variants too. The name of a variant deletes only the variant.",
        params: nameParams,
        response: { 200: deletedReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      await commands.execute({ kind: "delete_detector", name });
      metrics.forgetDetector(name);
      return { name, status: "deleted" as const };
    },
  );
};
