import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Durability } from "../../../src/durability/log/log-settings.ts";
import { WriteAheadLog } from "../../../src/durability/log/write-ahead-log.ts";
import { readSegmentFolder } from "../../../src/state/segment/segment-reader.ts";
import { SegmentLog } from "../../../src/state/segment-log.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MIB = 1024 * 1024;

async function open(durability: Durability) {
  const folder = join(await tempFolder(), "journal");
  const log = await SegmentLog.open(folder, { report: () => {} });
  const writeAheadLog = new WriteAheadLog(log, durability, () => {});
  onTestFinished(() => writeAheadLog.close());
  const bytesInFiles = async (): Promise<number> => {
    const sizes = (await readdir(folder)).map(
      async (name) => (await stat(join(folder, name))).size,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  return { writeAheadLog, bytesInFiles };
}

it("a log without durability answers at once, until too much is unwritten", async () => {
  const { writeAheadLog, bytesInFiles } = await open("none");
  writeAheadLog.add(Buffer.alloc(MIB));
  let isAnswered = false;
  void writeAheadLog.settle().then(() => {
    isAnswered = true;
  });
  await Promise.resolve(); // no more than that: nothing can have been written
  await Promise.resolve();
  expect([isAnswered, writeAheadLog.state.waits]).toEqual([true, 0]);
  for (let i = 0; i < 40; i++) writeAheadLog.add(Buffer.alloc(MIB));
  await writeAheadLog.settle();
  expect(writeAheadLog.state.waits).toBe(1);
  expect(await bytesInFiles()).toBeGreaterThan(41 * MIB);
  await writeAheadLog.settle();
  expect(writeAheadLog.state.waits).toBe(1);
});

it("a log with durability answers when the record is in its files", async () => {
  for (const durability of ["interval", "always"] as const) {
    const { writeAheadLog, bytesInFiles } = await open(durability);
    writeAheadLog.add(Buffer.alloc(MIB));
    await writeAheadLog.settle();
    expect(await bytesInFiles()).toBeGreaterThan(MIB);
    expect(writeAheadLog.state).toMatchObject({
      waits: 0,
      unsyncedRecords: durability === "always" ? 0 : 1,
    });
  }
});

it("a log that goes on writes nothing after dropped records until a checkpoint contains them", async () => {
  const folder = join(await tempFolder(), "journal");
  const log = await SegmentLog.open(folder, { report: () => {} });
  const writeAheadLog = new WriteAheadLog(log, "interval", () => {}, "go_on");
  onTestFinished(() => writeAheadLog.close());
  const seqs = async (): Promise<number[]> => {
    const seen: number[] = [];
    for await (const { seq } of readSegmentFolder(folder, () => {})) seen.push(seq);
    return seen;
  };
  writeAheadLog.add(Buffer.from("kept"));
  await writeAheadLog.settle();
  for (let i = 0; i < 3; i++) writeAheadLog.add(Buffer.from("given up"));
  await writeAheadLog.dropUnwritten();
  writeAheadLog.add(Buffer.from("after it"));
  await writeAheadLog.settle();
  expect([writeAheadLog.hasGap, await seqs()]).toEqual([true, [1]]);
  expect(writeAheadLog.covered(3)).toBeNull();
  await writeAheadLog.maintain();
  expect([writeAheadLog.hasGap, await seqs()]).toEqual([true, [1]]);
  expect(writeAheadLog.covered(4)).toBe(5);
  await writeAheadLog.maintain();
  expect([writeAheadLog.hasGap, await seqs()]).toEqual([false, [1, 5]]);
});

it.each(["interval", "none"] as const)(
  "a log with deleted files refuses commands, and reports that once (%s)",
  async (durability) => {
    const folder = join(await tempFolder(), "log");
    const log = await SegmentLog.open(folder, { report: () => {} });
    const said: string[] = [];
    const ahead = new WriteAheadLog(log, durability, (_, text) => said.push(text));
    await rm(folder, { recursive: true });
    for (let i = 0; i < 3; i++) {
      ahead.add(Buffer.from("record"));
      await ahead.settle().catch(() => {});
      await ahead.maintain();
    }
    expect(ahead.isReady).toBe(false);
    await expect(ahead.retry()).rejects.toMatchObject({ kind: "unavailable" });
    await expect(ahead.close()).rejects.toMatchObject({ reason: "state_deleted" });
    expect(said).toHaveLength(1);
  },
);
