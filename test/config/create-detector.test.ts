import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDetector, type DetectorEntry, IotmonError } from "../../src/index.ts";
import { Random } from "../support/random.ts";

const entry: DetectorEntry = {
  features: ["a", "b"],
  contamination: 0.05,
  warmup_period: 50,
  window: 80,
  novelty_features: [0],
};

/** Rows of noise with gaps and spikes. */
function rows(seed: number, length: number): (number | null)[][] {
  const random = new Random(seed);
  return Array.from({ length }, () => [
    random.uniform() < 0.1 ? null : random.normal(),
    random.normal() * (random.uniform() < 0.03 ? 9 : 1),
  ]);
}

describe("createDetector", () => {
  it("flags a spike after the warm-up and names its feature", () => {
    const detector = createDetector("ecod", entry);
    for (const row of rows(1, 200)) detector.observe(row);
    const spike = detector.observe([0.1, 50]);
    expect(spike.is_anomaly).toBe(true);
    expect(spike.anomaly_score).toBeGreaterThan(0.95);
    const [calm, loud] = spike.contributions;
    expect(loud).toBeGreaterThan(3 * (calm ?? 0));
    expect(spike.sides[1]).toBe("high");
  });

  it("scores nothing while warming up, and nothing for a row without values", () => {
    const detector = createDetector("ecod", entry);
    const first = detector.observe([1, 2]);
    expect(first).toMatchObject({ raw_score: null, p: null, anomaly_score: 0, warm: false });
    for (const row of rows(2, 100)) detector.observe(row);
    expect(detector.observe([null, Number.NaN])).toMatchObject({
      raw_score: null,
      is_anomaly: false,
      contributions: [null, null],
      warm: true,
    });
  });

  it("treats an infinity as missing", () => {
    const [one, other] = [createDetector("ecod", entry), createDetector("ecod", entry)];
    for (const row of rows(3, 150)) {
      expect(one.observe(row.map((x) => x ?? Number.NEGATIVE_INFINITY))).toEqual(
        other.observe(row),
      );
    }
  });

  it("gives the same bits after snapshot and restore", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(300),
        fc.constantFrom("stream", "frozen"),
        (seed, at, preset) => {
          const config: DetectorEntry = { ...entry, preset };
          const all = rows(seed, 300);
          const whole = createDetector("ecod", config);
          const before = createDetector("ecod", config);
          const wanted = all.map((row) => whole.observe(row));
          for (const row of all.slice(0, at)) before.observe(row);
          const after = createDetector("ecod", config);
          after.restore(before.snapshot());
          expect(all.slice(at).map((row) => after.observe(row))).toEqual(wanted.slice(at));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("rejects a snapshot of another configuration", () => {
    const detector = createDetector("ecod", entry);
    for (const row of rows(4, 100)) detector.observe(row);
    const other = createDetector("ecod", { ...entry, features: ["a", "b", "c"] });
    expect(() => other.restore(detector.snapshot())).toThrow(RangeError);
  });

  it("reports every fault of an entry", () => {
    const wrong = { features: [], contamination: 0.7, warm_up: 3 } as unknown as DetectorEntry;
    expect(() => createDetector("ecod", wrong)).toThrow(IotmonError);
    try {
      createDetector("ecod", wrong);
    } catch (error) {
      const faults = (error as IotmonError).faults.map(({ at, message }) => `${at}: ${message}`);
      expect(faults).toEqual(
        expect.arrayContaining([
          "features: must not be empty",
          "contamination: must be at most 0.5",
          "detector: unknown settings: warm_up",
        ]),
      );
    }
  });

  it("rejects settings that never score a reading", () => {
    const wrong: DetectorEntry = { ...entry, window: 5, min_reference: 8 };
    expect(() => createDetector("ecod", wrong)).toThrow(/min_reference: 8 is more than the 5/);
  });

  it("rejects windows that do not fit into memory", () => {
    const features = Array.from({ length: 11 }, (_, i) => `f${i}`);
    const large: DetectorEntry = { features, window: 10_000_000 };
    expect(() => createDetector("ecod", large)).toThrow(IotmonError);
    expect(() => createDetector("ecod", large)).toThrow(/hold 110010000 values per sensor/);
    // what it comes to hold is what counts
    const frozen: DetectorEntry = { ...large, frozen: true };
    expect(createDetector("ecod", frozen).observe(features.map(() => 1)).warm).toBe(false);
  });

  it("rejects windows that summaries can't count", () => {
    const long: DetectorEntry = { ...entry, reference: "compact", window: 32_752 };
    expect(() => createDetector("ecod", long)).toThrow(/at most 32751 with reference: compact/);
    expect(createDetector("ecod", { ...long, window: 32_751 }).observe([1, 2]).warm).toBe(false);
  });

  it("rejects columns that do not fit its features", () => {
    const create = (columns: number[]) => () => createDetector("ecod", { ...entry, columns });
    expect(create([0])).toThrow(/columns: there are 1 for 2 features/);
    expect(create([0, 2])).toThrow(/columns: no feature has column 1/);
    expect(create([1, 0])).not.toThrow();
  });

  it("keeps its state when a snapshot does not fit", () => {
    const [detector, plain] = [createDetector("ecod", entry), createDetector("ecod", entry)];
    const all = rows(5, 120);
    for (const row of all.slice(0, 100)) {
      detector.observe(row);
      plain.observe(row);
    }
    for (const bytes of [new Uint8Array(), detector.snapshot().slice(0, -1)]) {
      expect(() => detector.restore(bytes)).toThrow(RangeError);
    }
    for (const row of all.slice(100)) expect(detector.observe(row)).toEqual(plain.observe(row));
  });

  it("rejects a row of another length", () => {
    expect(() => createDetector("ecod", entry).observe([1])).toThrow(/Expected 2 values, got 1/);
  });
});
