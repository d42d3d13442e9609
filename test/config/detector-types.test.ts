import { expect, it } from "vitest";
import { detectorTypes } from "../../src/config/detectors/registry.ts";
import { DETECTOR_ALGORITHMS } from "../../src/core/detectors/registry.ts";

it("pipeline files have every detector that engines run", () => {
  expect(detectorTypes.map(({ algorithm }) => algorithm)).toEqual(DETECTOR_ALGORITHMS);
  const named = detectorTypes.map(({ schema }) => schema.shape.algorithm.value);
  expect(named).toEqual(DETECTOR_ALGORITHMS);
});
