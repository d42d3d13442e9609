import { describe, expect, it } from "vitest";
import { createScoreColumns, isScored } from "../../../../src/core/detectors/detector.ts";
import { Threshold } from "../../../../src/core/detectors/rules/threshold.ts";
import { parseExpression } from "../../../../src/core/expression/parse.ts";
import { compileExpression } from "../../../../src/core/expression/program.ts";

const compile = (rule: string) => compileExpression(parseExpression(rule).root, ["t"]);

/** Verdicts on values of `t`: "." normal, "!" anomalous, "?" not scored. */
function verdicts(values: readonly number[], when: string, clearWhen?: string): string {
  const detector = new Threshold({
    algorithm: "threshold",
    when: compile(when),
    clearWhen: clearWhen === undefined ? null : compile(clearWhen),
    rule: when,
  });
  const inputs = [Float64Array.from(values)];
  const out = createScoreColumns(values.length);
  return values
    .map((_, i) => {
      detector.observe(inputs, i, out);
      expect([out.rawScore[i], out.p[i]]).toEqual([Number.NaN, Number.NaN]);
      expect(out.anomalyScore[i]).toBe(out.isAnomaly[i] === 1 ? 1 : 0);
      if (!isScored(out, i)) return "?";
      return out.isAnomaly[i] === 1 ? "!" : ".";
    })
    .join("");
}

const none = Number.NaN;

describe("Threshold", () => {
  it("flags readings that match its rule, and does not score readings with a missing value", () => {
    expect(verdicts([39, 40, 41, none, 41, 39], "t > 40")).toBe("..!?!.");
  });

  it("keeps flagging readings until clear_when is true", () => {
    expect(verdicts([39, 41, 39, 38, 37, 39, 41], "t > 40", "t < 38")).toBe(".!!!..!");
  });

  it("flags a reading for which both conditions are true", () => {
    expect(verdicts([41, 41, 30], "t > 40", "t > 10")).toBe("!!.");
  });

  it("keeps its state when a condition is unknown", () => {
    expect(verdicts([41, none, 39, none, 37, none, 39], "t > 40", "t < 38")).toBe("!?!?.?.");
  });

  it("counts the readings that it scored", () => {
    const rule = { when: compile("t > 40"), clearWhen: null, rule: "t > 40" };
    const detector = new Threshold({ algorithm: "threshold", ...rule });
    const out = createScoreColumns(1);
    for (const value of [1, none, 2]) detector.observe([Float64Array.of(value)], 0, out);
    expect(detector.observationsSeen).toBe(2);
  });

  it("explains an alert with its rule and the values", () => {
    const rule = { when: compile("t > 40"), clearWhen: null, rule: "t > 40" };
    const detector = new Threshold({ algorithm: "threshold", ...rule });
    const { contributions, ...rest } = detector.explain([Float64Array.of(0, 41)], 1);
    expect(rest).toEqual({ novel: [], threshold: none, rule: "t > 40" });
    expect(contributions).toMatchObject([{ input: 0, value: 41, side: null, typical: none }]);
  });
});
