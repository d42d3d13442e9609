import { lasting, ruleType } from "./rule-type.ts";

/** A sensor that stops reporting. Its inputs are only the last reading, which alerts show. */
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
