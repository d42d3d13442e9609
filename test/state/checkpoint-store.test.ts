import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckpointValue } from "../../src/state/checkpoint/checkpoint-value.ts";
import { CheckpointStore } from "../../src/state/checkpoint-store.ts";
import type { Damage } from "../../src/state/state-error.ts";
import { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";

const random = new Random(9);
const NOISE = Float64Array.from({ length: 5000 }, () => random.normal());

/** A window of numbers, large enough for patches; it moves by one number a version. */
const value = (name: string, version: number): CheckpointValue => {
  const from = version + 20 * name.charCodeAt(0);
  return { name, version, bytes: new Uint8Array(NOISE.slice(from, from + 200).buffer) };
};

const silent = (): void => {};

async function commit(
  store: CheckpointStore,
  changed: readonly CheckpointValue[],
  removed: readonly string[] = [],
): Promise<number> {
  const writer = store.begin();
  const versions = new Set([...changed.map(({ name }) => name), ...removed]);
  writer.remove(removed);
  for (const one of changed) writer.put(one);
  // what the store wants to write again
  for (const [name, version] of current(store)) {
    if (!writer.versions.has(name) && !versions.has(name)) writer.put(value(name, version));
  }
  const generation = await writer.save();
  await store.clean();
  latest.set(store, new Map(writer.versions));
  return generation;
}

/** Versions of the values of each store. */
const latest = new WeakMap<CheckpointStore, ReadonlyMap<string, number>>();
const current = (store: CheckpointStore): ReadonlyMap<string, number> =>
  latest.get(store) ?? new Map();

interface Opened {
  readonly store: CheckpointStore;
  /** Versions of the intact values. */
  readonly found: Readonly<Record<string, number>>;
  readonly damages: readonly Damage[];
}

/** Opens a store; each of its values has to be right. */
async function open(folder: string): Promise<Opened> {
  const damages: Damage[] = [];
  const store = await CheckpointStore.open(folder, (damage) => damages.push(damage));
  const { values, damaged } = store.takeNewest();
  expect(damages.map(({ message }) => message)).toEqual(
    damaged.map((name) => `the saved value ${name} is damaged`),
  );
  const found = versionsOf([...values.values()]);
  latest.set(store, new Map(Object.entries(found)));
  return { store, found, damages };
}

function versionsOf(values: readonly CheckpointValue[]): Record<string, number> {
  for (const { name, version, bytes } of values) {
    expect(Buffer.compare(bytes, value(name, version).bytes)).toBe(0);
  }
  return Object.fromEntries(values.map(({ name, version }) => [name, version]));
}

async function segmentsOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".seg")).sort();
}

/** Flips a bit of the record of a value in a closed store. */
async function spoil(folder: string, name: string, attempt: number): Promise<void> {
  for (const file of await segmentsOf(folder)) {
    const path = join(folder, file);
    const bytes = await readFile(path);
    const at = bytes.indexOf(`"attempt":${attempt},"name":"${name}"`);
    if (at < 0) continue;
    bytes[at] = (bytes[at] as number) ^ 1;
    return writeFile(path, bytes);
  }
  throw new RangeError(`There is no record of ${name}`);
}

