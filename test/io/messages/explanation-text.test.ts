import { describe, expect, it } from "vitest";
import type { Contribution } from "../../../src/core/detectors/detector.ts";
import { explainShort } from "../../../src/io/messages/explanation-text.ts";
import { detectorPlan, evidenceOf } from "../../backtest/support.ts";

const detector = detectorPlan("pump");

function explain(contributions: readonly Contribution[], novel: readonly number[] = []): string {
  return explainShort(
    evidenceOf({ explanation: { contributions, novel, rule: null, threshold: Number.NaN } }),
    detector,
  );
}

const low: Contribution = {
  input: 0,
  value: 2.08,
  typical: 84.1,
  low: 71.3,
  high: 98,
  side: "low",
  share: 0.7,
};
const high: Contribution = {
  input: 1,
  value: 9.1666,
  typical: 1,
  low: 0.31,
  high: 2.2,
  side: "high",
  share: 0.3,
};

describe("explainShort", () => {
  it("gives value, side and usual range of the largest contribution", () => {
    expect(explain([low, high])).toBe(
      "value 2.08 low (usually 71.3..98, typical 84.1); value_std_50 9.167 high (usually 0.31..2.2)",
    );
  });

  it("gives values the units of their inputs, if they have one", () => {
    const withUnits = { ...detector, inputUnits: ["°C", ""] };
    const shown = (
      contributions: readonly Contribution[],
      novel: readonly number[],
      rule: string | null,
    ) =>
      explainShort(
        evidenceOf({ explanation: { contributions, novel, rule, threshold: Number.NaN } }),
        withUnits,
      );
    expect(shown([low, high], [], null)).toBe(
      "value 2.08 °C low (usually 71.3..98, typical 84.1); value_std_50 9.167 high (usually 0.31..2.2)",
    );
    expect(shown([], [0], null)).toBe("value 2.08 °C never seen before");
    expect(shown([low], [], "value < 40")).toBe("value 2.08 °C: value < 40");
  });

  it("omits features that contributed little", () => {
    expect(explain([low, { ...high, share: 0.05 }])).toBe(
      "value 2.08 low (usually 71.3..98, typical 84.1)",
    );
  });

  it("omits features in their usual range", () => {
    expect(explain([{ ...high, value: 2 }, low])).toBe(
      "value 2.08 low (usually 71.3..98, typical 84.1)",
    );
  });

  it("compares shares with the largest one, because there may be many features", () => {
    const text = explain([
      { ...low, share: 0.05 },
      { ...high, share: 0.03 },
    ]);
    expect(text).toMatch(/^value 2.08 low .*; value_std_50 9.167 high/);
  });

  it("names the largest contribution when everything is in its usual range", () => {
    expect(
      explain([
        { ...high, value: 2 },
        { ...low, value: 75 },
      ]),
    ).toBe("value_std_50 2 rather high (usually 0.31..2.2, typical 1)");
  });

  it("begins with a region that was never visited", () => {
    expect(explain([low, { ...high, share: 0.02 }], [1])).toBe(
      "value_std_50 9.167 high, never seen before (usually 0.31..2.2, typical 1); " +
        "value 2.08 low (usually 71.3..98)",
    );
  });

  it("does not call a new value within the usual range high or low", () => {
    expect(explain([{ ...low, value: 80, side: "low" }], [0])).toBe(
      "value 80 never seen before (usually 71.3..98, typical 84.1)",
    );
  });

  it("names a new value without another contribution", () => {
    expect(explain([high], [0])).toBe(
      "value 2.08 never seen before; value_std_50 9.167 high (usually 0.31..2.2)",
    );
  });

  it("gives the single usual value of a constant column", () => {
    expect(explain([{ ...high, typical: 0, low: 0, high: 0 }])).toBe(
      "value_std_50 9.167 high (usually 0)",
    );
  });

  it("names at most three features", () => {
    const names = ["a", "b", "c", "d"];
    const contributions = names.map((_, input) => ({ ...low, input, share: 0.25 }));
    const evidence = evidenceOf({
      explanation: { contributions, novel: [], rule: null, threshold: Number.NaN },
    });
    const text = explainShort(evidence, { ...detector, inputNames: names });
    expect(text.split("; ").map((phrase) => phrase[0])).toEqual(["a", "b", "c"]);
  });

  it("says that no feature stands out", () => {
    expect(explain([])).toBe("no single feature stands out");
  });
});

describe("explainShort, of a rule", () => {
  const seen = (input: number): Contribution => ({
    ...low,
    input,
    typical: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
    side: null,
    share: Number.NaN,
  });
  const explainRule = (inputs: readonly number[], features: readonly number[]): string =>
    explainShort(
      evidenceOf({
        features: Float64Array.from(features),
        explanation: {
          contributions: inputs.map(seen),
          novel: [],
          rule: "value > 40",
          threshold: Number.NaN,
        },
      }),
      detector,
    );

  it("gives the values of the inputs, then the rule", () => {
    expect(explainRule([0], [41.2])).toBe("value 41.2: value > 40");
    expect(explainRule([0, 1], [41.2, Number.NaN])).toBe(
      "value 41.2, value_std_50 missing: value > 40",
    );
  });

  it("gives only the rule if it has no inputs", () => {
    expect(explainRule([], [])).toBe("value > 40");
  });
});
