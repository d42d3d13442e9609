import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertEvent } from "../../src/core/alerts/alert-event.ts";
import type { AlertConfig } from "../../src/core/alerts/config.ts";
import { SEVERITIES } from "../../src/core/alerts/severity.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../src/core/detectors/ecod/config.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import { createAlertBudget } from "../../src/index.ts";
import { batchOf, type TestReading } from "../support/batches.ts";
import { promptAlerts } from "../support/prompt-alerts.ts";
import { Random } from "../support/random.ts";

const MINUTE = 60_000;
const PER_WEEK = 200;

const config: EcodConfig = {
  algorithm: "ecod",
  ...ECOD_DEFAULTS,
  ...ECOD_PRESETS.stream,
  warmupPeriod: 60,
  window: 300,
  calibrationWindow: 400,
  columns: [0],
  rawFeatures: [0],
  noveltyFeatures: [0],
};

const budgeted: AlertConfig = {
  ...promptAlerts,
  severity: { warning: 0.85, critical: 0.95 },
  budget: PER_WEEK,
};

/** A calm sensor with faults that grow, go on, come back and end. */
function faultyReadings(seed: number): TestReading[] {
  const random = new Random(seed);
  let fault = 0;
  return Array.from({ length: 900 }, (_, i) => {
    if (i > 100 && random.uniform() < 0.01) fault = 4 + 20 * random.uniform();
    if (random.uniform() < 0.12) fault = 0;
    const isMissing = random.uniform() < 0.05;
    const value = random.normal() + fault * (0.5 + random.uniform());
    return { time: i * MINUTE, key: 0, values: [isMissing ? Number.NaN : value] };
  });
}

function run(alerts: AlertConfig, readings: readonly TestReading[]) {
  const plan = {
    pipeline: "plant",
    columns: ["t"],
    features: [],
    detectors: [{ name: "d", config, inputs: [0], inputNames: ["t"], alerts }],
    maxWindowRows: 10,
  };
  const keys = new KeyTable();
  keys.intern("pump");
  const engine = new Engine(plan, keys);
  const batch = new Intake({ outOfOrder: "process" }).accept(batchOf(readings));
  const { scores, events, eventRows, episodes } = engine.apply(batch);
  return { scores: scores[0], events, eventRows, episodes, open: engine.openEpisodes() };
}

/** What a budget says of readings with these tail probabilities. */
function budgetOf(readings: readonly TestReading[], ps: Float64Array) {
  const budget = createAlertBudget({ perWeek: PER_WEEK });
  const messages: string[] = [];
  let [bar, sent] = [0, ""];
  const verdicts = readings.map(({ time, values: [value = 0] }, i) => {
    const p = ps[i] as number;
    const w = Number.isNaN(p) ? null : 0 - Math.log(p);
    const { state, severity, ...of } = budget.observe({ time, w, empty: Number.isNaN(value) });
    if (state === null) return false;
    if (state === "told") bar = of.bar as number;
    if (state === "told") messages.push(`${i} firing ${severity}`);
    else if (severity !== sent) messages.push(`${i} escalated ${severity}`);
    sent = severity as string;
    return (of.q as number) >= bar;
  });
  return { messages, verdicts };
}

const seeds = fc.integer({ min: 0, max: 10_000 });
const statuses = (events: readonly AlertEvent[], wanted: string): AlertEvent[] =>
  events.filter(({ status }) => status === wanted);

describe("a detector under an alert budget", () => {
  it("reports the incidents of the budget, with its severities, and nothing else", () => {
    let escalations = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const readings = faultyReadings(seed);
        const { scores, events, eventRows } = run(budgeted, readings);
        const expected = budgetOf(readings, scores?.p as Float64Array);
        const verdicts = Array.from(scores?.isAnomaly ?? [], (verdict) => verdict === 1);
        expect(verdicts).toEqual(expected.verdicts);
        const sent = events.flatMap(({ status, severity }, e) =>
          status === "resolved" ? [] : [`${eventRows[e]} ${status} ${severity}`],
        );
        expect(sent).toEqual(expected.messages);
        escalations += statuses(events, "escalated").length;
      }),
      { numRuns: 30 },
    );
    expect(escalations).toBeGreaterThan(3);
  });

  it("ends an episode with its incident", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { events, episodes, open } = run(budgeted, faultyReadings(seed));
        const started = statuses(events, "firing").length;
        expect(statuses(events, "resolved").length).toBe(episodes.length);
        expect(episodes.length + open.length).toBe(started);
        // gap = 10080 / 200 / 8 readings
        for (const { lastAnomalyAt, resolvedAt } of episodes) {
          expect(resolvedAt - lastAnomalyAt).toBeGreaterThanOrEqual(6 * MINUTE);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("puts the anomaly score at its corners, and the threshold below the raw score", () => {
    const { scores, events } = run(budgeted, faultyReadings(3));
    expect(events.length).toBeGreaterThan(0);
    const all = Array.from(scores?.anomalyScore ?? []);
    for (const [i, score] of all.entries()) {
      expect(score >= 0.5).toBe(scores?.isAnomaly[i] === 1);
      expect(score).toBeLessThanOrEqual(1);
    }
    for (const { episode } of events) {
      const { rawScore, explanation } = episode.peak;
      expect(explanation.threshold).toBeLessThanOrEqual(rawScore);
      expect(explanation.threshold).toBeGreaterThan(0);
    }
  });

  it("applies for, cooldown and resolve_after on top", () => {
    const readings = faultyReadings(11);
    const firings = (changes: Partial<AlertConfig>): number =>
      statuses(run({ ...budgeted, ...changes }, readings).events, "firing").length;
    const all = firings({});
    expect(all).toBeGreaterThan(1);
    expect(firings({ for: { kind: "rows", need: 4, of: 4 } })).toBeLessThan(all);
    expect(firings({ cooldownMs: 1e9 })).toBeLessThan(all);
    expect(firings({ resolveAfter: { kind: "rows", rows: 400 } })).toBeLessThan(all);
  });
});

describe("a detector with a contamination and no cooldown of its own", () => {
  const paced = { ...budgeted, budget: null, cooldownMs: null };

  it.each([
    ["60 readings", 10_000, 60],
    ["at least a minute", 500, 120],
    ["at most an hour", 6 * MINUTE, 10],
  ])(
    "is quiet for %s, unless an anomaly is rarer by one nat or more severe",
    (_, interval, quiet) => {
      const random = new Random(5);
      const readings = Array.from({ length: 4000 }, (_, i) => ({
        time: i * interval,
        key: 0,
        values: [i > 100 && random.uniform() < 0.05 ? 4 + random.uniform() : random.normal()],
      }));
      const firings = statuses(run(paced, readings).events, "firing");
      let atOnce = 0;
      const pauses = firings.slice(1).flatMap((next, i) => {
        const last = firings[i] as AlertEvent;
        const rank = ({ severity }: AlertEvent): number => SEVERITIES.indexOf(severity);
        const isRarer = next.episode.peak.p <= last.episode.peak.p / Math.E;
        if (isRarer || rank(next) > rank(last)) atOnce += 1;
        else return [(next.timestamp - last.timestamp) / interval];
        return [];
      });
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(quiet);
      expect(Math.min(...pauses)).toBeLessThan(quiet + 20);
      expect(atOnce).toBeGreaterThan(0);
    },
  );
});
