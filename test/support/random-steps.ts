import fc from "fast-check";
import { pipelineSchema } from "../../src/config/schema/pipeline.ts";
import { CommandError } from "../../src/service/command-error.ts";
import type { Command } from "../../src/service/commands.ts";
import type { StateMachine } from "../../src/service/state-machine.ts";
import { detectorOf, featuresOf } from "./live-definitions.ts";
import { score as scoreOf } from "./machine-commands.ts";

const BUFFERS = ["one", "two"];
const DETECTORS = ["d1", "d2", "__proto__"];

const buffer = fc.record({
  kind: fc.constant("create_buffer" as const),
  definition: fc.record({
    name: fc.constantFrom(...BUFFERS),
    schema: fc.constantFrom(
      { timestamp: "datetime", sensor_id: "str", a: "float", b: "int", note: "str" },
      { timestamp: "datetime", a: "float", b: "float" },
    ),
    maxRows: fc.constantFrom(7, 40, 300),
  }),
  replace: fc.boolean(),
});

const features = fc.record({
  kind: fc.constant("define_features" as const),
  name: fc.constantFrom(...BUFFERS),
  features: fc.constantFrom(
    featuresOf([{ name: "m", column: "a", function: "mean", window: 3 }]),
    featuresOf([{ name: "m", column: "b", function: "mean", window: 5 }]),
    featuresOf([
      { name: "s", column: "a", function: "std", window: 10 },
      { name: "e", column: "b", function: "ewm_mean", window: 4 },
    ]),
    featuresOf([{ columns: ["a", "b"], functions: ["max"], windows: ["20s", 6] }]),
  ),
});

const detector = fc.record({
  kind: fc.constant("create_detector" as const),
  definition: fc.constantFrom(
    ...DETECTORS.flatMap((name) => [
      detectorOf({ name, features: ["m", "a"], warmup_period: 5, min_reference: 2 }),
      detectorOf({ name, features: ["a_mean_4", "b_max_6"], warmup_period: 9, min_reference: 2 }),
      detectorOf({ name, buffer: "two", features: ["m", "s"], warmup_period: 4, smoothing: 3 }),
    ]),
  ),
  replace: fc.boolean(),
});

const cell = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 4, arbitrary: fc.double({ noNaN: true, min: -1e3, max: 1e3 }) },
  fc.constantFrom(null, "3.5", "text", true, {}),
);

const row = fc.record(
  {
    timestamp: fc.integer({ min: 0, max: 500 }).map((s) => 1.77e12 + s * 1000),
    sensor_id: fc.constantFrom("x", "y", "z"),
    a: cell,
    b: cell,
    note: fc.constantFrom("dry", "wet"),
    other: cell,
  },
  { requiredKeys: ["a"] },
);

const append = fc.record({
  kind: fc.constant("append" as const),
  name: fc.constantFrom(...BUFFERS, "whole"),
  rows: fc.array(row, { maxLength: 20 }),
  arrivalMs: fc.nat(1000).map((s) => 1.77e12 + s * 1000),
  strict: fc.constantFrom(false, false, false, true),
});

const score = fc.record(
  {
    kind: fc.constant("score" as const),
    name: fc.constantFrom(...DETECTORS),
    features: fc.dictionary(fc.constantFrom("m", "a", "s", "a_mean_4", "b_max_6"), cell),
    sensorId: fc.constantFrom("x", "w"),
    learn: fc.boolean(),
  },
  { requiredKeys: ["kind", "name", "features", "learn"] },
);

/** A score call with the newest features of a buffer, as the loop of the example document makes it. */
const follow = fc.record({
  kind: fc.constant("follow" as const),
  name: fc.constantFrom(...DETECTORS),
  buffer: fc.constantFrom(...BUFFERS),
});

const pipeline = fc.record({
  kind: fc.constant("put_pipeline" as const),
  name: fc.constant("whole"),
  document: fc.constant({ version: 1 }),
  config: fc.constantFrom(
    ...[2, 3].map((need) =>
      pipelineSchema.parse({
        version: 1,
        buffer: { schema: { timestamp: "datetime", sensor_id: "str", a: "float" }, max_rows: 50 },
        features: [{ name: "m", column: "a", function: "mean", window: 3 }],
        detectors: [
          { name: "e", algorithm: "ecod", features: ["m", "a"], warmup_period: 8 },
          { name: "t", algorithm: "threshold", when: "a > 2", alerts: { for: need } },
          { name: "q", algorithm: "silent", after: "90s" },
        ],
        alerts: { cooldown: "1m", resolve_after: 2 },
      }),
    ),
  ),
});

const others = fc.constantFrom<Command>(
  { kind: "delete_buffer", name: "one" },
  { kind: "delete_detector", name: "d1" },
  { kind: "delete_pipeline", name: "whole" },
  { kind: "tick", name: "whole", now: 1.77e12 + 400_000 },
  { kind: "tick", name: "whole", now: 1.77e12 + 900_000 },
  { kind: "pause", name: "whole", from: 1.77e12 + 300_000, to: 1.77e12 + 370_000 },
);

/** The possible next steps of a client. */
export type Step =
  | Command
  | { readonly kind: "follow"; readonly name: string; readonly buffer: string };

/** A random step; useful steps are more frequent. */
export const randomStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: append },
  { weight: 6, arbitrary: follow },
  { weight: 4, arbitrary: score },
  { weight: 3, arbitrary: features },
  { weight: 3, arbitrary: buffer },
  { weight: 3, arbitrary: detector },
  { weight: 2, arbitrary: pipeline },
  { weight: 1, arbitrary: others },
);

/** Does a step. @returns The answer or command error as plain values. */
export function take(machine: StateMachine, step: Step): unknown {
  try {
    if (step.kind !== "follow") return plain(machine.execute(step).answer);
    const latest = Object.fromEntries(machine.features(step.buffer).features);
    return plain(scoreOf(machine, step.name, { features: latest, learn: true }));
  } catch (error) {
    if (error instanceof CommandError) return { error: error.kind, message: error.message };
    throw error;
  }
}

/** The rows of all buffers. */
export function rowsOf(machine: StateMachine): unknown {
  return plain(machine.buffers().map(({ name }) => machine.readings(name).frame().toRecords()));
}

/** All that can be asked of the state machine. */
export function lookAt(machine: StateMachine): unknown {
  return plain({
    buffers: machine.buffers().map((state) => ({
      state,
      features: machine.features(state.name),
      of: ["x", "y", "z"].map((sensor) => machine.features(state.name, sensor)),
    })),
    detectors: machine.detectors(),
    pipelines: machine.pipelines(),
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part) => (part instanceof Map ? [...part] : part)) ?? "null",
  );
}
