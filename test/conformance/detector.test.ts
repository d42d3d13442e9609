import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScoreColumns, isScored } from "../../src/core/detectors/detector.ts";
import {
  createKeyDetector,
  DETECTOR_ALGORITHMS,
  type DetectorAlgorithm,
  type DetectorConfig,
  learningOf,
  predictDetectorBytes,
  scoresReadings,
} from "../../src/core/detectors/registry.ts";
import { parseExpression } from "../../src/core/expression/parse.ts";
import { compileExpression } from "../../src/core/expression/program.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";
import { TEST_KEYS, testKeys, testPlan, testStream } from "../support/engine-stream.ts";

const compile = (rule: string) => compileExpression(parseExpression(rule).root, ["a", "b"]);

/** Settings of each detector with which it alarms in the test stream, over its columns a and b. */
const configs: { readonly [A in DetectorAlgorithm]: DetectorConfig } = {
  ecod: testPlan.detectors.find(({ name }) => name === "patient")?.config as DetectorConfig,
  threshold: {
    algorithm: "threshold",
    when: compile("abs(a) > 2 or a + b > 3"),
    clearWhen: compile("a < 1"),
    rule: "a is large",
  },
  stuck: { algorithm: "stuck", column: "a", afterMs: 2000, tolerance: 0.8 },
  silent: { algorithm: "silent", afterMs: 2500 },
  rate_of_change: {
    algorithm: "rate_of_change",
    column: "a",
    perMs: 1000,
    maxRise: 5,
    maxFall: 8,
  },
};

/** Readings of three sensors, of which the clock of one is fast. */
function streamOf(seed: number): TestReading[] {
  const fast = 10_000;
  return testStream(seed, 400).map((reading) =>
    reading.key === 1 ? { ...reading, time: reading.time + fast } : reading,
  );
}

const resolveAfter = { kind: "rows", rows: 1 } as const;

function planOf(algorithm: DetectorAlgorithm): EnginePlan {
  const [first] = testPlan.detectors;
  if (!first) throw new Error("no detector");
  const { alerts } = first;
  const own = { name: "d", config: configs[algorithm], inputs: [0, 1], inputNames: ["a", "b"] };
  return {
    ...testPlan,
    features: [],
    detectors: [
      { ...own, alerts: { ...alerts, resolveAfter } },
      { ...own, name: "repeating", alerts: { ...alerts, resolveAfter, repeatMs: 1000 } },
    ],
  };
}

/** Everything an engine says, as comparable lines, and the engine. */
class Run {
  readonly scores: unknown[] = [];
  readonly events: unknown[] = [];
  readonly engine: Engine;
  readonly #intake = new Intake({ outOfOrder: "process" });

  constructor(algorithm: DetectorAlgorithm) {
    this.engine = new Engine(planOf(algorithm), testKeys());
  }

  add(...pieces: readonly (readonly TestReading[])[]): this {
    for (const piece of pieces) {
      const batch = this.#intake.accept(batchOf(piece));
      const { scores, events, episodes } = this.engine.apply(batch);
      for (let i = 0; i < batch.length; i++) {
        this.scores.push(scores.map((s) => [s.rawScore[i], s.anomalyScore[i], s.isAnomaly[i]]));
      }
      this.events.push(...events, ...episodes.map((episode) => ["ended", episode]));
    }
    return this;
  }
}

describe.each(DETECTOR_ALGORITHMS)("detector %s", (algorithm) => {
  const whole = (readings: readonly TestReading[]): Run => new Run(algorithm).add(readings);
  const messagesOf = ({ events }: Run): unknown[] => events.filter((one) => !Array.isArray(one));
  const endsOf = ({ events }: Run): unknown[] => events.filter(Array.isArray);

  it("gives the same results, however readings are split into batches", () => {
    const places = fc.array(fc.nat(400), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(), places, (seed, cuts) => {
        const readings = streamOf(seed);
        const cut = new Run(algorithm).add(...cutAt(readings, cuts));
        const all = whole(readings);
        expect(cut.scores).toEqual(all.scores);
        expect(messagesOf(cut)).toEqual(messagesOf(all));
        expect(endsOf(cut)).toEqual(endsOf(all));
        expect(all.events.length).toBeGreaterThan(5);
      }),
      { numRuns: 25 },
    );
  });

  it("gives the same bits after snapshot and restore at any reading", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(400), (seed, at) => {
        const readings = streamOf(seed);
        const before = whole(readings.slice(0, at));
        const after = new Run(algorithm);
        for (let key = 0; key < TEST_KEYS; key++) {
          if (before.engine.peek(key)) after.engine.restore(key, before.engine.snapshot(key));
        }
        after.add(readings);
        const all = whole(readings);
        expect(after.scores.slice(at)).toEqual(all.scores.slice(at));
        expect([...messagesOf(before), ...messagesOf(after)]).toEqual(messagesOf(all));
        expect([...endsOf(before), ...endsOf(after)]).toEqual(endsOf(all));
      }),
      { numRuns: 15 },
    );
  });

  it.skipIf(learningOf(configs[algorithm]) === null)(
    "tells the number of observations by the versions of its parts",
    () => {
      const { engine } = whole(streamOf(3));
      for (let key = 0; key < TEST_KEYS; key++) {
        const model = engine
          .snapshot(key)
          .filter(({ name }) => /^detector\/.*(?<!alerts)$/.test(name));
        const versions = model.map(({ version }) => version);
        expect(Math.max(...versions)).toBe(engine.peek(key)?.[0]?.observationsSeen);
      }
    },
  );

  it("uses at most the predicted memory", () => {
    const predicted = predictDetectorBytes(configs[algorithm], 2);
    const engine = new Engine(planOf(algorithm), testKeys());
    const intake = new Intake({ outOfOrder: "process" });
    engine.apply(intake.accept(batchOf(testStream(1, 2000))));
    const early = engine.bytes;
    for (let seed = 2; seed < 8; seed++) {
      const later = testStream(seed, 2000).map((r) => ({ ...r, time: r.time + seed * 1e7 }));
      engine.apply(intake.accept(batchOf(later)));
    }
    expect(engine.bytes).toBeLessThan(1.1 * early);
    const detectors = engine.bytes / TEST_KEYS / 2;
    expect(detectors).toBeGreaterThan(0.5 * predicted);
    expect(createKeyDetector(configs[algorithm], 2).bytes).toBeLessThan(1.2 * predicted);
  });

  it("scores no reading without values, and resolves nothing with one", () => {
    if (!scoresReadings(configs[algorithm])) return;
    const detector = createKeyDetector(configs[algorithm], 2);
    if (!("observe" in detector)) throw new Error("does not score readings");
    const out = createScoreColumns(1);
    for (const [i, reading] of testStream(3, 600).entries()) {
      const [a = 0, b = 0] = reading.values;
      const times = Float64Array.of(1000 * i);
      detector.observe([Float64Array.of(Number.NaN), Float64Array.of(Number.NaN)], 0, out, times);
      expect(isScored(out, 0)).toBe(false);
      expect([out.rawScore[0], out.anomalyScore[0]]).toEqual([Number.NaN, 0]);
      const inputs = [Float64Array.of(a), Float64Array.of(b)];
      detector.observe(inputs, 0, out, times);
      expect(() => detector.explain(inputs, 0)).not.toThrow();
    }
    expect(detector.observationsSeen).toBeGreaterThan(300);
  });
});
