import { lasting, ruleType } from "./rule-type.ts";

/** A sensor that stops reporting. It has inputs only to show the last reading in alerts. */
export const silent = ruleType({
  algorithm: "silent",
  fields: { after: lasting.describe("How long a sensor must not have reported.") },
  namedInputs: () => [],
  resolve: ({ after }, { layout: { numeric } }) => ({
    config: { algorithm: "silent", afterMs: after },
    inputs: [...numeric.keys()],
    inputNames: numeric,
  }),
});
