import fc from "fast-check";
import { Random } from "./random.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Long before this test runs, so that times in its future are not ahead of the arrival. */
const START = Date.UTC(2020, 2, 1);

/** A reading of a recording; null: the line can't be used. */
export interface TimedLine {
  /** Event time, ms. */
  readonly time: number;
  readonly sensor: string;
  /** NaN: missing. */
  readonly value: number;
}

/** A recording with one wrong time, and the pipeline that reads it. */
export interface BadTimeCase {
  readonly pipeline: Readonly<Record<string, unknown>>;
  /** All lines, the bad one among them. */
  readonly lines: readonly TimedLine[];
  /** Index of the bad line, and its sensor. */
  readonly place: number;
  readonly sensor: string;
}

const ruleSettings = {
  silent: fc.record({ after: fc.constantFrom("90s", "4m", "20m") }),
  stuck: fc.record({
    column: fc.constant("v"),
    after: fc.constantFrom("2m", "10m"),
    tolerance: fc.constantFrom(0, 1),
  }),
  rate_of_change: fc.record({
    column: fc.constant("v"),
    per: fc.constantFrom("10s", "1m"),
    max_rise: fc.constantFrom(2, 10),
  }),
  threshold: fc.record({
    when: fc.constantFrom("v > 24", "v_mean_3m > 22 and v > 21", "not v < 25"),
    for: fc.constantFrom<number | string>(1, "2 of 3", "1m", "5m"),
  }),
  ecod: fc.record({
    features: fc.constantFrom(["v"], ["v", "v_mean_3m", "v_slope_4"]),
    warmup_period: fc.constant(40),
    contamination: fc.constantFrom(0.02, 0.1),
  }),
};
const alertSettings = {
  cooldown: fc.constantFrom("0s", "5m", "1h"),
  resolve_after: fc.constantFrom<number | string>(1, 3, "2m"),
  repeat: fc.constantFrom("off", "3m"),
};

/** Settings of which nothing falls due while a program waits for lines, which takes real time. */
const patientRules = {
  ...ruleSettings,
  silent: fc.constant({ after: "20m" }),
  threshold: fc.record({
    when: fc.constantFrom("v > 24", "not v < 25"),
    for: fc.constantFrom<number | string>(1, "2 of 3"),
  }),
};
const patientAlerts = {
  cooldown: fc.constantFrom("0s", "1h"),
  resolve_after: fc.constantFrom<number | string>(1, 3),
  repeat: fc.constant("off"),
};

type Rule = keyof typeof ruleSettings;
type Settings = Readonly<Record<string, unknown>>;

function pipelineWith(
  rules: Readonly<Record<Rule, fc.Arbitrary<Settings>>>,
  alerts: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Settings> {
  return fc
    .record({
      used: fc.subarray(Object.keys(rules) as Rule[], { minLength: 1 }),
      rules: fc.record(rules),
      alerts: fc.record(alerts),
      outOfOrder: fc.constantFrom("process", "drop"),
      time: fc.constantFrom({}, {}, { max_jump: "1h" }, { lateness: "2m" }),
    })
    .map(({ used, rules, alerts, outOfOrder, time }) => ({
      version: 1,
      name: "plant",
      source: { type: "http", format: "jsonl", out_of_order: outOfOrder, time },
      buffer: { key: "sensor", schema: { time: "datetime", sensor: "str", v: "float" } },
      features: [
        { name: "v_mean_3m", column: "v", function: "mean", window: "3m" },
        { name: "v_slope_4", column: "v", function: "slope", window: 4 },
      ],
      detectors: used.map((rule) => ({ name: rule, algorithm: rule, ...ruleOf(rules[rule]) })),
      alerts,
    }));
}

/** Settings of a rule; `for` is a setting of its alerts. */
function ruleOf({ for: lasts, ...own }: Settings): Settings {
  return lasts === undefined ? own : { ...own, alerts: { for: lasts } };
}

/** Lines of one to four sensors, a few seconds apart. Values repeat, jump and are missing; sensors stop for a while. */
const sound: fc.Arbitrary<readonly TimedLine[]> = fc
  .record({
    sensors: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 3, max: 140 }),
    seed: fc.nat(),
    /** Chance that a step is late, or long. */
    late: fc.constantFrom(0, 0.05),
    pause: fc.constantFrom(0, 0.01, 0.05),
  })
  .map(({ sensors, count, seed, late, pause }) => {
    const random = new Random(seed);
    const below = (n: number): number => Math.floor(n * random.uniform());
    let time = START;
    let held = 0; // lines for which values stay the same
    let value = 20;
    return Array.from({ length: count }, (): TimedLine => {
      time += random.uniform() < pause ? below(40) * MINUTE : below(20) * SECOND;
      held -= 1;
      if (held < 0) {
        value = 20 + random.normal() * (random.uniform() < 0.05 ? 6 : 1);
        if (random.uniform() < 0.05) held = below(30);
      }
      return {
        time: random.uniform() < late ? time - below(60) * SECOND : time,
        sensor: `s${below(sensors)}`,
        value: random.uniform() < 0.03 ? Number.NaN : Number(value.toFixed(2)),
      };
    });
  });

/** Beyond the limit of a sensor, which is a day or 100 of its intervals. */
const wrong = fc.oneof(
  fc.integer({ min: 20 * DAY, max: 30 * DAY }),
  fc.integer({ min: 500 * DAY, max: 1500 * DAY }),
  fc.constant(Date.UTC(2090, 0, 1) - START),
  fc.integer({ min: -30 * DAY, max: -20 * DAY }),
  fc.constant(-START),
);

function casesWith(pipeline: fc.Arbitrary<Settings>): fc.Arbitrary<BadTimeCase> {
  return fc
    .record({ pipeline, sound, at: fc.oneof(fc.nat(), fc.nat(5)), ms: wrong })
    .map(({ pipeline, sound, at, ms }) => {
      const place = at % sound.length;
      const { sensor } = sound[place] as TimedLine;
      const lines = sound.map((line, i) =>
        i === place ? { ...line, time: line.time + ms } : line,
      );
      return { pipeline, lines, place, sensor };
    });
}

/** Recordings with one wrong time. The line may be any one, also the first of its sensor or of all. */
export const badTimeCases = casesWith(pipelineWith(ruleSettings, alertSettings));

/** The same with rules of which nothing falls due while a program waits for lines, which takes real time. */
export const patientBadTimeCases = casesWith(pipelineWith(patientRules, patientAlerts));

/** The lines of a case as JSON, as they are or with one in place of the bad one that no reader accepts. */
export function jsonLines({ lines, place }: BadTimeCase, kind: "wrong" | "rejected"): string {
  return lines
    .map(
      (line, i) => `${i === place && kind === "rejected" ? "{}" : JSON.stringify(rowOf(line))}\n`,
    )
    .join("");
}

/** A line as a row of the HTTP API. */
export function rowOf({ time, sensor, value }: TimedLine): Readonly<Record<string, unknown>> {
  return { time: new Date(time).toISOString(), sensor, v: Number.isNaN(value) ? null : value };
}
