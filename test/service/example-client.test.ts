import { beforeEach, describe, expect, it } from "vitest";
import type { LatestFeatures } from "../../src/service/api.ts";
import { StateMachine } from "../../src/service/state-machine.ts";
import {
  detectorOf,
  featuresOf,
  SENSOR_ANOMALY,
  SENSOR_BUFFER,
  SENSOR_FEATURES,
} from "../support/live-definitions.ts";
import {
  append as appendRows,
  createBuffer,
  createDetector,
  defineFeatures,
  score as scoreOf,
} from "../support/machine-commands.ts";
import { Random } from "../support/random.ts";

const START = Date.UTC(2026, 0, 1);
const KEEP = { replace: false };

const plain = ({ features }: LatestFeatures): Record<string, number | null> =>
  Object.fromEntries(features);

/** Readings a second apart, as Python's isoformat writes their time. */
function readings(count: number, from = 0): Record<string, unknown>[] {
  const random = new Random(7 + from);
  const noise = (): number => random.normal();
  return Array.from({ length: count }, (_, i) => ({
    timestamp: `${new Date(START + (from + i) * 1000).toISOString().slice(0, -1)}000`,
    sensor_id: "sensor-01",
    temperature: 22 + noise() / 2,
    humidity: 45 + 2 * noise(),
    pressure: 1013 + noise(),
  }));
}

/** Two faults: one that is soon over, and one at the end. */
const isFaulty = (i: number): boolean => (i >= 130 && i < 135) || i >= 255;

const append = (
  machine: StateMachine,
  rows: readonly Record<string, unknown>[],
  name = "sensor_metrics",
) => appendRows(machine, name, rows, { arrivalMs: START, strict: false });

const score = (machine: StateMachine, name = "sensor_anomaly", buffer = "sensor_metrics") =>
  scoreOf(machine, name, { features: plain(machine.features(buffer)), learn: true });

describe("the example client of the API", () => {
  let machine: StateMachine;
  beforeEach(() => {
    machine = new StateMachine();
    createBuffer(machine, SENSOR_BUFFER, KEEP);
    defineFeatures(machine, "sensor_metrics", SENSOR_FEATURES);
    createDetector(machine, SENSOR_ANOMALY, KEEP);
  });

  it("answers every step of its monitoring loop and sees a jump", () => {
    const answers = readings(260).map((reading, i) => {
      append(machine, [i >= 255 ? { ...reading, temperature: 60 } : reading]);
      return score(machine);
    });
    expect(answers.every(({ anomalyScore }) => Number.isFinite(anomalyScore))).toBe(true);
    expect(answers.every(({ isBufferRow, learned }) => isBufferRow && !learned)).toBe(true);
    expect(answers[199]).toMatchObject({ isWarm: true, observationsSeen: 200, isAnomaly: false });
    expect(answers.slice(255).some(({ isAnomaly }) => isAnomaly)).toBe(true);
    expect(answers.at(-1)?.contributions.length).toBeGreaterThan(0);
    expect(machine.detector("sensor_anomaly")).toMatchObject({ observationsSeen: 260, scored: 60 });
  });

  it("is warm after exactly 200 rows of history, each observed once", () => {
    const history = readings(200);
    append(machine, history.slice(0, 100));
    append(machine, history.slice(100));
    score(machine);
    expect(score(machine)).toMatchObject({ isWarm: true, observationsSeen: 200, isAnomaly: false });
    expect(machine.detector("sensor_anomaly").observationsSeen).toBe(200);
  });

  it("keeps rows and models when everything is defined again", () => {
    append(machine, readings(250));
    score(machine);
    expect(createBuffer(machine, SENSOR_BUFFER, KEEP).creation).toBe("exists");
    defineFeatures(machine, "sensor_metrics", SENSOR_FEATURES);
    expect(createDetector(machine, SENSOR_ANOMALY, KEEP).creation).toBe("exists");
    expect(machine.detector("sensor_anomaly").observationsSeen).toBe(250);
    append(machine, readings(1, 250));
    expect(score(machine).observationsSeen).toBe(251);
  });

  it("answers the complete example with the names of the earlier steps", () => {
    const other = {
      ...SENSOR_BUFFER,
      schema: { timestamp: "datetime", temperature: "float", humidity: "float" },
      maxRows: 5000,
    };
    expect(() => createBuffer(machine, other, KEEP)).toThrow(
      /max_rows is 10000, not 5000; schema.pressure is "float", not left out; schema.sensor_id is /,
    );
    defineFeatures(
      machine,
      "sensor_metrics",
      featuresOf([
        { name: "temp_mean", column: "temperature", function: "mean", window: 50 },
        { name: "temp_std", column: "temperature", function: "std", window: 50 },
        { name: "humid_mean", column: "humidity", function: "mean", window: 50 },
      ]),
    );
    const anomaly = detectorOf({
      name: "sensor_anomaly",
      features: ["temp_mean", "temp_std", "humid_mean"],
      contamination: 0.05,
      warmup_period: 100,
    });
    expect(() => createDetector(machine, anomaly, KEEP)).toThrow(/another definition/);
    const answers = readings(260).map(({ sensor_id: _, pressure: __, ...reading }, i) => {
      append(machine, [isFaulty(i) ? { ...reading, temperature: 60 } : reading]);
      return score(machine);
    });
    for (const answer of answers) {
      expect(Number.isFinite(answer.anomalyScore)).toBe(true);
      expect(answer).toMatchObject({ isBufferRow: true, sensorId: "sensor_metrics" });
    }
    // its own definition answers while that of the earlier steps warms up
    const variants = answers.map(({ variant }) => variant);
    expect(variants.slice(0, 99)).toEqual(Array(99).fill("sensor_anomaly"));
    expect(variants.slice(99, 199)).toEqual(Array(100).fill("sensor_anomaly~1"));
    expect(variants.slice(199)).toEqual(Array(61).fill("sensor_anomaly"));
    expect(answers[150]?.ignoredFeatures).toContain("temp_mean_10");
    expect(answers.slice(130, 135).some(({ isAnomaly }) => isAnomaly)).toBe(true);
    expect(answers.slice(255).some(({ isAnomaly }) => isAnomaly)).toBe(true);
    expect(machine.detector("sensor_anomaly").observationsSeen).toBe(260);
  });

  it("defines features that a group's detector names by convention", () => {
    for (const [group, columns] of [
      ["hvac", ["temp_indoor", "temp_outdoor", "humidity"]],
      ["power", ["voltage", "current"]],
    ] as const) {
      const floats = Object.fromEntries(columns.map((column) => [column, "float"]));
      const schema = { ...floats, timestamp: "datetime" };
      createBuffer(machine, { name: `${group}_metrics`, schema, maxRows: 10_000 }, KEEP);
      const features = columns.map((column) => `${column}_mean_50`);
      createDetector(machine, detectorOf({ name: `${group}_anomaly`, features }), KEEP);
      expect(machine.buffer(`${group}_metrics`).features).toEqual(features);
    }
    const random = new Random(3);
    const noise = (): number => random.normal();
    for (let i = 0; i < 230; i++) {
      append(machine, [{ voltage: noise(), current: noise() }], "power_metrics");
      score(machine, "power_anomaly", "power_metrics");
    }
    expect(machine.detector("power_anomaly")).toMatchObject({
      buffer: "power_metrics",
      observationsSeen: 230,
      isWarm: true,
    });
  });
});
