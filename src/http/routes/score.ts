import type { z } from "zod";
import type { StateMachine } from "../../service/state-machine.ts";
import { scoreJson } from "../json/to-json.ts";
import type { RouteGroup } from "../route-group.ts";
import { scoreBody, scoreReply, type scoreResult } from "../schema/detectors.ts";
import { nameParams } from "../schema/values.ts";

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
      const scoreOne = (hub: StateMachine, values: Features, sensorId = sensor): Reply => {
        const begun = performance.now();
        const score = hub.score(name, { features: values, sensorId, learn });
        metrics.scored(name, (performance.now() - begun) / 1000);
        return scoreJson(score);
      };
      return changes.run((hub) =>
        features !== undefined
          ? scoreOne(hub, features)
          : { results: (rows ?? []).map((row) => scoreOne(hub, row.features, row.sensor_id)) },
      );
    },
  );
};
