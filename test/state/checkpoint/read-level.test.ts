import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CheckpointStore } from "../../../src/state/checkpoint-store.ts";
import { unpack } from "../../compat/archive.ts";
import { Random } from "../../support/random.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** Checkpoints in a LevelDB, as version 580e96d left them. */
async function levelFolder(): Promise<string> {
  const folder = await tempFolder();
  const packed = new URL("../../compat/580e96d/watch-killed.files.br", import.meta.url);
  await unpack(await readFile(packed), folder);
  const paths = await readdir(folder, { recursive: true });
  return join(folder, paths.find((path) => path.endsWith("checkpoints")) ?? "");
}

async function valuesIn(
  folder: string,
): Promise<{ values: ReadonlyMap<string, string>; isReported: boolean }> {
  let isReported = false;
  const store = await CheckpointStore.open(folder, () => {
    isReported = true;
  });
  const { values } = store.takeNewest();
  await store.close();
  const texts = [...values.values()].map(({ name, version, bytes }): [string, string] => [
    name,
    `${version} ${Buffer.from(bytes).toString("hex")}`,
  ]);
  return { values: new Map(texts), isReported };
}

it("reads checkpoints in a LevelDB, and replaces them with its own", async () => {
  const folder = await levelFolder();
  const before = await valuesIn(folder);
  expect(before.isReported).toBe(false);
  expect(before.values.size).toBeGreaterThan(5);
  const store = await CheckpointStore.open(folder, ({ message }) => expect.fail(message));
  const { number, values } = store.takeNewest();
  expect(number).toBeGreaterThan(0);
  const writer = store.begin();
  expect(writer.versions.size).toBe(0);
  for (const value of values.values()) writer.put(value);
  expect(await writer.save()).toBe(number + 1);
  await store.clean();
  await store.close();
  expect((await readdir(folder)).filter((name) => !name.endsWith(".seg"))).toEqual([]);
  expect(await valuesIn(folder)).toEqual(before);
});

it("gives no wrong value of a damaged LevelDB, and reports what is lost", async () => {
  const folder = await levelFolder();
  const whole = (await valuesIn(folder)).values;
  const names = (await readdir(folder)).filter((name) => /\.(ldb|log)$/.test(name));
  const random = new Random(6);
  const root = await tempFolder();
  let lost = 0;
  for (let run = 0; run < 300; run++) {
    const copy = join(root, `${run}`);
    await mkdir(copy);
    const spoilt = names[Math.floor(names.length * random.uniform())];
    for (const name of [...names, "generation"]) {
      const bytes = await readFile(join(folder, name));
      const at = Math.floor(bytes.length * random.uniform());
      if (name === spoilt && bytes.length > 0) bytes[at] = (bytes[at] as number) ^ 0x41;
      await writeFile(join(copy, name), bytes);
    }
    const { values, isReported } = await valuesIn(copy);
    const same = [...values].filter(([name, text]) => whole.get(name) === text).length;
    if (same === whole.size) continue;
    expect(isReported, `run ${run}`).toBe(true);
    lost += 1;
  }
  expect(lost).toBeGreaterThan(50);
});
