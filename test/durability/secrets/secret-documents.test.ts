import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { pipelineOf } from "../../../src/config/parse.ts";
import type { DurableStore } from "../../../src/durability/durable-store.ts";
import { decompressRecord } from "../../../src/durability/log/compressed-record.ts";
import { decodeEntry } from "../../../src/state/checkpoint/entry.ts";
import { SecretKeys } from "../../../src/state/secrets/secret-keys.ts";
import { scanRecords } from "../../../src/state/segment/record.ts";
import { SECRET_TEXTS, sinkSetups } from "../../support/sink-setups.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { copyOf, open } from "../support.ts";

async function putPipeline(store: DurableStore, name: string): Promise<unknown> {
  const { webhook, slack } = sinkSetups;
  const origin = "https://example.org";
  const document = {
    version: 1,
    buffer: { schema: { timestamp: "datetime", x: "float" } },
    detectors: [{ name: "hot", algorithm: "threshold", when: "x > 1" }],
    sinks: [
      { type: "webhook", ...(await webhook(origin)) },
      { type: "slack", ...(await slack(origin)) },
    ],
  };
  const loaded = pipelineOf(document, { label: name, name, variables: {}, origin: "http" });
  const config = { ...loaded.config, sinks: [] };
  await store.execute({ kind: "put_pipeline", name, config, document });
  return document;
}

/** The bytes of a file, and what its compressed records hold. */
async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  const records = file.endsWith(".seg") ? [...scanRecords(bytes)] : [];
  const expanded = records.map((record) => {
    if (record.kind === "damage") throw new Error(`${file} is damaged at byte ${record.offset}`);
    const { payload } = record;
    if (!file.includes("/checkpoints/")) return decompressRecord(payload);
    const { entry, bytes: content } = decodeEntry(payload);
    return "packed" in entry && entry.packed ? inflateRawSync(content) : payload;
  });
  return Buffer.concat([bytes, ...expanded]).toString("latin1");
}

/** Files of a state directory that contain a secret. */
async function revealing(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const file = join(parentPath, name);
    const content = await contentOf(file);
    if (SECRET_TEXTS.some((secret) => content.includes(secret))) found.push(file);
  }
  return found;
}

it("no file of a state directory shows a secret, in the journal, in checkpoints and after a kill", async () => {
  const path = join(await tempFolder(), "state");
  const keys = new SecretKeys(join(await tempFolder(), "secrets.key"), () => {});
  const { store } = await open(path, { keys });
  const document = await putPipeline(store, "a");
  expect(await revealing(path)).toEqual([]);
  const killed = await open(await copyOf(path), { keys });
  expect(killed.store.machine.pipeline("a").document).toEqual(document);
  await store.checkpoint();
  await putPipeline(store, "b");
  expect(await revealing(path)).toEqual([]);
  const again = await open(await copyOf(path), { keys });
  for (const name of ["a", "b"]) {
    expect(again.store.machine.pipeline(name).document).toEqual(document);
  }
  expect([killed.said, again.said]).toEqual([[], []]);
});

it.each(["journal", "checkpoint"])(
  "secrets in the %s of an older version are sealed at the first checkpoint",
  async (where) => {
    const path = join(await tempFolder(), "state");
    const { store: older } = await open(path); // without keys, as before
    const document = await putPipeline(older, "a");
    await putPipeline(older, "gone");
    await older.execute({ kind: "delete_pipeline", name: "gone" });
    if (where === "checkpoint") await older.checkpoint();
    const copy = await copyOf(path);
    await writeFile(join(copy, "format"), "2\n");
    expect((await revealing(copy)).length).toBeGreaterThan(0);
    const keys = new SecretKeys(join(copy, "secrets.key"), () => {});
    const { store } = await open(copy, { keys });
    expect(store.machine.pipeline("a").document).toEqual(document);
    await store.checkpoint();
    expect(await revealing(copy)).toEqual([]);
    await store.close();
    const { store: again, said } = await open(copy, { keys });
    expect(again.machine.pipeline("a").document).toEqual(document);
    expect(said).toEqual([]);
  },
);

it("without its key a secret stays sealed, and opens again when the key is back", async () => {
  const path = join(await tempFolder(), "state");
  const [file, other] = [join(await tempFolder(), "one"), join(await tempFolder(), "two")];
  const { store } = await open(path, { keys: new SecretKeys(file, () => {}) });
  const document = await putPipeline(store, "a");
  await store.close();
  for (let i = 0; i < 2; i++) {
    const lost = await open(path, { keys: new SecretKeys(other, () => {}) });
    expect(lost.store.machine.pipeline("a").document).not.toEqual(document);
    await putPipeline(lost.store, `b${i}`); // seals with the other key
    await lost.store.checkpoint();
    await lost.store.close();
  }
  await writeFile(file, (await readFile(file, "utf8")) + (await readFile(other, "utf8")));
  const found = await open(path, { keys: new SecretKeys(file, () => {}) });
  for (const name of ["a", "b0", "b1"]) {
    expect(found.store.machine.pipeline(name).document).toEqual(document);
  }
});

it("a command with secrets changes nothing when the key file can't be written", async () => {
  const keys = new SecretKeys(join(await tempFolder(), "none", "secrets.key"), () => {});
  const { store } = await open(join(await tempFolder(), "state"), { keys });
  await expect(putPipeline(store, "a")).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("nothing was changed: the key file for secrets can't be used"),
  });
  expect(store.machine.pipelines()).toEqual([]);
});
