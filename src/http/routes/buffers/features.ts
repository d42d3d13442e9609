import { latestJson } from "../../json/to-json.ts";
import { LIMITS } from "../../limits.ts";
import type { RouteGroup } from "../../route-group.ts";
import {
  featuresBody,
  featuresDefinedReply,
  featuresQuery,
  featuresReply,
} from "../../schema/features.ts";
import { nameParams } from "../../schema/values.ts";

const FEATURES = "/v1/ml/polars/buffers/:name/features";
const tags = ["Features"];

/** Rolling features of a buffer. */
export const featureRoutes: RouteGroup = (app, { machine, commands }) => {
  app.post(
    FEATURES,
    {
      bodyLimit: LIMITS.definitionBytes,
      schema: {
        tags,
        summary: "Define rolling features",
        description:
          "Adds features to the existing ones and replaces features of the same name. " +
          "A window is a number of rows (`10`) or a duration (`5m`). A feature of a column that only a variant of " +
          "the buffer has is null.",
        params: nameParams,
        body: featuresBody,
        response: { 200: featuresDefinedReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { features, warnings } = await commands.execute({
        kind: "define_features",
        name,
        features: request.body.features,
      });
      return {
        name,
        status: "defined" as const,
        features: [...features],
        warnings: [...warnings],
      };
    },
  );

  app.get(
    FEATURES,
    {
      schema: {
        tags,
        summary: "Newest feature values",
        description:
          "Values of the newest row's sensor, or of `sensor_id`. A detector's score call accepts the object " +
          "`features` unchanged.",
        params: nameParams,
        querystring: featuresQuery,
        response: { 200: featuresReply },
      },
    },
    async (request) => latestJson(machine.features(request.params.name, request.query.sensor_id)),
  );
};
