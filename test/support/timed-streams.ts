import fc from "fast-check";
import type { Batch } from "../../src/core/batch.ts";
import { KeyTable } from "../../src/core/key-table.ts";
import { StateReader, StateWriter } from "../../src/core/state-codec.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import type { TimeNotice } from "../../src/engine/time/time-notice.ts";
import { batchOf, type TestReading } from "./batches.ts";
import { promptAlerts } from "./prompt-alerts.ts";

export const DAY = 86_400_000;
const SENSORS = 4;
const START = Date.parse("2026-03-01T00:00:00Z");

const value = { inputs: [0], inputNames: ["v"], alerts: promptAlerts };

/** A plan with every rule that depends on time. */
const timedPlan: EnginePlan = {
  pipeline: "timed",
  columns: ["v"],
  features: [
    { ...feature("v_mean_20s", "mean"), window: { kind: "duration", ms: 20_000 } },
    { ...feature("v_slope_3", "slope"), window: { kind: "rows", rows: 3 } },
  ],
  detectors: [
    {
      ...value,
      name: "silent",
      config: { algorithm: "silent", afterMs: 25_000 },
      alerts: { ...promptAlerts, repeatMs: 60_000 },
    },
    {
      ...value,
      name: "stuck",
      config: { algorithm: "stuck", column: "v", afterMs: 15_000, tolerance: 1 },
      alerts: { ...promptAlerts, cooldownMs: 40_000 },
    },
    {
      ...value,
      name: "rate",
      config: {
        algorithm: "rate_of_change",
        column: "v",
        perMs: 1000,
        maxRise: 2,
        maxFall: 2,
      },
      alerts: {
        ...promptAlerts,
        cooldownMs: 20_000,
        resolveAfter: { kind: "duration", ms: 12_000 },
      },
    },
    {
      ...value,
      name: "hot",
      config: { algorithm: "stuck", column: "v_mean_20s", afterMs: 1, tolerance: 2 },
      inputs: [1],
      alerts: { ...promptAlerts, for: { kind: "duration", ms: 10_000 } },
    },
  ],
  maxWindowRows: 100,
};

function feature(name: string, fn: "mean" | "slope") {
  return { name, function: fn, column: 0, other: null, quantile: null, minPeriods: null };
}

/** A reading, and its row in the input. */
export interface NumberedReading extends TestReading {
  readonly row: number;
}

/** Readings of several sensors, in order of time, 1 to 20 s apart; one sensor may stop for a while. */
export const readings: fc.Arbitrary<readonly NumberedReading[]> = fc
  .record({
    sensors: fc.integer({ min: 1, max: SENSORS }),
    steps: fc.array(
      fc.record({
        ms: fc.oneof(fc.integer({ min: 0, max: 8000 }), fc.constant(25_000)),
        key: fc.nat(SENSORS - 1),
        value: fc.nat(12),
      }),
      { minLength: 3, maxLength: 60 },
    ),
  })
  .map(({ sensors, steps }) => {
    let time = START;
    return steps.map(({ ms, key, value }, i) => {
      time += ms;
      return { time, key: key % sensors, values: [value], row: i + 1 };
    });
  });

/** A batch of readings, with their rows. */
export function numberedBatch(readings: readonly NumberedReading[]): Batch {
  return {
    ...batchOf(readings.map(({ values, ...rest }) => ({ ...rest, values: [...values] }))),
    columns: (readings[0]?.values ?? [0]).map((_, c) =>
      Float64Array.from(readings, ({ values }) => values[c] as number),
    ),
    rows: Uint32Array.from(readings, ({ row }) => row),
  };
}

/** Everything that comes of a stream, as text by sensor, and all of it in order. */
export interface TimedOutput {
  readonly rows: readonly { readonly key: number; readonly text: string }[];
  readonly messages: readonly { readonly key: number; readonly text: string }[];
  readonly notices: readonly TimeNotice[];
  readonly watermark: number;
}

/**
 * Runs pieces of a stream through an intake and an engine.
 *
 * @param restart Whether both are saved and restored after each piece.
 */
export function runTimed(
  pieces: readonly (readonly NumberedReading[])[],
  restart = false,
): TimedOutput {
  const keys = new KeyTable();
  for (let key = 0; key < SENSORS; key++) keys.intern(`sensor-${key}`);
  let intake = new Intake({ outOfOrder: "process" });
  let engine = new Engine(timedPlan, keys);
  const rows: { key: number; text: string }[] = [];
  const messages: { key: number; text: string }[] = [];
  const notices: TimeNotice[] = [];
  for (const piece of pieces) {
    const batch = intake.accept(numberedBatch(piece));
    const { scores, features, events } = engine.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      const verdicts = scores.map(({ isAnomaly }) => isAnomaly[i]);
      const values = features.map((column) => column[i]);
      const own = [batch.rows[i], iso(batch.timestamps[i]), iso(batch.eventTimes[i])];
      const key = batch.keys[i] as number;
      rows.push({ key, text: JSON.stringify([...own, verdicts, values, batch.sequences[i]]) });
    }
    for (const event of events) {
      messages.push({ key: event.episode.key, text: JSON.stringify(event, plain) });
    }
    notices.push(...intake.takeNotices());
    if (restart) {
      intake = restoredIntake(intake);
      engine = restoredEngine(engine, keys);
    }
  }
  intake.end();
  notices.push(...intake.takeNotices());
  for (const { value } of engine.tick(intake.watermark + intake.offset + 5 * 60_000).events) {
    messages.push({ key: value.episode.key, text: JSON.stringify(value, plain) });
  }
  return { rows, messages, notices, watermark: intake.watermark };
}

/** An intake with the saved state of another one. @param change Applied to the saved bytes. */
export function restoredIntake(
  from: Intake,
  maxJump: number | null = null,
  change = (bytes: Uint8Array): Uint8Array => bytes,
): Intake {
  const writer = new StateWriter();
  from.save(writer, SENSORS);
  const intake = new Intake({ outOfOrder: "process", maxJump });
  intake.load(new StateReader(change(writer.finish())));
  return intake;
}

function restoredEngine(from: Engine, keys: KeyTable): Engine {
  const engine = new Engine(timedPlan, keys);
  for (let key = 0; key < SENSORS; key++) {
    if (from.peek(key) !== null) engine.restore(key, from.snapshot(key));
  }
  return engine;
}

/** Output of all sensors but one. */
export function withoutKey({ rows, messages }: TimedOutput, key: number) {
  const others = (all: TimedOutput["rows"]): string[] =>
    all.filter((one) => one.key !== key).map(({ text }) => text);
  return { rows: others(rows), messages: others(messages) };
}

function iso(ms: number | undefined): string {
  return new Date(ms ?? Number.NaN).toISOString();
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Float64Array) return [...value];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    // the order of fields does not matter
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
