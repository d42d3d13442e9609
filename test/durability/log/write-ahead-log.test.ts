import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Durability, WriteAheadLog } from "../../../src/durability/log/write-ahead-log.ts";
import { readSegmentFolder } from "../../../src/state/segment/read-segments.ts";
import { SegmentLog } from "../../../src/state/segment-log.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MIB = 1024 * 1024;

async function open(durability: Durability) {
  const folder = join(await tempFolder(), "journal");
  const log = await SegmentLog.open(folder, { report: () => {} });
  const journal = new WriteAheadLog(log, durability, () => {});
  onTestFinished(() => journal.close());
  const bytesInFiles = async (): Promise<number> => {
    const sizes = (await readdir(folder)).map(
      async (name) => (await stat(join(folder, name))).size,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  return { journal, bytesInFiles };
}

it("a log without durability answers at once, until too much is unwritten", async () => {
  const { journal, bytesInFiles } = await open("none");
  journal.add(Buffer.alloc(MIB));
  let isAnswered = false;
  void journal.settle().then(() => {
    isAnswered = true;
  });
  await Promise.resolve(); // no more than that: nothing can have been written
  await Promise.resolve();
  expect([isAnswered, journal.state.waits]).toEqual([true, 0]);
  for (let i = 0; i < 40; i++) journal.add(Buffer.alloc(MIB));
  await journal.settle();
  expect(journal.state.waits).toBe(1);
  expect(await bytesInFiles()).toBeGreaterThan(41 * MIB);
  await journal.settle();
  expect(journal.state.waits).toBe(1);
});

it("a log with durability answers when the record is in its files", async () => {
  for (const durability of ["interval", "always"] as const) {
    const { journal, bytesInFiles } = await open(durability);
    journal.add(Buffer.alloc(MIB));
    await journal.settle();
    expect(await bytesInFiles()).toBeGreaterThan(MIB);
    expect(journal.state).toMatchObject({
      waits: 0,
      unsyncedRecords: durability === "always" ? 0 : 1,
    });
  }
});

it("a log that goes on writes nothing after dropped records until a checkpoint contains them", async () => {
  const folder = join(await tempFolder(), "journal");
  const log = await SegmentLog.open(folder, { report: () => {} });
  const journal = new WriteAheadLog(log, "interval", () => {}, "go_on");
  onTestFinished(() => journal.close());
  const seqs = async (): Promise<number[]> => {
    const seen: number[] = [];
    for await (const { seq } of readSegmentFolder(folder, () => {})) seen.push(seq);
    return seen;
  };
  journal.add(Buffer.from("kept"));
  await journal.settle();
  for (let i = 0; i < 3; i++) journal.add(Buffer.from("given up"));
  await journal.dropUnwritten();
  journal.add(Buffer.from("after it"));
  await journal.settle();
  expect([journal.hasGap, await seqs()]).toEqual([true, [1]]);
  expect(journal.covered(3)).toBeNull();
  await journal.maintain();
  expect([journal.hasGap, await seqs()]).toEqual([true, [1]]);
  expect(journal.covered(4)).toBe(5);
  await journal.maintain();
  expect([journal.hasGap, await seqs()]).toEqual([false, [1, 5]]);
});
