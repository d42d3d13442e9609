import { latestJson } from "../../json/to-json.ts";
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
export const featureRoutes: RouteGroup = (app, { hub, changes }) => {
  app.post(
    FEATURES,
    {
      schema: {
        tags,
        summary: "Define rolling features",
        description:
          "Adds to the features there are; one of the same name is replaced, the others stay. " +
          "A window is a number of rows (`10`) or a duration (`5m`).",
        params: nameParams,
        body: featuresBody,
        response: { 200: featuresDefinedReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { features, warnings } = await changes.execute({
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
          "Values of the newest row's sensor, or of `sensor_id`. The object `features` can be sent to " +
          "a detector's score call as it is.",
        params: nameParams,
        querystring: featuresQuery,
        response: { 200: featuresReply },
      },
    },
    async (request) => latestJson(hub.features(request.params.name, request.query.sensor_id)),
  );
};
