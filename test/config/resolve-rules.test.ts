// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of pipelines are written like that
import { describe, expect, it } from "vitest";
import { parsePipeline } from "../../src/config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../src/config/resolve.ts";
import { severityRank } from "../../src/core/alerts/severity.ts";
import { detectorRule } from "../../src/core/detectors/registry.ts";
import { IotmonError } from "../../src/core/errors.ts";
import { column, profile } from "../support/profiles.ts";

const greenhouse = profile(
  column("timestamp", "timestamp"),
  column("sensor_id", "text", { distinct: 3 }),
  column("temperature", "number"),
  column("Water Temp", "number"),
);

const resolve = (text: string): ResolvedPipeline =>
  resolvePipeline(parsePipeline(`version: 1\n${text}`, "p.yaml", { LIMIT: "40" }), greenhouse, "s");

const detectors = (...entries: readonly string[]): string =>
  `detectors:\n${entries.map((entry) => `  - { name: d, ${entry} }`).join("\n")}\n`;

/** Faults, each with the text at its place. */
function faults(text: string): string[] {
  try {
    resolve(text);
  } catch (error) {
    if (!(error instanceof IotmonError)) throw error;
    const lines = `version: 1\n${text}`.split("\n");
    return error.faults.map(({ at, message, hint }) => {
      const [, line = 0, character = 0] = at.split(":").map(Number);
      const there = lines[line - 1]?.slice(character - 1).slice(0, 12);
      return [there, message, hint].join(" | ");
    });
  }
  return [];
}

/** The only detector. */
function planOf(entry: string, rest = "") {
  const [plan] = resolve(detectors(entry) + rest).plan.detectors;
  if (!plan) throw new Error("no detector");
  return { ...plan, rule: detectorRule(plan.config) };
}