describe("CheckpointStore", () => {
  it("gives back the newest generation, and the one before", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const { store, found } = await open(folder);
    expect([store.generation, found]).toEqual([0, {}]);
    expect(await commit(store, [value("a", 1), value("b", 1)])).toBe(1);
    expect(await store.readOlder()).toBe(null);
    expect(await commit(store, [value("a", 2)])).toBe(2);
    expect(await commit(store, [value("a", 3), value("c", 1)], ["b"])).toBe(3);
    await store.close();
    const again = await open(folder);
    expect([again.store.generation, again.found]).toEqual([3, { a: 3, c: 1 }]);
    const older = await again.store.readOlder();
    expect(older?.number).toBe(2);
    expect(versionsOf([...(older?.values.values() ?? [])])).toEqual({ a: 2, b: 1 });
    expect(again.store.takeNewest().values.size).toBe(0);
    await again.store.close();
  });

  it("writes only what has changed within a value", async () => {
    const { store } = await open(join(await tempFolder(), "checkpoints"));
    const random = new Random(1);
    const numbers = Float64Array.from({ length: 10_000 }, () => random.normal());
    const put = async (version: number): Promise<number> => {
      const before = store.writtenBytes;
      const writer = store.begin();
      writer.put({ name: "window", version, bytes: new Uint8Array(numbers.slice().buffer) });
      await writer.save();
      return store.writtenBytes - before;
    };
    expect(await put(1)).toBeGreaterThan(70_000);
    numbers.copyWithin(0, 10); // ten new values shift the others
    for (let i = 9990; i < 10_000; i++) numbers[i] = random.normal();
    expect(await put(2)).toBeLessThan(10 * 8 + 2 * 128 + 400);
    await store.close();
  });

  it("stays below three times its values, and writes about two bytes for a changed one", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const windows = new Windows();
    let { store } = await openAny(folder);
    let largest = 0;
    let begun = 0;
    for (let version = 1; version <= 300; version++) {
      if (version === 150) {
        await store.close();
        ({ store } = await openAny(folder));
        begun = windows.patches;
      }
      await windows.save(store, version);
      expect(store.bytes, `version ${version}`).toBeLessThan(3 * store.liveBytes);
      largest = Math.max(largest, store.bytes);
      expect((await segmentsOf(folder)).length).toBeLessThan(20);
    }
    expect(largest).toBeGreaterThan(1.5 * store.liveBytes);
    // each patch has 400 new bytes and 250 others, and half of its share of a manifest
    expect(store.writtenBytes).toBeLessThan(2.3 * 700 * (windows.patches - begun));
    await store.close();
    ({ store } = await openAny(folder));
    windows.check(store);
    await store.close();
  });

  it("reports each damaged value, and saves it again", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const { store } = await open(folder);
    await commit(store, [value("a", 1), value("b", 1), value("c", 1)]);
    await commit(store, [value("a", 2)]);
    await store.close();
    await spoil(folder, "a", 2);
    const again = await open(folder);
    expect(again.found).toEqual({ b: 1, c: 1 });
    expect(again.damages).toMatchObject([{ at: "checkpoints", records: 1 }]);
    const older = await again.store.readOlder();
    expect(versionsOf([...(older?.values.values() ?? [])])).toEqual({ a: 1, b: 1, c: 1 });
    expect([...again.store.begin().versions]).toEqual([
      ["b", 1],
      ["c", 1],
    ]);
    await commit(again.store, [value("a", 2)]);
    await again.store.close();
    const whole = await open(folder);
    expect(whole.found).toEqual({ a: 2, b: 1, c: 1 });
    await whole.store.close();
  });

  it("loses nothing with the manifest of a generation that others build on", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const { store } = await open(folder);
    for (let i = 1; i <= 4; i++) await commit(store, [value("a", i), value(`b${i}`, i)]);
    await store.close();
    const [file = ""] = await segmentsOf(folder);
    const bytes = await readFile(join(folder, file));
    const at = bytes.indexOf('"generation":3');
    bytes[at] = (bytes[at] as number) ^ 1;
    await writeFile(join(folder, file), bytes);
    const again = await open(folder);
    expect(again.found).toEqual({ a: 4, b1: 1, b2: 2, b3: 3, b4: 4 });
    await again.store.close();
  });

  it("ignores a generation that was given up", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const { store } = await open(folder);
    await commit(store, [value("a", 1), value("b", 1)]);
    const writer = store.begin();
    writer.put(value("a", 5));
    await writer.flush();
    writer.put(value("b", 5));
    await writer.abandon();
    await commit(store, [value("b", 2)]);
    await store.close();
    const again = await open(folder);
    expect(again.found).toEqual({ a: 1, b: 2 });
    await again.store.close();
  });

  it("keeps a note, also without a generation", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const { store } = await open(folder);
    await store.note(7);
    await store.note(5);
    await store.close();
    const again = await open(folder);
    expect(again.store.noted).toBe(7);
    for (let version = 1; version <= 200; version++) {
      await commit(again.store, [value("a", version)]); // the first segments go
    }
    await again.store.close();
    expect((await segmentsOf(folder))[0]).not.toContain("0000001.seg");
    const last = await open(folder);
    expect(last.store.noted).toBe(7);
    await last.store.close();
  });

  it("opens with any damaged byte, and never returns a wrong value", async () => {
    const root = await tempFolder();
    const folder = join(root, "checkpoints");
    const { store } = await open(folder);
    await commit(store, [value("a", 1), value("b", 1)]);
    await commit(store, [value("a", 2), value("c", 1)]);
    await store.close();
    const [name = ""] = await segmentsOf(folder);
    const tally = { whole: 0, older: 0, reported: 0 };
    for (const [run, form] of [...damagedForms(await readFile(join(folder, name)))].entries()) {
      const copy = join(root, `${run}`);
      await mkdir(copy);
      await writeFile(join(copy, name), form);
      tally[await survives(copy)] += 1;
      await rm(copy, { recursive: true });
    }
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(20);
  });
});

