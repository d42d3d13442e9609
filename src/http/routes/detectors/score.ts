import type { z } from "zod";
import { scoreJson } from "../../json/to-json.ts";
import type { RouteGroup } from "../../route-group.ts";
import { scoreBody, scoreReply, type scoreResult } from "../../schema/detectors.ts";
import { nameParams } from "../../schema/values.ts";

type Reply = z.input<typeof scoreResult>;
type Features = NonNullable<z.output<typeof scoreBody>["features"]>;

/** Scores of observations. */
export const scoreRoutes: RouteGroup = (app, { changes, metrics }) => {
  app.post(
    "/v1/ml/anomaly/streaming/:name/score",
    {
      schema: {
        tags: ["Detectors"],
        summary: "Score an observation",
        description:
          "Feature values as they come from the buffer: order does not matter, unknown ones are " +
          "ignored and named, null or missing ones do not vote. Those of a row of the buffer are that " +
          "row's observation, however often they are sent; others are an observation of their own.",
        params: nameParams,
        body: scoreBody,
        response: { 200: scoreReply },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { features, rows, sensor_id: sensor, learn } = request.body;
      const scoreOne = (values: Features, sensorId = sensor): Promise<Reply> => {
        const begun = performance.now();
        return changes.execute(
          { kind: "score", name, features: values, sensorId, learn },
          ({ answer }) => {
            metrics.scored(name, (performance.now() - begun) / 1000);
            return scoreJson(answer);
          },
        );
      };
      if (features !== undefined) return scoreOne(features);
      const scores = (rows ?? []).map((row) => scoreOne(row.features, row.sensor_id));
      return { results: await Promise.all(scores) };
    },
  );
};
