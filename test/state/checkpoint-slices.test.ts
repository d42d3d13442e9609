import { cp, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CheckpointValue } from "../../src/state/checkpoint/checkpoint-value.ts";
import { openLevel } from "../../src/state/checkpoint/level-store.ts";
import { CheckpointStore } from "../../src/state/checkpoint-store.ts";
import { Random } from "../support/random.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** The second is larger than what is written at once. */
const SIZES = [400_000, 1_500_000, 0, 600_000, 600_000, 300_000, 17];

const random = new Random(1);
const BYTES = Buffer.from(Uint8Array.from({ length: 1_600_000 }, () => 256 * random.uniform()));

/** Values that differ everywhere from those of another version. */
function large(version: number): CheckpointValue[] {
  return SIZES.map((size, i) => {
    const from = 1000 * version + i;
    return { name: `value ${i}`, version, bytes: BYTES.subarray(from, from + size) };
  });
}

/** Version of all values of a store; they have to be whole and of one version. */
async function versionIn(store: CheckpointStore): Promise<number> {
  const version = store.versions.get("value 0") ?? 0;
  for (const expected of large(version)) {
    const stored = await store.read(expected.name);
    if (stored.kind !== "intact") expect.fail(`${expected.name} is ${stored.kind}`);
    expect(stored.value.version).toBe(version);
    expect(Buffer.compare(stored.value.bytes, expected.bytes)).toBe(0);
  }
  return version;
}

async function keysOfValues(folder: string): Promise<readonly string[]> {
  const level = await openLevel(folder);
  const keys = await level.keys({ gte: "v/", lt: "v0" }).all();
  await level.close();
  return keys;
}

it("a generation that is interrupted while it is written is removed completely", async () => {
  const root = await tempFolder();
  const folder = join(root, "whole");
  for (const version of [1, 2]) {
    const store = await CheckpointStore.open(folder, () => {});
    expect(await store.commit(large(version))).toBe(version);
    expect(await versionIn(store)).toBe(version);
    await store.close();
  }
  const log = (await readdir(folder)).find((name) => name.endsWith(".log")) ?? "";
  const seen = { whole: 0, before: 0, begun: 0 };
  for (let cut = 0; cut <= 3_500_000; cut += 250_000) {
    const copy = join(root, `${cut}`);
    await cp(folder, copy, { recursive: true });
    await truncate(join(copy, log), Math.max(0, 3_400_100 - cut));
    await writeFile(join(copy, "generation"), "1\n"); // is written last
    const begun = (await keysOfValues(copy)).length > SIZES.length;
    const store = await CheckpointStore.open(copy, ({ message }) => expect.fail(message));
    const version = await versionIn(store);
    if (version === 2) seen.whole += 1;
    else if (begun) seen.begun += 1;
    else seen.before += 1;
    expect(store.generation).toBe(version);
    await store.commit(large(3).slice(0, 1)); // beside all values of the generation before
    await store.close();
    expect(await keysOfValues(copy)).toHaveLength(SIZES.length + 1);
  }
  expect(seen.begun).toBeGreaterThan(5);
  expect(seen.before).toBeGreaterThan(0);
});
