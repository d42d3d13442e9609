import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { DurableStore } from "../../src/durability/durable-store.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { copyOf, everything, newestValues, open } from "./support.ts";

const BUFFER = {
  name: "a",
  schema: { timestamp: "datetime", sensor_id: "str", x: "float", note: "str" },
  maxRows: 50,
} as const;

/** Appends one row whose record in the journal has about this many bytes, however well it is compressed. */
async function append(store: DurableStore, i: number, bytes: number): Promise<void> {
  const timestamp = Date.UTC(2026, 0, 1) + 1000 * i;
  const hash = createHash("shake256", { outputLength: bytes }).update(`${i}`);
  const row = { timestamp, sensor_id: "s", x: i, note: hash.digest("base64") };
  await store.execute({
    kind: "append",
    name: "a",
    rows: [row],
    arrivalMs: timestamp,
    strict: false, // the buffer cuts long texts, the journal keeps the row as it was sent
  });
}

async function journalFiles(path: string): Promise<string[]> {
  const names = await readdir(join(path, "journal"));
  return names.filter((name) => name.endsWith(".seg")).sort();
}

it("a store reports every flipped byte of the log after its checkpoint", async () => {
  const path = join(await tempFolder(), "state");
  const { store } = await open(path);
  await store.execute({ kind: "create_buffer", definition: BUFFER, replace: false });
  for (let i = 0; i < 5; i++) await append(store, i, 20);
  await store.checkpoint();
  for (let i = 5; i < 10; i++) await append(store, i, 20);
  const name = (await journalFiles(path)).at(-1) ?? ""; // a checkpoint begins a file
  const { size } = await stat(join(path, "journal", name));
  expect(size).toBeGreaterThan(5 * 50);
  for (let at = 0; at < size; at += 37) {
    const copy = await copyOf(path);
    const bytes = await readFile(join(copy, "journal", name));
    bytes[at] = (bytes[at] as number) ^ 0x10;
    await writeFile(join(copy, "journal", name), bytes);
    const { store: again, said } = await open(copy);
    expect(said.length, `byte ${at}`).toBeGreaterThan(0);
    // one record, and no other
    expect(again.machine.buffer("a").rowsAppended, `byte ${at}`).toBe(9);
    await again.close();
  }
});

it("a store drops log records before its older checkpoint, and recovers from the rest", async () => {
  const path = join(await tempFolder(), "state");
  const { store } = await open(path);
  await store.execute({ kind: "create_buffer", definition: BUFFER, replace: false });
  const all: string[] = [];
  for (let i = 0; i < 12; i++) {
    await append(store, i, 1.5e6); // two or three records a segment
    all.push(...(await journalFiles(path)));
    if (i % 4 === 3) await store.checkpoint();
  }
  await append(store, 12, 100);
  const left = await journalFiles(path);
  const segments = new Set(all).size;
  expect(segments).toBeGreaterThan(4);
  expect(left.length).toBeLessThan(segments - 1);
  expect(left.length).toBeGreaterThan(1); // back to the checkpoint before the newest
  const expected = everything(store.machine);
  const whole = await open(await copyOf(path));
  expect([whole.said, everything(whole.store.machine)]).toEqual([[], expected]);
  expect(whole.store.recovered.records).toBe(1);

  const copy = await copyOf(path);
  const [spoil] = await newestValues(copy);
  await spoil?.();
  const older = await open(copy);
  expect(older.said.join("\n")).toContain("rebuilt from the one before");
  expect(everything(older.store.machine)).toEqual(expected);
  expect(older.store.recovered).toMatchObject({ records: 5, recordsLost: 0 });
});