describe("resolvePipeline, of rules", () => {
  it("finds the columns and features of both conditions once each", () => {
    const text =
      "algorithm: threshold, when: temperature > temperature_mean_10 + 3 or `Water Temp` > 9, " +
      "clear_when: temperature < 2";
    const plan = planOf(text);
    expect(plan.inputNames).toEqual(["temperature", "temperature_mean_10", "Water Temp"]);
    expect(plan.inputs).toEqual([0, 2, 1]);
    expect(plan.rule).toBe(
      "temperature > temperature_mean_10 + 3 or `Water Temp` > 9, until temperature < 2",
    );
  });

  it.each([
    ["algorithm: stuck, column: temperature, after: 10m", "temperature unchanged for 10m"],
    ["algorithm: silent, after: 90s", "no reading for 90s"],
    [
      "algorithm: rate_of_change, column: temperature_mean_5, per: 1m, max_rise: 2",
      "temperature_mean_5 rises more than 2 per 1m",
    ],
    [
      "algorithm: rate_of_change, column: temperature, per: 1h, max_change: 2",
      "temperature changes more than 2 per 1h",
    ],
  ])("describes %s as: %s", (entry, rule) => {
    expect(planOf(entry).rule).toBe(rule);
  });

  it("gives a silent detector all columns as inputs", () => {
    expect(planOf("algorithm: silent, after: 90s").inputNames).toEqual([
      "temperature",
      "Water Temp",
    ]);
  });

  it.each([
    ["", "alerts: { severity: { warning: 0.1, critical: 0.2 } }", 1],
    [", severity: info", "", 0],
    [", severity: critical", "", 2],
  ])(
    "gives alerts the severity of the detector%s, whatever the levels of scores",
    (own, rest, rank) => {
      const { alerts } = planOf(`algorithm: threshold, when: temperature > 1${own}`, rest);
      expect(severityRank(true, 1, alerts.severity)).toBe(rank);
    },
  );

  it("applies `for` only to detectors without `after`, and ends silence with the next reading", () => {
    const shared = "alerts: { for: 3, resolve_after: 7, cooldown: 1m }";
    const three = { kind: "rows", need: 3, of: 3 };
    const once = { kind: "rows", need: 1, of: 1 };
    const seven = { kind: "rows", rows: 7 };
    const of = (entry: string) => planOf(entry, shared).alerts;
    const threshold = of("algorithm: threshold, when: temperature > 1");
    expect(threshold).toMatchObject({ for: three, resolveAfter: seven, cooldownMs: 60_000 });
    const stuck = of("algorithm: stuck, column: temperature, after: 10m");
    expect(stuck).toMatchObject({ for: once, resolveAfter: seven });
    const silent = of("algorithm: silent, after: 10m");
    expect(silent).toMatchObject({ for: once, resolveAfter: { kind: "rows", rows: 1 } });
  });

  it("applies the alerts of a detector to that detector only", () => {
    const entry = "algorithm: threshold, when: temperature > 1, alerts: { for: 2m, cooldown: 0s }";
    expect(planOf(entry).alerts).toMatchObject({
      for: { kind: "duration", ms: 120_000 },
      cooldownMs: 0,
    });
  });

  it.each([
    [
      "an unknown name at its character",
      "algorithm: threshold, when: temperature > 3 and temprature < 4",
      'temprature < | detectors.0.when: "temprature" is not a numeric column, a declared feature or ' +
        '<column>_<function>_<window> | Did you mean "temperature"? Known names are: temperature, Water Temp',
    ],
    [
      "a text column in a quoted rule",
      'algorithm: threshold, when: "1 < sensor_id"',
      'sensor_id" } | detectors.0.when: column "sensor_id" holds text | Numeric columns are: temperature, Water Temp',
    ],
    [
      "a fault of the grammar",
      "algorithm: threshold, when: temperature > 3 AND temperature < 4",
      'AND temperat | detectors.0.when: expected an operator, but found "AND" | Write "and"',
    ],
    [
      "a number for a rule",
      "algorithm: threshold, when: temperature",
      "temperature  | detectors.0.when: must be true or false, but is a number | Compare it with something, such as > 0",
    ],
    [
      "the start of a text in which a variable moved the fault",
      "algorithm: threshold, when: 'temperature > ${LIMIT:-9} and 3'",
      '\'temperature | detectors.0.when: "and" takes conditions, but this is a number | Compare it with something, such as > 0',
    ],
    [
      "a rule about nothing",
      "algorithm: threshold, when: 1 > 2",
      "1 > 2 } | detectors.0.when: has no column or feature | Name one: temperature > 40",
    ],
    [
      "a fault of clear_when",
      "algorithm: threshold, when: temperature > 3, clear_when: temperature <",
      " } | detectors.0.clear_when: expected a number or a name, but found the end of the rule | ",
    ],
    [
      "for on a stuck detector",
      "algorithm: stuck, column: temperature, after: 10m, alerts: { for: 3 }",
      "for: 3 } } | detectors.0.alerts.for: stuck takes no `for` | Raise `after` instead",
    ],
    [
      "resolve_after on a silent one",
      "algorithm: silent, after: 10m, alerts: { resolve_after: 3 }",
      "resolve_afte | detectors.0.alerts.resolve_after: silent takes no `resolve_after`: it ends with the next reading | Leave it out",
    ],
    [
      "levels of a score that there is not",
      "algorithm: silent, after: 10m, alerts: { severity: { warning: 0.3 } }",
      "severity: {  | detectors.0.alerts.severity: silent has no score for these levels | Give `severity: critical` beside `algorithm`",
    ],
    [
      "a rate without a limit",
      "algorithm: rate_of_change, column: temperature, per: 1m",
      "{ name: d, a | detectors.0: has no limit | Give max_change, or max_rise, or max_fall, or the last two",
    ],
    [
      "limits that contradict each other",
      "algorithm: rate_of_change, column: temperature, per: 1m, max_change: 3, max_fall: 1",
      "max_fall: 1  | detectors.0.max_fall: can't be used with max_change | Leave one of them out",
    ],
    [
      "a column that does not exist",
      "algorithm: stuck, column: temprature, after: 10m",
      'temprature,  | detectors.0.column: "temprature" is not a numeric column, a declared feature or ' +
        '<column>_<function>_<window> | Did you mean "temperature"? Known names are: temperature, Water Temp',
    ],
  ])("reports %s", (_, entry, fault) => {
    expect(faults(detectors(entry))).toEqual([fault]);
  });

  it("needs a time above zero", () => {
    expect(faults(detectors("algorithm: silent, after: 0s"))).toEqual([
      '0s } | detectors.0.after: must be above zero, not "0s" | ',
    ]);
  });
});

describe("a rule that no plausible value makes true", () => {
  const warned = (...entries: readonly string[]): string[] =>
    resolve(
      "buffer: { columns: { temperature: { min: -40, max: 100 } } }\n" +
        `features: [{ columns: [temperature], functions: [mean, std], windows: [5] }]\n${detectors(...entries)}`,
    ).warnings.map(({ message }) => message);

  it("is a warning at its place", () => {
    expect(warned("algorithm: threshold, when: temperature > 100")).toEqual([
      "detectors.0.when: can never be true: temperature is -40 to 100, and other values count as missing",
    ]);
    expect(warned("algorithm: threshold, when: temperature_mean_5 < -40")).toHaveLength(1);
    const clear = "algorithm: threshold, when: temperature > 90, clear_when: temperature < -50";
    expect(warned(clear)).toEqual([expect.stringMatching(/^detectors\.0\.clear_when: /)]);
  });

  it.each(["temperature >= 100", "temperature_std_5 > 100", "`Water Temp` > 100"])(
    "is not %j",
    (when) => {
      expect(warned(`algorithm: threshold, when: "${when}"`)).toEqual([]);
    },
  );
});
