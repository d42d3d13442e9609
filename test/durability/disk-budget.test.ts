import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pipelineSchema } from "../../src/config/schema/pipeline.ts";
import type { DurableStore } from "../../src/durability/durable-store.ts";
import { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { copyOf, everything, open } from "./support.ts";

const DOCUMENT = {
  version: 1,
  buffer: {
    schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" },
    max_rows: 3000,
  },
  features: [
    { name: "mean", column: "temperature", function: "mean", window: 50 },
    { name: "std", column: "temperature", function: "std", window: 200 },
  ],
  detectors: [
    {
      name: "odd",
      algorithm: "ecod",
      features: ["temperature", "mean", "std"],
      warmup_period: 60,
      window: 500,
      calibration_window: 500,
    },
  ],
} as const;

// the tests tend the stores themselves, so that no checkpoint comes between two figures that they compare
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends single readings of sensors in turn. */
class Feed {
  readonly #random = new Random(7);
  /** Number of sensors that send. */
  sensors: number;
  #sent = 0;

  constructor(sensors: number) {
    this.sensors = sensors;
  }

  async send(store: DurableStore, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const timestamp = Date.UTC(2026, 0, 1) + 1000 * this.#sent;
      const row = {
        timestamp,
        sensor_id: `s${this.#sent % this.sensors}`,
        temperature: Math.round(2200 + 50 * this.#random.normal()) / 100,
      };
      this.#sent += 1;
      await store.execute({
        kind: "append",
        name: "room",
        rows: [row],
        arrivalMs: timestamp,
        strict: true,
      });
    }
  }
}

/** Bytes of the files of a folder; the store may delete one meanwhile. */
function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => {
    return sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}

it.each([
  [1, 1],
  [10, 10],
  [100, 100],
  [100, 3],
])(
  "writes at most four bytes for each byte of the journal and deletes old records, with %i sensors, later %i",
  async (sensors, later) => {
    const path = join(await tempFolder(), "state");
    // every checkpoint that the budget allows is due
    const { store, said } = await open(path, { checkpoints: { maxRecoveryMs: 0 } });
    const config = { ...pipelineSchema.parse(DOCUMENT), sinks: [] };
    await store.execute({ kind: "put_pipeline", name: "room", config, document: DOCUMENT });
    const feed = new Feed(sensors);
    const sizes: number[] = [];
    const journalAt = [0];
    for (let step = 0; step < 120; step++) {
      if (step === 60) feed.sensors = later;
      await feed.send(store, 100);
      const { recordsAfterCheckpoint } = store.state;
      await store.tend();
      const { journalBytes, checkpointBytes } = store.state;
      const written = store.directory.writtenBytes + checkpointBytes;
      expect(written / journalBytes, `step ${step}`).toBeLessThan(4);
      sizes.push(sizeOf(join(path, "checkpoints")));
      if (store.state.recordsAfterCheckpoint === recordsAfterCheckpoint) continue;
      const needed = journalBytes - (journalAt.at(-1) as number);
      expect(sizeOf(join(path, "journal")), `step ${step}`).toBeLessThanOrEqual(needed);
      journalAt.push(journalBytes);
    }
    expect(journalAt.length).toBeGreaterThan(5);
    const live = store.machine.save().reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(Math.max(...sizes)).toBeLessThan(3 * live);
    const killed = await open(await copyOf(path));
    expect(everything(killed.store.machine)).toEqual(everything(store.machine));
    expect([said, killed.said]).toEqual([[], []]);
  },
);

it("writes at most four bytes for each byte of the journal over many short runs", async () => {
  const path = join(await tempFolder(), "state");
  const feed = new Feed(20);
  const total = { journal: 0, checkpoints: 0 };
  for (let run = 0; run < 40; run++) {
    const { store } = await open(path, { checkpoints: { maxRecoveryMs: 0 } });
    const config = { ...pipelineSchema.parse(DOCUMENT), sinks: [] };
    if (run === 0) {
      await store.execute({ kind: "put_pipeline", name: "room", config, document: DOCUMENT });
    }
    await feed.send(store, 100);
    await store.close();
    total.journal += store.state.journalBytes;
    total.checkpoints += store.state.checkpointBytes;
    expect(total.checkpoints / total.journal, `run ${run}`).toBeLessThan(3);
  }
  expect(total.checkpoints).toBeGreaterThan(0);
});
