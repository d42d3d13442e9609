import { text } from "../../io/setting-values.ts";
import { lasting, limit, ruleType } from "./rule-type.ts";

/** A column that changes too fast. */
export const rateOfChange = ruleType({
  algorithm: "rate_of_change",
  fields: {
    column: text.describe("Numeric column, or feature."),
    per: lasting.describe("Unit of time of the limits, such as 1m."),
    max_change: limit.optional().describe("Largest change in that time, up or down."),
    max_rise: limit.optional().describe("Largest rise in that time."),
    max_fall: limit.optional().describe("Largest fall in that time."),
  },
  namedInputs: ({ column }) => [column],
  resolve(settings, { table, path, findings }) {
    const { column, per, max_change: both, max_rise: rise, max_fall: fall } = settings;
    if (both === undefined && rise === undefined && fall === undefined) {
      findings.fault(
        path,
        "has no limit",
        "Give max_change, or max_rise, or max_fall, or the last two",
      );
    }
    for (const key of ["max_rise", "max_fall"] as const) {
      if (both === undefined || settings[key] === undefined) continue;
      findings.fault(
        [...path, key],
        "can't be used with max_change",
        "Leave one of them out",
        "key",
      );
    }
    const none = both ?? Number.POSITIVE_INFINITY;
    return {
      config: {
        algorithm: "rate_of_change",
        column,
        perMs: per,
        maxRise: rise ?? none,
        maxFall: fall ?? none,
      },
      inputs: [table.find(column, [...path, "column"])],
      inputNames: [column],
    };
  },
});
