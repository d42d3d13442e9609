import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declaredProfile } from "../../src/config/check/declared-profile.ts";
import { resolvePipeline } from "../../src/config/resolve.ts";
import { type PipelineConfig, pipelineSchema } from "../../src/config/schema/pipeline.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import { StateMachine } from "../../src/service/state-machine.ts";
import { cutAt } from "../support/batches.ts";
import { detectorOf, featuresOf } from "../support/live-definitions.ts";
import {
  append,
  createBuffer,
  createDetector,
  defineFeatures,
  score,
} from "../support/machine-commands.ts";
import { Random } from "../support/random.ts";

const START = Date.UTC(2026, 0, 1);
const KEEP = { replace: false };
const SCHEMA = { timestamp: "datetime", sensor_id: "str", a: "float", b: "float" } as const;
const FEATURES = [
  { name: "m", column: "a", function: "mean", window: 10 },
  { name: "s", column: "b", function: "std", window: "20s" },
] as const;
const INPUTS = ["a", "m", "s"];
const DETECTOR = { features: INPUTS, contamination: 0.05, warmup_period: 60 };

type Reading = Readonly<{
  timestamp: string;
  sensor_id: string;
  a: number | null;
  b: number;
}>;

/** Readings of three sensors, some late, some without a value, the last ones strange. */
function stream(seed: number, count: number): Reading[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => ({
    timestamp: new Date(START + i * 1000 - Math.floor(random.uniform() * 3) * 700).toISOString(),
    sensor_id: `s${Math.floor(random.uniform() * 3)}`,
    a: random.uniform() < 0.05 ? null : random.normal() + (i > count - 40 ? 6 : 0),
    b: random.normal(),
  }));
}

/** What a replay makes of readings: per row the score, as it does, without the state machine. */
function replayed(readings: readonly Reading[]): readonly unknown[] {
  const config = pipelineSchema.parse({
    version: 1,
    buffer: { schema: SCHEMA },
    features: FEATURES,
    detectors: [{ name: "d", algorithm: "ecod", ...DETECTOR }],
  });
  const profile = declaredProfile(config);
  if (profile === null) throw new Error("no columns");
  const loaded = { label: "p", name: "p", config, locate: () => "p", document: config };
  const { plan } = resolvePipeline(loaded, profile, "p");
  const keys = new KeyTable();
  const batch = new Intake({ outOfOrder: "process" }).accept({
    length: readings.length,
    timestamps: Float64Array.from(readings, ({ timestamp }) => Date.parse(timestamp)),
    keys: Uint32Array.from(readings, ({ sensor_id }) => keys.intern(sensor_id)),
    columns: [
      Float64Array.from(readings, ({ a }) => a ?? Number.NaN),
      Float64Array.from(readings, ({ b }) => b),
    ],
    labels: [],
    texts: [],
    rows: Uint32Array.from(readings, (_, i) => i + 1),
    source: 0,
  });
  const [scores] = new Engine(plan, keys).apply(batch).scores;
  return readings.map((_, i) =>
    scores?.isAnomaly[i] === 2 ? [] : [scores?.rawScore[i], scores?.p[i], scores?.anomalyScore[i]],
  );
}

const options = { arrivalMs: START, strict: false };

function start(): StateMachine {
  const machine = new StateMachine();
  createBuffer(machine, { name: "buffer", schema: SCHEMA, maxRows: 5000 }, KEEP);
  return machine;
}

/** Scores of the rows as the listeners of the state machine see them. */
function appended(
  machine: StateMachine,
  name: string,
  pieces: readonly (readonly Reading[])[],
): unknown[] {
  return pieces.flatMap((rows) => {
    const { results } = append(machine, name, rows, options);
    return results.map(({ scores: [score] }) =>
      score === undefined ? [] : [score.rawScore, score.p, score.anomalyScore],
    );
  });
}

describe("rows through the state machine", () => {
  const places = fc.array(fc.nat(400), { maxLength: 10 });

  it("have the same scores as in a replay, however they are split into calls", () => {
    fc.assert(
      fc.property(fc.nat(), places, (seed, cuts) => {
        const readings = stream(seed, 400);
        const machine = start();
        defineFeatures(machine, "buffer", featuresOf([...FEATURES]));
        createDetector(machine, detectorOf({ name: "d", buffer: "buffer", ...DETECTOR }), KEEP);
        expect(appended(machine, "buffer", cutAt(readings, cuts))).toEqual(replayed(readings));
      }),
      { numRuns: 20 },
    );
  });

  it("have the same scores one by one", () => {
    const readings = stream(5, 400);
    const machine = start();
    defineFeatures(machine, "buffer", featuresOf([...FEATURES]));
    createDetector(machine, detectorOf({ name: "d", buffer: "buffer", ...DETECTOR }), KEEP);
    const single = readings.map((reading) => [reading]);
    expect(appended(machine, "buffer", single)).toEqual(replayed(readings));
    expect(replayed(readings).flat().length).toBeGreaterThan(300);
  });

  it("have the same scores in a pipeline from a document", () => {
    const readings = stream(6, 400);
    const config: PipelineConfig = pipelineSchema.parse({
      version: 1,
      buffer: { schema: SCHEMA },
      features: FEATURES,
      detectors: [{ name: "d", algorithm: "ecod", ...DETECTOR }],
    });
    const machine = new StateMachine();
    machine.execute({ kind: "put_pipeline", name: "whole", config: config, document: null });
    expect(appended(machine, "whole", [readings])).toEqual(replayed(readings));
  });

  it("have the same scores when features and detector are defined later", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(400), fc.nat(400), (seed, one, two) => {
        const [first, second] = [Math.min(one, two), Math.max(one, two)];
        const readings = stream(seed, 400);
        const machine = start();
        appended(machine, "buffer", [readings.slice(0, first)]);
        defineFeatures(machine, "buffer", featuresOf([FEATURES[0]]));
        appended(machine, "buffer", [readings.slice(first, second)]);
        defineFeatures(machine, "buffer", featuresOf([FEATURES[1]]));
        createDetector(machine, detectorOf({ name: "d", buffer: "buffer", ...DETECTOR }), KEEP);
        const rest = appended(machine, "buffer", [readings.slice(second)]);
        expect(rest).toEqual(replayed(readings).slice(second));
      }),
      { numRuns: 20 },
    );
  });

  it("give the same state to detectors that are linked early and late", () => {
    const readings = stream(9, 400);
    const machine = start();
    defineFeatures(machine, "buffer", featuresOf([...FEATURES]));
    createDetector(machine, detectorOf({ name: "early", ...DETECTOR }), KEEP);
    createDetector(machine, detectorOf({ name: "late", ...DETECTOR }), KEEP);
    for (const reading of readings) {
      append(machine, "buffer", [reading], options);
      const latest = { ...reading, ...Object.fromEntries(machine.features("buffer").features) };
      score(machine, "early", { features: latest, learn: true });
    }
    const latest = {
      ...readings.at(-1),
      ...Object.fromEntries(machine.features("buffer").features),
    };
    const [early, late] = ["early", "late"].map((name) =>
      score(machine, name, { features: latest, learn: true }),
    );
    expect(late).toEqual({ ...early, variant: "late" });
    expect(early).toMatchObject({ isBufferRow: true, learned: false });
    const { name: _, ...state } = machine.detector("late");
    expect(machine.detector("early")).toEqual({ name: "early", ...state });
    expect(state).toMatchObject({ observationsTotal: 400, buffer: "buffer" });
  });
});
