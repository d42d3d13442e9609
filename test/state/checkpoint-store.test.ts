import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckpointValue } from "../../src/state/checkpoint/checkpoint-value.ts";
import { openLevel } from "../../src/state/checkpoint/level-store.ts";
import { CheckpointStore } from "../../src/state/checkpoint-store.ts";
import type { Damage } from "../../src/state/state-error.ts";
import { tempFolder } from "../support/temp-folder.ts";

const value = (name: string, version: number): CheckpointValue => ({
  name,
  version,
  bytes: Buffer.from(`${name} ${version} `.repeat(3)),
});

/** What is in a store, by name; a damaged value is `damaged`, or what is left of it. */
async function contents(store: CheckpointStore): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of store.versions.keys()) {
    const stored = await store.read(name);
    if (stored.kind === "intact") {
      expect(Buffer.from(stored.value.bytes)).toEqual(value(name, stored.value.version).bytes);
      found[name] = stored.value.version;
    } else {
      found[name] = stored.kind === "damaged" ? { older: stored.older?.version ?? null } : null;
    }
  }
  return found;
}

/** Changes one stored value of a closed store. */
async function damage(folder: string, key: string): Promise<void> {
  const level = await openLevel(folder);
  const bytes = Buffer.from((await level.get(key)) ?? []);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await level.put(key, bytes);
  await level.close();
}

async function keysIn(folder: string): Promise<string[]> {
  const level = await openLevel(folder);
  const keys = await level.keys().all();
  await level.close();
  return keys;
}

describe("CheckpointStore", () => {
  it("keeps the last two generations, and writes only what changed", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const store = await CheckpointStore.open(folder, () => {});
    expect(store.generation).toBe(0);
    expect(await store.read("a")).toEqual({ kind: "absent" });
    expect(await store.commit([value("a", 1), value("b", 1)])).toBe(1);
    expect(await store.commit([value("a", 2)])).toBe(2);
    expect(await store.commit([value("a", 3), value("c", 1)], ["b"])).toBe(3);
    expect(await contents(store)).toEqual({ a: 3, c: 1 });
    expect([store.generation, store.olderGeneration]).toEqual([3, 2]);
    await store.close();
    expect(await keysIn(folder)).toEqual([
      "g/0000000000000002",
      "g/0000000000000003",
      "v/0000000000000001/1",
      "v/0000000000000002/0",
      "v/0000000000000003/0",
      "v/0000000000000003/1",
    ]);
  });

  it("names a damaged value, and returns the older one only as such", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const store = await CheckpointStore.open(folder, () => {});
    await store.commit([value("a", 1), value("b", 1), value("c", 1)]);
    await store.commit([value("a", 2)]);
    await store.close();
    await damage(folder, "v/0000000000000002/0");
    await damage(folder, "v/0000000000000001/1");
    const damages: Damage[] = [];
    const again = await CheckpointStore.open(folder, (found) => damages.push(found));
    expect(await contents(again)).toEqual({ a: { older: 1 }, b: { older: null }, c: 1 });
    expect(damages.map(({ message }) => message)).toEqual([
      "the saved value a is damaged; the one before it is still there",
      "the saved value b is damaged",
    ]);
    // what is damaged has to be saved again
    expect([...again.versions]).toEqual([["c", 1]]);
    await again.commit([value("a", 2), value("b", 1)]);
    expect(await contents(again)).toEqual({ a: 2, b: 1, c: 1 });
    await again.close();
  });

  it("returns to the complete older generation when the newest is damaged", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const store = await CheckpointStore.open(folder, () => {});
    await store.commit([value("a", 1), value("b", 1)]);
    await store.commit([value("a", 2), value("b", 2)]);
    await store.close();
    await damage(folder, "g/0000000000000002");
    const damages: Damage[] = [];
    const again = await CheckpointStore.open(folder, (found) => damages.push(found));
    expect(await contents(again)).toEqual({ a: 1, b: 1 });
    expect(damages).toMatchObject([
      { at: "checkpoints", message: "generation 2 of the checkpoints is damaged, 1 is used" },
    ]);
    expect(await again.commit([])).toBe(3);
    await again.close();
    expect((await keysIn(folder)).filter((key) => key.startsWith("v/"))).toHaveLength(2);
  });

  it("can't be opened twice", async () => {
    const folder = join(await tempFolder(), "checkpoints");
    const store = await CheckpointStore.open(folder, () => {});
    await expect(CheckpointStore.open(folder, () => {})).rejects.toMatchObject({
      code: "ERR_STATE",
    });
    await store.close();
  });

  it("moves unreadable files aside, keeps the last three, and starts empty", async () => {
    const root = await tempFolder();
    const folder = join(root, "checkpoints");
    for (let n = 1; n <= 5; n++) {
      const damages: Damage[] = [];
      const store = await CheckpointStore.open(folder, (found) => damages.push(found));
      expect(store.generation).toBe(0);
      if (n > 1) expect(damages[0]?.message).toContain(`renamed checkpoints.damaged-${n - 1},`);
      await store.commit([value("a", 1)]);
      await store.close();
      await rm(join(folder, "CURRENT"));
    }
    expect((await readdir(root)).sort()).toEqual([
      "checkpoints",
      "checkpoints.damaged-2",
      "checkpoints.damaged-3",
      "checkpoints.damaged-4",
    ]);
  });

  it("opens with any damaged byte, and never returns a wrong value", async () => {
    const root = await tempFolder();
    const folder = join(root, "checkpoints");
    const store = await CheckpointStore.open(folder, () => {});
    await store.commit([value("a", 1), value("b", 1)]);
    await store.close();
    // opened again, so that some of it lies in a table and some in a log
    const second = await CheckpointStore.open(folder, () => {});
    await second.commit([value("a", 2), value("c", 1)]);
    await second.close();
    const files = (await readdir(folder)).filter((name) => !/LOCK|LOG/.test(name));
    expect(files.some((name) => name.endsWith(".ldb"))).toBe(true);
    const tally = { whole: 0, said: 0 };
    const trial = async (name: string, damaged: Buffer, run: number): Promise<void> => {
      const copy = join(root, `${run}`, "checkpoints");
      await cp(folder, copy, { recursive: true });
      await writeFile(join(copy, name), damaged);
      tally[await survives(copy)] += 1;
      await rm(join(root, `${run}`), { recursive: true });
    };
    for (const name of files) {
      const forms = [...damagedForms(await readFile(join(folder, name)))];
      while (forms.length > 0) {
        await Promise.all(forms.splice(0, 16).map((form, run) => trial(name, form, run)));
      }
    }
    expect(tally.said).toBeGreaterThan(300);
    expect(tally.whole).toBeGreaterThan(0);
  });
});

