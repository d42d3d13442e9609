import { describe, expect, it } from "vitest";
import type { SnapshotPart } from "../../../src/service/snapshot/snapshot-parts.ts";
import { StateMachine } from "../../../src/service/state-machine.ts";
import { detectorOf, SENSOR_BUFFER } from "../../support/live-definitions.ts";
import { append, createBuffer, createDetector, score } from "../../support/machine-commands.ts";
import { Random } from "../../support/random.ts";

const FEATURES = ["temperature", "temperature_mean_10", "humidity"];
const VALUES = { temperature: 29, temperature_mean_10: 21, humidity: 45 };

/** A buffer of 300 rows that a detector with a warm-up of 60 observes, and a detector without a buffer. */
function machineWithModels(): StateMachine {
  const machine = new StateMachine();
  createBuffer(machine, { ...SENSOR_BUFFER, maxRows: 300 });
  const random = new Random(7);
  const rows = Array.from({ length: 400 }, (_, i) => ({
    timestamp: new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString(),
    sensor_id: "s",
    temperature: 20 + random.normal(),
    humidity: 45 + random.normal(),
  }));
  append(machine, SENSOR_BUFFER.name, rows, { arrivalMs: Date.UTC(2026, 1, 1), strict: false });
  const watching = { features: FEATURES, warmup_period: 60, buffer: SENSOR_BUFFER.name };
  createDetector(machine, detectorOf({ name: "watching", ...watching }));
  createDetector(machine, detectorOf({ name: "alone", features: ["x", "x_mean_5"] }));
  for (let i = 0; i < 20; i++) {
    score(machine, "alone", { features: { x: i, x_mean_5: i / 2 }, learn: true });
  }
  return machine;
}

/** The parts of a machine as an older version would have saved them. */
function asFirstEdition(parts: readonly SnapshotPart[]): SnapshotPart[] {
  return parts.map((part) => {
    const name = part.name.replace(/\/references$/, "/reference");
    if (name !== "definitions") return { ...part, name };
    const settings = ["edition", "columns", "rawFeatures"];
    const text = new TextDecoder().decode(part.bytes);
    const older = JSON.parse(text, (field, value) =>
      settings.includes(field) ? undefined : value,
    );
    return { ...part, bytes: new TextEncoder().encode(JSON.stringify(older)) };
  });
}

function restore(parts: readonly SnapshotPart[]): {
  readonly machine: StateMachine;
  readonly said: string[];
} {
  const said: string[] = [];
  return { machine: StateMachine.restore(parts, (text) => said.push(text)), said };
}

const ask = (machine: StateMachine) =>
  score(machine, "watching", { features: VALUES, sensorId: "s", learn: false });

describe("a state of the first edition of the detector", () => {
  it("lets models learn anew from the stored rows, and says so", () => {
    const machine = machineWithModels();
    const wanted = ask(machine); // its detector was created after the rows, so it also learned from the stored ones
    expect(wanted.rawScore).not.toBeNull();
    const older = restore(asFirstEdition(machine.save()));
    expect(older.said).toEqual([
      "sensor_metrics: what watching had learned is of an older edition of the detector: it learns anew from the 300 " +
        "rows that are stored; rows, windows, alerts and rules go on",
      "alone: what alone had learned is of an older edition of the detector: it learns anew; rows, windows, alerts " +
        "and rules go on",
    ]);
    expect(ask(older.machine)).toEqual(wanted);
  });

  it("is one of this edition after the next save", () => {
    const { machine } = restore(asFirstEdition(machineWithModels().save()));
    const saved = machine.save();
    expect(saved.filter(({ name }) => name.endsWith("/reference"))).toEqual([]);
    const again = restore(saved);
    expect(again.said).toEqual([]);
    expect(ask(again.machine)).toEqual(ask(machine));
  });
});
