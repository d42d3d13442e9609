import { expect, it } from "vitest";
import { createScoreColumns } from "../../../src/core/detectors/detector.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../../src/core/detectors/ecod/config.ts";
import {
  createKeyDetector,
  predictDetectorBytes,
  predictWarmUpBytes,
} from "../../../src/core/detectors/registry.ts";
import { Random } from "../../support/random.ts";

const DIMENSION = 4;

const stream: EcodConfig = {
  algorithm: "ecod",
  ...ECOD_DEFAULTS,
  ...ECOD_PRESETS.stream,
  columns: [0, 1, 0, 1],
  rawFeatures: [0, 1],
  noveltyFeatures: [0, 1],
};

const cases: Record<string, EcodConfig> = {
  "with the default settings": stream,
  "with small windows": { ...stream, window: 300, calibrationWindow: 600 },
  "with a warm-up that is long against its windows": {
    ...stream,
    warmupPeriod: 8000,
    window: 500,
    calibrationWindow: 1000,
  },
  "with compact references": { ...stream, reference: "compact" },
  "that is frozen after a short warm-up": { ...stream, ...ECOD_PRESETS.frozen },
};

it.each(Object.entries(cases))("predicts the maximum bytes of a detector %s", (_, config) => {
  const detector = createKeyDetector(config, DIMENSION);
  if (!("observe" in detector)) throw new Error("ecod scores readings");
  const random = new Random(1);
  const inputs = Array.from({ length: DIMENSION }, () => new Float64Array(1));
  const scores = createScoreColumns(1);
  let most = 0;
  for (let i = 0; i < 22_000; i++) {
    for (const input of inputs) input[0] = random.normal();
    detector.observe(inputs, 0, scores, Float64Array.of(1000 * i));
    most = Math.max(most, detector.bytes);
  }
  const predicted = predictDetectorBytes(config, DIMENSION);
  const peak = predicted + predictWarmUpBytes(config, DIMENSION);
  expect(detector.bytes).toBeGreaterThan(0.8 * predicted);
  expect(detector.bytes).toBeLessThan(1.2 * predicted);
  expect(most).toBeGreaterThan(0.8 * peak);
  expect(most).toBeLessThan(1.2 * peak);
});
