import { text } from "../../io/setting-values.ts";
import { lasting, limit, ruleType } from "./rule-type.ts";

/** A column that does not change. */
export const stuck = ruleType({
  algorithm: "stuck",
  fields: {
    column: text.describe("Numeric column, or feature."),
    after: lasting.describe("How long it must not have changed."),
    tolerance: limit.default(0).describe("Largest difference that still counts as no change."),
  },
  namedInputs: ({ column }) => [column],
  resolve: ({ column, after, tolerance }, { table, path }) => ({
    config: { algorithm: "stuck", column, afterMs: after, tolerance },
    inputs: [table.find(column, [...path, "column"])],
    inputNames: [column],
  }),
});
