import { expect, it } from "vitest";
import { createScoreColumns } from "../../../../src/core/detectors/detector.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../../../src/core/detectors/ecod/config.ts";
import { Ecod } from "../../../../src/core/detectors/ecod/ecod.ts";
import { WindowMemories } from "../../../../src/core/sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../../../src/core/state-codec.ts";
import { Random } from "../../../support/random.ts";

const FEATURES = 8;
const ROWS = 900;

const configOf = (reference: EcodConfig["reference"]): EcodConfig => ({
  algorithm: "ecod",
  ...ECOD_DEFAULTS,
  ...ECOD_PRESETS.stream,
  reference,
  window: 300,
  columns: [0, 0, 0, 0, 1, 1, 1, 1],
  rawFeatures: [0, 4],
  noveltyFeatures: [0, 4],
});

function saved(detector: Ecod): Uint8Array {
  const writer = new StateWriter();
  for (const part of detector.parts()) part.save(writer);
  return writer.finish();
}

it.each(["exact", "compact"] as const)(
  "a detector with %s references goes on the same after it was saved and loaded, beside another one",
  (reference) => {
    const config = configOf(reference);
    const random = new Random(3);
    const rows = Array.from({ length: ROWS }, () =>
      Array.from({ length: FEATURES }, () => Float64Array.of(random.normal())),
    );
    const out = createScoreColumns(1);
    const observe = (detector: Ecod, row: number): number => {
      detector.observe(rows[row] as Float64Array[], 0, out);
      return out.p[0] as number;
    };
    // rows are held back up to 200, and 130 of them have room where the histories will be
    for (const cut of [1, 100, 130, 131, 199, 200, 201, 499, 500, 700]) {
      const memories = new WindowMemories();
      const [whole, other] = [0, 1].map(() => new Ecod(config, FEATURES, memories)) as [Ecod, Ecod];
      let cutOne = new Ecod(config, FEATURES, memories);
      const want: number[] = [];
      const got: number[] = [];
      for (let row = 0; row < ROWS; row++) {
        if (row === cut) {
          const bytes = saved(cutOne);
          expect(saved(whole)).toEqual(bytes);
          cutOne = new Ecod(config, FEATURES, memories);
          const reader = new StateReader(bytes);
          for (const part of cutOne.parts()) part.load(reader);
          expect(reader.remaining).toBe(0);
          expect(saved(cutOne)).toEqual(bytes);
        }
        want.push(observe(whole, row));
        observe(other, ROWS - 1 - row);
        got.push(observe(cutOne, row));
      }
      expect(got, `cut at ${cut}`).toEqual(want);
      expect(saved(cutOne)).toEqual(saved(whole));
    }
  },
);

it("a detector without features is saved and loaded while rows are held back", () => {
  const none = { columns: [], rawFeatures: [], noveltyFeatures: [] };
  const create = () => new Ecod({ ...configOf("compact"), ...none }, 0, new WindowMemories());
  const detector = create();
  for (let i = 0; i < 4; i++) detector.observe([], 0, createScoreColumns(1));
  const bytes = saved(detector);
  const restored = create();
  const reader = new StateReader(bytes);
  for (const part of restored.parts()) part.load(reader);
  expect(reader.remaining).toBe(0);
  expect(saved(restored)).toEqual(bytes);
});