/** Opens a store whose values are not those of {@link value}. */
async function openAny(folder: string): Promise<{ readonly store: CheckpointStore }> {
  return { store: await CheckpointStore.open(folder, ({ message }) => expect.fail(message)) };
}

/** Forty windows of numbers; half of them get 50 new numbers between two versions. */
class Windows {
  readonly #random = new Random(2);
  readonly #windows = Array.from({ length: 40 }, () =>
    Float64Array.from({ length: 1500 }, () => this.#random.normal()),
  );
  /** Windows that have changed so far. */
  patches = 0;

  async save(store: CheckpointStore, version: number): Promise<void> {
    const writer = store.begin();
    for (const [i, window] of this.#windows.entries()) {
      const isChanged = this.#random.uniform() < 0.5;
      if (isChanged) this.#shift(window);
      const name = `window ${i}`;
      if (!isChanged && writer.versions.has(name)) continue;
      writer.put({ name, version, bytes: new Uint8Array(window.slice().buffer) });
    }
    await writer.save();
    await store.clean();
  }

  check(store: CheckpointStore): void {
    const { values } = store.takeNewest();
    for (const [i, window] of this.#windows.entries()) {
      const bytes = values.get(`window ${i}`)?.bytes ?? new Uint8Array();
      expect(Buffer.compare(bytes, new Uint8Array(window.buffer))).toBe(0);
    }
  }

  #shift(window: Float64Array): void {
    window.copyWithin(0, 50);
    for (let j = window.length - 50; j < window.length; j++) window[j] = this.#random.normal();
    this.patches += 1;
  }
}

/** A file with one bit flipped or cut, at many places. */
function* damagedForms(whole: Buffer): Generator<Buffer> {
  for (let at = 0; at < whole.length; at += 3) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    yield flipped;
    if (at % 8 === 0) yield whole.subarray(0, at);
  }
}

/** Opens a damaged store and goes on with it. */
async function survives(folder: string): Promise<"whole" | "older" | "reported"> {
  const { store, found, damages } = await open(folder);
  const { generation } = store;
  await commit(store, [value("d", 1)]);
  await store.close();
  const again = await open(folder);
  expect(again.found).toEqual({ ...found, d: 1 });
  await again.store.close();
  if (damages.length > 0) return "reported";
  // without its manifest a generation was never saved; the log of the owner has it
  const whole = [{}, { a: 1, b: 1 }, { a: 2, b: 1, c: 1 }][generation];
  expect(found).toEqual(whole);
  return generation === 2 ? "whole" : "older";
}