/** A file with one bit flipped, at every byte, and cut at every eighth. */
function* damagedForms(whole: Buffer): Generator<Buffer> {
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    yield flipped;
    if (at % 8 === 0) yield whole.subarray(0, at);
  }
}

/** Opens a damaged store and goes on with it. @returns Whether nothing was lost, or all was said. */
async function survives(folder: string): Promise<"whole" | "said"> {
  const damages: Damage[] = [];
  const store = await CheckpointStore.open(folder, (found) => damages.push(found));
  const found = JSON.stringify(await contents(store));
  const whole = found === '{"a":2,"b":1,"c":1}';
  expect(whole || damages.length > 0, found).toBe(true);
  await store.commit([value("d", 1)]);
  expect(await store.read("d")).toMatchObject({ kind: "intact" });
  await store.close();
  return whole ? "whole" : "said";
}

/** A store, and the slow and obvious version of it: a map. */
class Trial {
  readonly #root: string;
  #folder: string;
  #crashes = 0;
  #version = 0;
  #generation = 0;
  #model = new Map<string, number>();

  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, "0");
  }

  get folder(): string {
    return this.#folder;
  }

  open(): Promise<CheckpointStore> {
    return CheckpointStore.open(this.#folder, ({ message }) => expect.fail(message));
  }

  async commit(store: CheckpointStore, names: string[], gone: string[]): Promise<void> {
    const changed = names.map((name) => value(name, ++this.#version));
    const removed = gone.filter((name) => !names.includes(name));
    expect(await store.commit(changed, removed)).toBe(++this.#generation);
    for (const name of removed) this.#model.delete(name);
    for (const { name, version } of changed) this.#model.set(name, version);
  }

  async leave(store: CheckpointStore, how: "reopen" | "crash"): Promise<CheckpointStore> {
    const copy = join(this.#root, `${++this.#crashes}`);
    if (how === "crash") await cp(this.#folder, copy, { recursive: true });
    await store.close();
    if (how === "crash") this.#folder = copy;
    return this.open();
  }

  async check(store: CheckpointStore): Promise<void> {
    expect(await contents(store)).toEqual(Object.fromEntries(this.#model));
    expect(store.generation).toBe(this.#generation);
  }
}

it("CheckpointStore behaves like a map, and loses nothing in a crash", async () => {
  const root = await tempFolder();
  let runs = 0;
  const names = ["a", "b", "key/x/windows", "é"];
  const commit = fc.record({
    do: fc.constant("commit" as const),
    changed: fc.subarray(names),
    removed: fc.subarray(names),
  });
  const leave = fc.record({ do: fc.constantFrom("reopen" as const, "crash" as const) });
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: commit }, leave), { maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      await mkdir(join(root, `${++runs}`));
      const trial = new Trial(join(root, `${runs}`));
      let store = await trial.open();
      for (const next of steps) {
        if (next.do === "commit") await trial.commit(store, next.changed, next.removed);
        else store = await trial.leave(store, next.do);
        await trial.check(store);
      }
      await store.close();
      const values = (await keysIn(trial.folder)).filter((key) => key.startsWith("v/"));
      expect(values.length).toBeLessThanOrEqual(2 * names.length);
    }),
    { numRuns: 25 },
  );
});
