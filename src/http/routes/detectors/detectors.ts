import { detectorJson, detectorSummaryJson } from "../../json/to-json.ts";
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

/** Streaming detectors: create, list, look at, delete. */
export const detectorRoutes: RouteGroup = (app, { hub, changes, metrics }) => {
  app.post(
    DETECTORS,
    {
      schema: {
        tags,
        summary: "Create a streaming detector",
        description:
          "Features need not exist yet; `<column>_<function>_<window>` defines itself. A detector " +
          "observes every row of its buffer exactly once. The same definition again is harmless: " +
          "200, model kept. Another one under the same name is 409, unless `replace=true`.",
        querystring: replaceQuery,
        body: detectorBody,
        response: { 200: detectorCreatedReply, 201: detectorCreatedReply },
      },
    },
    async (request, reply) => {
      const { creation, state, warnings } = await changes.execute({
        kind: "create_detector",
        definition: request.body,
        replace: request.query.replace,
      });
      const body = { ...detectorSummaryJson(state), status: creation, warnings: [...warnings] };
      reply.code(creation === "created" ? 201 : 200);
      return body;
    },
  );

  app.get(
    DETECTORS,
    { schema: { tags, summary: "List detectors", response: { 200: detectorListReply } } },
    async () => ({ detectors: hub.detectors().map(detectorSummaryJson) }),
  );

  app.get(
    `${DETECTORS}/:name`,
    {
      schema: {
        tags,
        summary: "Look at a detector",
        description: "How far its warm-up is, how often it alarms, and the same of every sensor.",
        params: nameParams,
        response: { 200: detectorReply },
      },
    },
    async (request) => detectorJson(hub.detector(request.params.name)),
  );

  app.delete(
    `${DETECTORS}/:name`,
    {
      schema: {
        tags,
        summary: "Delete a detector",
        description: "With everything that it has learned.",
        params: nameParams,
        response: { 200: deletedReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      await changes.execute({ kind: "delete_detector", name });
      metrics.forgetDetector(name);
      return { name, status: "deleted" as const };
    },
  );
};
