import { describe, expect, it } from "vitest";
import { inferPipeline } from "../../src/config/infer/infer.ts";
import { writePipeline } from "../../src/config/infer/write.ts";
import { parsePipeline } from "../../src/config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../src/config/resolve.ts";
import { IotmonError } from "../../src/core/errors.ts";
import { column, profile } from "../support/profiles.ts";

const input = profile(column("timestamp", "timestamp"), column("temperature", "number"));

const resolve = (text: string): ResolvedPipeline =>
  resolvePipeline(parsePipeline(`version: 1\n${text}`, "p.yaml", {}), input, "stem");

function faults(text: string): string[] {
  try {
    resolve(text);
  } catch (error) {
    if (!(error instanceof IotmonError)) throw error;
    return error.faults.map(({ at, message, hint }) => `${at} ${message} | ${hint ?? ""}`);
  }
  return [];
}

const detectors = (...entries: string[]): string =>
  `detectors:\n${entries.map((entry, i) => `  - { name: d${i}, ${entry} }\n`).join("")}`;

const ECOD = "algorithm: ecod";
const RULE = "algorithm: threshold, when: temperature > 40";

/** Budget a week, cooldown in ms and normal rows that end an episode, of each detector. */
const policies = (text: string): unknown[] =>
  resolve(text).plan.detectors.map(({ alerts: { budget, cooldownMs, resolveAfter } }) => [
    budget,
    cooldownMs,
    resolveAfter.kind === "rows" ? resolveAfter.rows : resolveAfter.ms,
  ]);

describe("the alert budget of a pipeline", () => {
  it("is one alert a week where nothing is set, and rules are outside it", () => {
    expect(policies("")).toEqual([[1, 0, 1]]);
    expect(policies(detectors(ECOD, RULE))).toEqual([
      [1, 0, 1],
      [null, 3_600_000, 12],
    ]);
  });

  it("is shared by the ecod detectors that have no contamination and no budget of their own", () => {
    const four = detectors(
      ECOD,
      `${ECOD}, preset: frozen`,
      `${ECOD}, contamination: 0.02`,
      `${ECOD}, alerts: { budget: 3/month }`,
    );
    const own = [expect.closeTo(0.7, 9), 0, 1];
    expect(policies(`alerts: { budget: 2/day }\n${four}`)).toEqual([
      [7, 0, 1],
      [7, 0, 1],
      [null, null, 12],
      own,
    ]);
  });

  it("leaves explicit settings of the policy as they are", () => {
    const alerts = "alerts: { budget: 1/day, cooldown: 10m, resolve_after: 60s, for: 2 }\n";
    expect(policies(alerts)).toEqual([[7, 600_000, 60_000]]);
    expect(
      policies(`alerts: { cooldown: 10m }\n${detectors(`${ECOD}, contamination: 0.1`)}`),
    ).toEqual([[null, 600_000, 12]]);
  });

  it.each([
    ["1/wek", "1/week"],
    ["1 per week", "1/week"],
    ["3/days", "3/day"],
    ["'2'", "2/week"],
    ["0/day", "1/day"],
    ["2/Month", "2/month"],
    ["5 a hour", "5/hour"],
  ])("suggests what %s probably means", (given, meant) => {
    expect(faults(`alerts: { budget: ${given} }`)).toEqual([
      `p.yaml:2:19 alerts.budget: must be a number of alerts per hour, day, week or month, such as 1/week, not "${given.replaceAll("'", "")}" | Did you mean "${meant}"?`,
    ]);
  });

  it("rejects what is no rate at all", () => {
    expect(faults("alerts: { budget: 2 }")).toEqual([
      "p.yaml:2:19 alerts.budget: must be a number of alerts per hour, day, week or month, such as 1/week, not 2 | ",
    ]);
  });

  it("rejects a budget beside a contamination, and for a rule", () => {
    expect(faults(detectors(`${ECOD}, contamination: 0.1, alerts: { budget: 1/day }`))).toEqual([
      "p.yaml:3:64 detectors.0.alerts.budget: the contamination decides already which readings are anomalous | Remove `budget` or `contamination`",
    ]);
    expect(faults(detectors(`${RULE}, alerts: { budget: 1/day }`))).toEqual([
      "p.yaml:3:73 detectors.0.alerts.budget: threshold takes no `budget`: it alarms whenever its rule is met | Leave it out",
    ]);
  });

  it("warns if no detector shares it", () => {
    const text = `alerts: { budget: 1/day }\n${detectors(`${ECOD}, contamination: 0.1`)}`;
    expect(resolve(text).warnings.map(({ message }) => message)).toEqual([
      "alerts.budget: no detector shares it: only ecod detectors without contamination and budget do",
    ]);
  });
});

describe("the budget of an inferred pipeline", () => {
  const HOUR = 3_600_000;
  const infer = (spanMs?: number, preset?: "process" | "slow-drift") =>
    inferPipeline(input, { stem: "s", paths: ["s.csv"], spanMs, preset });

  it.each([
    [undefined, "1/week"],
    [0, "1/week"],
    [24 * HOUR, "1/week"],
    [24 * HOUR - 1, "0.0833/hour"],
    [HOUR, "2/hour"],
    [20 * 60_000, "6/hour"],
    [17 * 60_000, "7.06/hour"],
  ])("is, for a recording of %s ms, %s", (spanMs, rate) => {
    const { document, summary } = infer(spanMs);
    expect(document.alerts?.budget).toBe(rate);
    expect(summary).toContain(`budget ${rate} per sensor`);
    expect(writePipeline(document, [])).toMatch(new RegExp(`# [^\n]+\n *budget: ${rate}\n`));
  });

  it("belongs to presets that set no contamination", () => {
    expect(infer(HOUR, "process").document.alerts?.budget).toBeUndefined();
    expect(infer(HOUR, "slow-drift").summary).not.toContain("budget");
  });
});
