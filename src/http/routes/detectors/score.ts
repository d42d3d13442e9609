import type { z } from "zod";
import { checkSensor } from "../../../service/scoring/scoring.ts";
import { scoreJson } from "../../json/to-json.ts";
import type { RouteGroup } from "../../route-group.ts";
import { scoreBody, scoreReply, type scoreResult } from "../../schema/detectors.ts";
import { nameParams } from "../../schema/values.ts";

type Reply = z.input<typeof scoreResult>;
type Features = NonNullable<z.output<typeof scoreBody>["features"]>;

/** Scores of observations. */
export const scoreRoutes: RouteGroup = (app, { machine, commands, metrics }) => {
  app.post(
    "/v1/ml/anomaly/streaming/:name/score",
    {
      schema: {
        tags: ["Detectors"],
        summary: "Score an observation",
        description:
          "Accepts feature values from the buffer in any order. It ignores and names unknown features, and answers " +
          "422 if it knows none; null or missing values do not vote. Of the definitions of the name, the one with " +
          "most of the features scores; while it warms up, a warm one answers. The values of a row of the buffer are that row's observation, however " +
          "often you send them; other values are a new observation.",
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
        return commands.execute(
          { kind: "score", name, features: values, sensorId, learn },
          ({ answer }) => {
            metrics.scored(answer.variant, (performance.now() - begun) / 1000);
            return scoreJson(answer);
          },
        );
      };
      if (features !== undefined) {
        machine.checkFeatures(name, features, "features");
        return scoreOne(features);
      }
      // before the first command, so that an invalid row leaves the model unchanged
      for (const [i, row] of (rows ?? []).entries()) {
        checkSensor(row.sensor_id ?? sensor);
        machine.checkFeatures(name, row.features, `rows.${i}.features`);
      }
      const scores = (rows ?? []).map((row) => scoreOne(row.features, row.sensor_id));
      return { results: await Promise.all(scores) };
    },
  );
};
