import fc from "fast-check";
import { expect, it } from "vitest";
import { createScoreColumns } from "../../../../src/core/detectors/detector.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../../../src/core/detectors/ecod/config.ts";
import { Ecod } from "../../../../src/core/detectors/ecod/ecod.ts";
import { StateReader, StateWriter } from "../../../../src/core/state-codec.ts";

const value = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.constant(Number.NaN),
);
const row = fc.tuple(value, value, fc.constantFrom(0, 1, Number.NaN));
const settings: fc.Arbitrary<EcodConfig> = fc.record({
  algorithm: fc.constant("ecod" as const),
  reference: fc.constantFrom("exact", "compact"),
  contamination: fc.constantFrom(0.05, 0.3),
  warmupPeriod: fc.constantFrom(1, 20, 40),
  window: fc.constantFrom(10, 30, 5000),
  calibrationWindow: fc.constantFrom(15, 10_000),
  gate: fc.constantFrom(ECOD_DEFAULTS.gate, 0.2),
  patience: fc.constantFrom(2, ECOD_DEFAULTS.patience),
  minReference: fc.constantFrom(1, ECOD_DEFAULTS.minReference),
  seedFraction: fc.constantFrom(0, ECOD_DEFAULTS.seedFraction, 1),
  extension: fc.boolean(),
  frozen: fc.boolean(),
  smoothing: fc.constantFrom(0, ECOD_PRESETS.frozen.smoothing),
  weightPower: fc.constantFrom(0, ECOD_PRESETS.frozen.weightPower),
  columns: fc.constantFrom([0, 0, 0], [0, 0, 1], [0, 1, 2]),
  rawFeatures: fc.constantFrom([], [0, 1]),
  noveltyFeatures: fc.constantFrom([], [0], [0, 2]),
});

function stateOf(detector: Ecod): Uint8Array {
  const writer = new StateWriter();
  for (const part of detector.parts()) part.save(writer);
  return writer.finish();
}

function copyOf(detector: Ecod, config: EcodConfig): Ecod {
  const copy = new Ecod(config, 3);
  const reader = new StateReader(stateOf(detector));
  for (const part of copy.parts()) part.load(reader);
  return copy;
}

/** What a detector says of a row: scores and explanation, to the bit. */
function sayOf(detector: Ecod, values: readonly number[]): unknown {
  const inputs = values.map((x) => Float64Array.of(x));
  const out = createScoreColumns(1);
  detector.observe(inputs, 0, out);
  return [out, detector.explain(inputs, 0)];
}

it("scoring without learning gives the bits of a full copy and does not change the detector", () => {
  fc.assert(
    fc.property(
      settings,
      fc.array(row, { minLength: 5, maxLength: 80, size: "max" }),
      row,
      (config, rows, looked) => {
        const detector = new Ecod(config, 3);
        for (const [i, values] of rows.entries()) {
          if (i % 3 > 0) {
            sayOf(detector, values);
            continue;
          }
          const expected = sayOf(copyOf(detector, config), looked);
          expect(sayOf(detector.copyForScoring(), looked)).toEqual(expected);
          sayOf(detector, values);
        }
        // also when what it observed last is still to be explained
        const inputs = (rows.at(-1) ?? []).map((x) => Float64Array.of(x));
        const [before, explanation] = [stateOf(detector), detector.explain(inputs, 0)];
        sayOf(detector.copyForScoring(), looked);
        expect(stateOf(detector)).toEqual(before);
        expect(detector.explain(inputs, 0)).toEqual(explanation);
      },
    ),
    { numRuns: 100 },
  );
});

it("a detector loaded from parts of different saves stays within its capacity", () => {
  const config: EcodConfig = {
    algorithm: "ecod",
    ...ECOD_DEFAULTS,
    ...ECOD_PRESETS.frozen,
    warmupPeriod: 100,
    columns: [0, 1, 2],
    rawFeatures: [0, 1, 2],
    noveltyFeatures: [],
  };
  const [early, late, mixed] = [1, 2, 3].map(() => new Ecod(config, 3)) as [Ecod, Ecod, Ecod];
  const row = (i: number): number[] => [i, i % 7, Math.sin(i)];
  sayOf(early, row(0));
  for (let i = 0; i < 100; i++) sayOf(late, row(i));
  for (const [p, from] of [late, early].entries()) {
    const writer = new StateWriter();
    from.parts()[p]?.save(writer);
    mixed.parts()[p]?.load(new StateReader(writer.finish()));
  }
  for (let i = 0; i < 300; i++) sayOf(mixed, row(i));
  expect(() => copyOf(mixed, config)).not.toThrow();
});