/** A store, and the slow and obvious version of it: a map. */
class Trial {
  readonly #root: string;
  #folder: string;
  #crashes = 0;
  #version = 0;
  #model = new Map<string, number>();

  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, "0");
  }

  async open(): Promise<CheckpointStore> {
    const { store, found } = await open(this.#folder);
    expect(found).toEqual(Object.fromEntries(this.#model));
    return store;
  }

  async commit(store: CheckpointStore, names: string[], gone: string[]): Promise<void> {
    const changed = names.map((name) => value(name, ++this.#version));
    const removed = gone.filter((name) => !names.includes(name));
    await commit(store, changed, removed);
    for (const name of removed) this.#model.delete(name);
    for (const { name, version } of changed) this.#model.set(name, version);
  }

  async leave(store: CheckpointStore, how: "reopen" | "crash"): Promise<CheckpointStore> {
    const copy = join(this.#root, `${++this.#crashes}`);
    const writer = store.begin();
    writer.put(value("a", 1000)); // never saved
    await writer.flush();
    if (how === "crash") await cp(this.#folder, copy, { recursive: true });
    await store.close();
    if (how === "crash") this.#folder = copy;
    return this.open();
  }
}

it("CheckpointStore behaves like a map, and loses nothing in a crash", async () => {
  const root = await tempFolder();
  let runs = 0;
  const names = ["a", "b", "key/x/windows", "é"];
  const commits = fc.record({
    do: fc.constant("commit" as const),
    changed: fc.subarray(names),
    removed: fc.subarray(names),
  });
  const leave = fc.record({ do: fc.constantFrom("reopen" as const, "crash" as const) });
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: commits }, leave), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      await mkdir(join(root, `${++runs}`));
      const trial = new Trial(join(root, `${runs}`));
      let store = await trial.open();
      for (const next of steps) {
        if (next.do === "commit") await trial.commit(store, next.changed, next.removed);
        else store = await trial.leave(store, next.do);
      }
      await trial.leave(store, "crash").then((last) => last.close());
    }),
    { numRuns: 40 },
  );
});

it("a generation that is cut off while its values are written was never saved", async () => {
  const root = await tempFolder();
  const folder = join(root, "whole");
  const random = new Random(1);
  const noise = Uint8Array.from({ length: 1_600_000 }, () => 256 * random.uniform());
  const large = (version: number): CheckpointValue[] =>
    [400_000, 1_500_000, 0, 600_000, 17].map((size, i) => {
      const bytes = noise.slice(i, i + size).map((byte) => byte ^ version);
      return { name: `value ${i}`, version, bytes };
    });
  for (const version of [1, 2]) {
    const store = await CheckpointStore.open(folder, silent);
    const writer = store.begin();
    for (const one of large(version)) writer.put(one);
    expect(await writer.save()).toBe(version);
    await store.clean();
    await store.close();
  }
  const files = await segmentsOf(folder);
  const seen = { newest: 0, older: 0 };
  for (const share of [1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.52]) {
    const copy = join(root, `${share}`);
    await cp(folder, copy, { recursive: true });
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(copy, name))).size));
    let left = Math.round(share * sizes.reduce((sum, size) => sum + size, 0));
    for (const [i, name] of files.entries()) {
      const kept = Math.min(left, sizes[i] ?? 0);
      left -= kept;
      if (kept === 0) await rm(join(copy, name));
      else await truncate(join(copy, name), kept);
    }
    const store = await CheckpointStore.open(copy, ({ message }) => expect.fail(message));
    const { number, values } = store.takeNewest();
    for (const { name, bytes, version } of large(number)) {
      expect(values.get(name)?.version).toBe(version);
      expect(Buffer.compare(values.get(name)?.bytes ?? noise, bytes)).toBe(0);
    }
    seen[number === 2 ? "newest" : "older"] += 1;
    await store.close();
  }
  expect(seen).toEqual({ newest: 1, older: 6 });
});
