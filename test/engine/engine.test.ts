import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertEvent } from "../../src/core/alerts/alert-event.ts";
import type { DetectorConfig } from "../../src/core/detectors/registry.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Intake } from "../../src/engine/intake.ts";
import type { SavedPart } from "../../src/engine/keys/snapshot-parts.ts";
import { batchOf, cutAt, type TestReading } from "../support/batches.ts";
import { TEST_KEYS, testKeys, testPlan, testStream } from "../support/engine-stream.ts";

/** Everything an engine says about readings that come in these pieces, as comparable lines. */
class Recorder {
  readonly lines: unknown[] = [];
  readonly engine = new Engine(testPlan, testKeys());
  readonly intake = new Intake({ outOfOrder: "process" });

  run(pieces: readonly (readonly TestReading[])[]): this {
    for (const piece of pieces) {
      const batch = this.intake.accept(batchOf(piece));
      const output = this.engine.apply(batch);
      for (let i = 0; i < batch.length; i++) {
        this.lines.push([
          output.scores.map((s) => [s.rawScore[i], s.p[i], s.anomalyScore[i], s.isAnomaly[i]]),
          output.features.map((column) => column[i]),
        ]);
      }
      this.events.push(...output.events);
      this.eventRows.push(...output.eventRows.map((row) => this.#rows + row));
      this.#rows += batch.length;
      this.episodes.push(...output.episodes);
    }
    return this;
  }

  readonly events: AlertEvent[] = [];
  /** Rows of the whole stream that brought them. */
  readonly eventRows: number[] = [];
  #rows = 0;
  readonly episodes: unknown[] = [];
}

/** Whether a part is one of windows or models. */
const isLarge = ({ name }: SavedPart): boolean =>
  /^windows$|(references|model|budget|interval)$/.test(name);
const noLoss = (error: Error): never => expect.fail(error.message);

const whole = (readings: readonly TestReading[]): Recorder => new Recorder().run([readings]);

describe("Engine", () => {
  it("gives the same results, however readings are split into batches", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(600), { maxLength: 12 }), (seed, places) => {
        const readings = testStream(seed, 600);
        const cut = new Recorder().run(cutAt(readings, places));
        const all = whole(readings);
        expect(cut.lines).toEqual(all.lines);
        expect(cut.events).toEqual(all.events);
        expect(cut.eventRows).toEqual(all.eventRows);
        expect(cut.episodes).toEqual(all.episodes);
      }),
      { numRuns: 25 },
    );
  });

  it("gives the same results one reading at a time", () => {
    const readings = testStream(7, 900);
    const single = new Recorder().run(readings.map((one) => [one]));
    const all = whole(readings);
    expect(single.lines).toEqual(all.lines);
    expect(single.events).toEqual(all.events);
    expect(all.events.length).toBeGreaterThan(20);
  });

  it("gives the same bits after snapshot and restore at any reading", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(500), fc.boolean(), (seed, at, waits) => {
        const readings = testStream(seed, 500);
        const before = new Recorder().run([readings.slice(0, at)]);
        const after = new Recorder();
        for (let key = 0; key < TEST_KEYS; key++) {
          if (!before.engine.peek(key)) continue;
          after.engine.restore(key, before.engine.snapshot(key), waits ? noLoss : null);
          expect(after.engine.peek(key)).toEqual(before.engine.peek(key));
        }
        // the whole input comes again: what was seen before is dropped by its number
        after.run([readings]);
        const all = whole(readings);
        expect(after.lines.slice(at)).toEqual(all.lines.slice(at));
        expect([...before.events, ...after.events]).toEqual(all.events);
        expect([...before.episodes, ...after.episodes]).toEqual(all.episodes);
        expect(after.engine.sequence).toEqual({ repeated: at, missed: 0 });
        for (let key = 0; key < TEST_KEYS; key++) {
          const models = ({ name }: SavedPart): boolean => name !== "sequence"; // counts repeats
          expect(after.engine.snapshot(key).filter(models)).toEqual(
            all.engine.snapshot(key).filter(models),
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it("gives each key the scores that it would have alone", () => {
    const readings = testStream(11, 800);
    const all = whole(readings);
    for (let key = 0; key < TEST_KEYS; key++) {
      const alone = new Recorder().run([readings.filter((reading) => reading.key === key)]);
      expect(all.lines.filter((_, i) => readings[i]?.key === key)).toEqual(alone.lines);
    }
  });

  it("sends messages in order of event time, deadlines before the row that passed them", () => {
    const { events } = whole(testStream(3, 2000));
    const times = events.map((event) => (event as { timestamp: number }).timestamp);
    // a row that came late keeps its own time; those lag by 1.2 s at most
    for (const [i, time] of times.entries()) {
      expect(time).toBeGreaterThanOrEqual(Math.max(0, ...times.slice(0, i)) - 2000);
    }
  });

  it("gives a sensor that lags behind the others the alerts it would have alone", () => {
    const hour = 3_600_000;
    const alone = testStream(13, 1500)
      .map((reading) => ({ ...reading, key: 1 }))
      .sort((a, b) => a.time - b.time);
    const beside = alone.flatMap((reading) => [
      { ...reading, key: 0, time: reading.time + hour },
      reading,
    ]);
    const ofSensor = ({ events }: Recorder) =>
      events.filter((event) => (event as AlertEvent).episode.key === 1);
    expect(ofSensor(whole(beside))).toEqual(ofSensor(whole(alone)));
    expect(ofSensor(whole(alone)).length).toBeGreaterThan(20);
  });

  it("saves only the parts that have changed", () => {
    const { engine } = whole(testStream(5, 300));
    const first = engine.snapshot(0);
    const versions = new Map(first.map(({ name, version }) => [name, version]));
    expect(first.map(({ name }) => name)).toContain("detector/timed/references");
    expect(engine.snapshot(0, versions)).toEqual([]);
    const later = new Map(versions).set("windows", -1);
    expect(engine.snapshot(0, later).map(({ name }) => name)).toEqual(["windows"]);
  });

  it("saves every part that readings, time or repeated readings changed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(400), { maxLength: 12 }), (seed, places) => {
        const { engine, intake } = new Recorder();
        const store = new Map<string, SavedPart>();
        const save = (): void => {
          const versions = new Map([...store].map(([name, { version }]) => [name, version]));
          for (const part of engine.snapshot(0, versions)) store.set(part.name, part);
          expect([...store.values()]).toEqual(engine.snapshot(0));
        };
        for (const piece of cutAt(testStream(seed, 400), places)) {
          const batch = intake.accept(batchOf(piece));
          engine.apply(batch);
          save();
          engine.tick(intake.watermark + 3000);
          save();
          engine.apply(batch);
          save();
        }
      }),
      { numRuns: 8 },
    );
  });

  it("restarts a detector when one of its parts is missing, and keeps the others", () => {
    const { engine } = whole(testStream(5, 300));
    const other = new Engine(testPlan, testKeys());
    const torn = "detector/timed/references";
    other.restore(
      0,
      engine.snapshot(0).filter(({ name }) => name !== torn),
    );
    const fresh = other.snapshot(0).filter(({ version }) => version === 0);
    expect(fresh.map(({ name }) => name)).toEqual([torn, "detector/timed/model"]);
    const kept = ({ name }: SavedPart): boolean => fresh.every((part) => part.name !== name);
    expect(other.snapshot(0).filter(kept)).toEqual(engine.snapshot(0).filter(kept));
  });

  it("lets restored windows and models wait as they were saved, until the first reading", () => {
    const readings = testStream(5, 300);
    const { engine } = whole(readings);
    const waiting = new Engine(testPlan, testKeys());
    for (let key = 0; key < TEST_KEYS; key++) {
      const saved = engine.snapshot(key);
      waiting.restore(key, saved, noLoss);
      const bytesOf = (parts: readonly SavedPart[]) =>
        parts.filter(isLarge).map(({ bytes }) => bytes);
      const before = bytesOf(saved);
      expect(before.length).toBe(13);
      // the same arrays: restored ones would be saved into new arrays
      for (const [i, bytes] of bytesOf(waiting.snapshot(key)).entries()) {
        expect(bytes).toBe(before[i]);
      }
      expect(new Set(waiting.snapshot(key))).toEqual(new Set(saved));
      const versions = new Map(saved.map(({ name, version }) => [name, version]));
      expect(waiting.snapshot(key, versions)).toEqual([]);
    }
    expect(waiting.openEpisodes()).toEqual(engine.openEpisodes());
    expect(waiting.bytes).toBeLessThan(engine.bytes / 2);
  });

  it("starts waiting windows and models anew if they do not fit, and saves them whatever their versions", () => {
    const readings = testStream(5, 300).map((reading) => ({ ...reading, key: 0 }));
    const [early, late] = [readings.slice(0, 250), readings.slice(250)];
    const before = whole(early);
    const { engine } = before;
    const saved = engine
      .snapshot(0)
      .map((part) => (part.name === "windows" ? { ...part, bytes: part.bytes.slice(8) } : part));
    const lost: string[] = [];
    const after = new Recorder();
    after.engine.restore(0, saved, (error) => lost.push(error.message));
    expect(lost).toEqual([]);
    after.run([[...early, ...late]]);
    expect(lost).toEqual(['The saved windows of "sensor-0" does not fit this pipeline']);
    const renewed = after.engine.snapshot(0).filter(isLarge);
    const seen = after.engine.peek(0)?.map(({ observationsSeen }) => observationsSeen);
    expect(seen).toEqual([50, 50, 50, 50, 50]);
    // versions that happen to be those of the lost parts
    const versions = new Map(renewed.map(({ name, version }) => [name, version]));
    expect(after.engine.snapshot(0, versions).filter(isLarge)).toEqual(renewed);
    expect(after.engine.sequence).toEqual({ repeated: 250, missed: 0 });
  });

  it("rejects a snapshot of another pipeline and names the part that does not fit", () => {
    const { engine } = whole(testStream(5, 300));
    const [first] = testPlan.detectors;
    if (!first) throw new Error("no detector");
    const config = { ...first.config, columns: [0] } as DetectorConfig;
    const one = { ...first, config, inputs: [0], inputNames: ["a"] };
    const other = { ...testPlan, detectors: [one] };
    expect(() => new Engine(other, testKeys()).restore(0, engine.snapshot(0))).toThrow(
      /does not fit/,
    );
  });

  it("counts missing readings", () => {
    const engine = new Engine(testPlan, testKeys());
    const batch = new Intake({ outOfOrder: "process" }).accept(
      batchOf(testStream(1, 10).map((r) => ({ ...r, key: 0 }))),
    );
    engine.apply({ ...batch, sequences: batch.sequences.map((s) => (s < 4 ? s : s + 3)) });
    expect(engine.sequence).toEqual({ repeated: 0, missed: 3 });
  });

  it("reports the progress of the detectors of a key", () => {
    const { engine } = whole(testStream(2, 30).map((reading) => ({ ...reading, key: 1 })));
    expect(engine.peek(0)).toBeNull();
    expect(engine.peek(1)?.[0]).toMatchObject({ observationsSeen: 30, observationsNeeded: 10 });
  });
});
