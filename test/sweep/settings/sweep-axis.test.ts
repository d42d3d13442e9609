import { describe, expect, it } from "vitest";
import { IotmonError } from "../../../src/core/errors.ts";
import { parseSweepAxis, settingsOf, withSetting } from "../../../src/sweep/settings/sweep-axis.ts";
import { writeSetting } from "../../../src/sweep/settings/write-setting.ts";

const text = `version: 1
# what is computed
features:
  - { name: slow, column: a, function: mean, window: 10 } # ten rows
detectors:
  - name: pump # the only one
    algorithm: ecod
    contamination: 0.01 # loose
`;
const document = {
  version: 1,
  features: [{ name: "slow", column: "a", function: "mean", window: 10 }],
  detectors: [{ name: "pump", algorithm: "ecod", contamination: 0.01 }],
};

function faultOf(option: string): string {
  try {
    parseSweepAxis(option, document);
    return "none";
  } catch (error) {
    if (!(error instanceof IotmonError)) throw error;
    return `${error.message} | ${error.hint}`;
  }
}

describe("parseSweepAxis", () => {
  it("finds entries of lists by index and by name", () => {
    const byIndex = parseSweepAxis("detectors.0.contamination=0.1,0.2", document);
    const byName = parseSweepAxis("detectors.pump.contamination=0.1,0.2", document);
    expect(byIndex.path).toEqual(["detectors", 0, "contamination"]);
    expect({ ...byName, name: byIndex.name }).toEqual(byIndex);
    expect(byName.values).toEqual([0.1, 0.2]);
  });

  it("reads values like a pipeline file", () => {
    const { values } = parseSweepAxis('alerts.for=1,3 of 5,"2m",[a, b],true', document);
    expect(values).toEqual([1, "3 of 5", "2m", ["a", "b"], true]);
  });

  it.each([
    ["detectors.0.contamination", /the format is wrong \| Expected PATH=v1,v2 such as/],
    ["detectors.0.contamination=", /the format is wrong/],
    ["detectors..contamination=1", /the format is wrong/],
    ["detectors.0.__proto__.window=1", /the format is wrong/],
    ["source.format=csv", /"source" can't be swept \| .*features, detectors, alerts/],
    ["detector.0.window=1", /"detector" can't be swept \| Did you mean "detectors"\?/],
    ["detectors.pmup.window=1", /detectors has no entry "pmup" \| Did you mean "pump"\?/],
    [
      "detectors.1.window=1",
      /detectors has no entry "1" \| Names are: pump \(detectors has entries 0\)/,
    ],
    ["detectors.0.contamination=[1", /the values are not valid YAML/],
  ])("reports the fault of %s", (option, fault) => {
    expect(faultOf(option)).toMatch(fault);
  });
});

describe("settingsOf", () => {
  it("gives all combinations; the last axis varies fastest", () => {
    const axes = [
      parseSweepAxis("features.slow.window=10,20", document),
      parseSweepAxis("alerts.severity.warning=0.7,0.8", document),
    ];
    expect(settingsOf(axes)).toEqual([
      [10, 0.7],
      [10, 0.8],
      [20, 0.7],
      [20, 0.8],
    ]);
    expect(withSetting(document, axes, [20, 0.7])).toEqual({
      ...document,
      features: [{ name: "slow", column: "a", function: "mean", window: 20 }],
      alerts: { severity: { warning: 0.7 } },
    });
    expect(document.features[0]?.window).toBe(10);
  });

  it("creates an own section for an inherited name", () => {
    const axis = parseSweepAxis("detectors.pump.constructor.window=1", document);
    const [pump] = document.detectors;
    expect(withSetting(document, [axis], [1])).toEqual({
      ...document,
      detectors: [{ ...pump, constructor: { window: 1 } }],
    });
    expect(Object).not.toHaveProperty("window");
  });

  it("rejects too many settings", () => {
    const many = parseSweepAxis(`alerts.for=${Array(40).fill(1).join(",")}`, document);
    expect(() => settingsOf([many, many])).toThrow("1600 settings are too many");
  });
});

describe("writeSetting", () => {
  it("changes the values and nothing else", () => {
    const axes = [
      parseSweepAxis("features.slow.window=20", document),
      parseSweepAxis("detectors.pump.contamination=0.5", document),
    ];
    expect(writeSetting(text, axes, [20, 0.5])).toBe(
      text.replace("window: 10", "window: 20").replace("contamination: 0.01", "contamination: 0.5"),
    );
  });

  it("keeps JSON valid", () => {
    const axes = [parseSweepAxis("detectors.0.name=other", document)];
    const json = JSON.stringify(document);
    expect(writeSetting(json, axes, ["other"])).toBe(json.replace("pump", "other"));
  });

  it("adds missing sections", () => {
    const axes = [parseSweepAxis("alerts.cooldown=5m", document)];
    expect(writeSetting(text, axes, ["5m"])).toBe(`${text}alerts:\n  cooldown: 5m\n`);
  });
});
