import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SegmentLogOptions } from "../../src/state/segment/log-options.ts";
import { encodeRecord } from "../../src/state/segment/record.ts";
import { readSegmentFolder } from "../../src/state/segment/segment-reader.ts";
import { SegmentLog } from "../../src/state/segment-log.ts";
import type { Damage } from "../../src/state/state-error.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** What reading a log from the start gave. */
interface Read {
  readonly seqs: number[];
  readonly texts: string[];
  readonly damages: Damage[];
  readonly nextSeq: number;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function openLog(
  folder: string,
  damages: Damage[] = [],
  options: Partial<SegmentLogOptions> = {},
): Promise<SegmentLog> {
  return SegmentLog.open(folder, { ...options, report: (damage) => damages.push(damage) });
}

async function readAll(folder: string): Promise<Read> {
  const damages: Damage[] = [];
  const log = await openLog(folder, damages);
  const [seqs, texts]: [number[], string[]] = [[], []];
  for await (const { seq, payload } of log.read()) {
    seqs.push(seq);
    texts.push(Buffer.from(payload).toString());
  }
  await log.close();
  return { seqs, texts, damages, nextSeq: log.nextSeq };
}

/** A log of the given texts in one segment. @returns Its file and where each record ends. */
async function logOf(folder: string, texts: readonly string[]): Promise<[string, number[]]> {
  const log = await openLog(folder);
  const ends: number[] = [];
  for (const text of texts) {
    log.append(bytes(text));
    ends.push(log.bytes);
  }
  await log.close();
  return [join(folder, (await readdir(folder))[0] ?? ""), ends];
}

const lost = (damages: readonly Damage[]): number =>
  damages.reduce((sum, { records }) => sum + records, 0);

describe("SegmentLog", () => {
  it("returns flushed records in order after it is opened again", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    expect([log.append(bytes("a")), log.append(bytes("")), log.append(bytes("é"))]).toEqual([
      1, 2, 3,
    ]);
    await log.flush();
    log.append(bytes("never flushed"));
    expect(await readAll(folder)).toEqual({
      seqs: [1, 2, 3],
      texts: ["a", "", "é"],
      damages: [],
      nextSeq: 4,
    });
    await log.close();
  });

  it("reads from a sequence number, also while it is written", async () => {
    const log = await openLog(await tempFolder(), [], { segmentBytes: 50 });
    for (let i = 1; i <= 20; i++) log.append(bytes(`record ${i}`));
    await log.sync();
    const seen: number[] = [];
    for await (const { seq } of log.read(13)) {
      seen.push(seq);
      log.append(bytes("more"));
      await log.flush();
    }
    expect(seen).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
    await log.close();
  });

  it("begins a new segment if a record would exceed the segment size", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, [], { segmentBytes: 60 });
    for (const size of [10, 10, 10, 200, 10]) log.append(new Uint8Array(size));
    await log.close();
    expect(await readdir(folder)).toEqual([
      "0000000000000001.seg",
      "0000000000000003.seg",
      "0000000000000004.seg",
      "0000000000000005.seg",
    ]);
    expect((await readAll(folder)).seqs).toEqual([1, 2, 3, 4, 5]);
  });

  it("drops whole segments before a sequence number, never the one written to", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, [], { segmentBytes: 60 });
    for (let i = 0; i < 7; i++) log.append(new Uint8Array(10));
    await log.flush();
    expect(log.segmentStarts).toEqual([1, 3, 5, 7]);
    await log.dropBefore(4);
    expect(log.firstSeq).toBe(3);
    await log.dropBefore(1000);
    expect(log.segmentStarts).toEqual([7]);
    await log.close();
    expect(await readAll(folder)).toMatchObject({ seqs: [7], damages: [], nextSeq: 8 });
  });

  it("is full at its size, including unwritten records, and accepts records after a drop", async () => {
    const log = await openLog(await tempFolder(), [], { segmentBytes: 100, maxBytes: 300 });
    const seqs = Array.from({ length: 11 }, () => log.append(new Uint8Array(12)));
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "full"]);
    await log.flush();
    expect(log.append(new Uint8Array(12))).toBe("full");
    await log.dropBefore(10);
    expect(log.append(new Uint8Array(12))).toBe(11);
    await log.close();
  });

  it("serves all waiting callers with one write that contains their records", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, [], { segmentBytes: 500 });
    const waits = Array.from({ length: 200 }, async (_, i) => {
      await (i % 7 === 0 ? Promise.resolve() : null);
      const seq = log.append(bytes(`r${i}`));
      await (i % 3 === 0 ? log.sync() : log.flush());
      const seen: number[] = [];
      for await (const record of readSegmentFolder(folder, () => {})) seen.push(record.seq);
      expect(seen).toContain(seq);
    });
    await Promise.all(waits);
    await log.close();
  });

  it("never assigns a known number again, and reports missing records", async () => {
    const folder = await tempFolder();
    await logOf(folder, ["a", "b"]);
    const log = await openLog(folder, [], { nextSeq: 7 });
    expect(log.append(bytes("c"))).toBe(7);
    await log.close();
    const { seqs, damages } = await readAll(folder);
    expect(seqs).toEqual([1, 2, 7]);
    expect(damages).toMatchObject([{ records: 4, bytes: 0, message: "4 records are missing" }]);
  });

  it("reports records of a damaged end with their number, and the same at the next start", async () => {
    const folder = await tempFolder();
    const [file, ends] = await logOf(folder, ["a", "b", "c", "d", "e"]);
    await truncate(file, (ends[2] as number) + 3);
    for (const start of [1, 2]) {
      const damages: Damage[] = [];
      const log = await openLog(folder, damages, { nextSeq: 6 });
      for await (const { seq } of log.read(2)) expect(seq).toBeLessThan(4);
      await log.close();
      const at = `${basename(folder)}/0000000000000001.seg:${ends[2]}`;
      expect(damages, `start ${start}`).toEqual([
        { at, message: "2 records are missing", records: 2, bytes: 0 },
      ]);
    }
  });

  it("reports a missing segment", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, [], { segmentBytes: 60 });
    for (let i = 0; i < 6; i++) log.append(new Uint8Array(10));
    await log.close();
    await unlink(join(folder, "0000000000000003.seg"));
    const { seqs, damages } = await readAll(folder);
    expect(seqs).toEqual([1, 2, 5, 6]);
    expect(lost(damages)).toBe(2);
  });

  const GONE = [
    ["first", "0000000000000001.seg", 2],
    ["middle", "0000000000000003.seg", 2],
    ["last", "0000000000000007.seg", 3],
  ] as const;
  const WAYS = {
    deleted: () => Promise.resolve(),
    emptied: (path: string) => writeFile(path, ""),
    "a directory": (path: string) => mkdir(path),
  };
  const gone = GONE.flatMap((segment) =>
    Object.entries(WAYS).map(([way, make]) => ({ segment, way, make })),
  );

  it.each(gone)("says how many records are gone with the $segment.0 segment, $way", async (one) => {
    const [, name, count] = one.segment;
    const folder = join(await tempFolder(), "log");
    const log = await openLog(folder, [], { segmentBytes: 75 });
    for (let i = 0; i < 9; i++) log.append(new Uint8Array(i < 6 ? 10 : 5));
    await log.close();
    await rm(join(folder, name));
    await one.make(join(folder, name));
    const looked: Damage[] = [];
    for await (const _ of readSegmentFolder(folder, (found) => looked.push(found)));
    expect(lost(looked)).toBe(count);
    const { seqs, damages } = await readAll(folder);
    expect([seqs.length, lost(damages)]).toEqual([9 - count, count]);
    const renamed = damages.filter(({ message }) => message.includes(`renamed ${name}.damaged-1`));
    expect(renamed).toHaveLength(one.way === "a directory" ? 1 : 0);
  });

  it("says how many records are gone with its folder", async () => {
    const folder = join(await tempFolder(), "log");
    await logOf(folder, ["a", "b", "c"]);
    await rm(folder, { recursive: true });
    expect(await readAll(folder)).toMatchObject({ seqs: [], damages: [{ at: "log", records: 3 }] });
    expect((await readAll(folder)).damages).toEqual([]);
  });

  it("reports no loss of records that are no longer needed", async () => {
    const folder = join(await tempFolder(), "log");
    await logOf(folder, ["a", "b", "c"]);
    await rm(folder, { recursive: true });
    const damages: Damage[] = [];
    const log = await openLog(folder, damages, { nextSeq: 3 });
    expect([log.append(bytes("d")), lost(damages)]).toEqual([3, 1]);
    await log.close();
  });

  it("knows after a crash how many synced records are gone", async () => {
    const folder = join(await tempFolder(), "log");
    const log = await openLog(folder);
    for (const text of ["a", "b", "c"]) log.append(bytes(text));
    await log.sync();
    const copy = join(await tempFolder(), "log");
    await cp(folder, copy, { recursive: true });
    await cp(`${folder}.range`, `${copy}.range`);
    await log.close();
    await truncate(join(copy, "0000000000000001.seg"), 0);
    expect(lost((await readAll(copy)).damages)).toBe(3);
  });

  it("reports deleted files, also if no record was synced before a crash", async () => {
    const folder = join(await tempFolder(), "log");
    const log = await openLog(folder);
    log.append(bytes("a"));
    await log.flush();
    const copy = join(await tempFolder(), "log");
    await cp(`${folder}.range`, `${copy}.range`);
    await log.close();
    expect((await readAll(copy)).damages).toMatchObject([
      { at: "log", records: 0, message: expect.stringContaining("its files were deleted") },
    ]);
    expect((await readAll(copy)).damages).toEqual([]);
  });

  it("opens with a damaged range, and reports it", async () => {
    for (const range of ["", "x".repeat(32), null]) {
      const folder = join(await tempFolder(), "log");
      await logOf(folder, ["a", "b"]);
      await rm(`${folder}.range`);
      if (range === null) await mkdir(`${folder}.range`);
      else await writeFile(`${folder}.range`, range);
      const { texts: read, damages } = await readAll(folder);
      expect([read, damages[0]?.at]).toEqual([["a", "b"], "log.range"]);
      expect((await readAll(folder)).damages).toEqual([]);
    }
  });

  it("with one flipped byte in its range, has the range of the write before", async () => {
    const folder = join(await tempFolder(), "log");
    const [file] = await logOf(folder, ["a", "b"]);
    const [whole, range] = [await readFile(file), await readFile(`${folder}.range`)];
    for (let at = 0; at < range.length; at++) {
      const flipped = Buffer.from(range);
      flipped[at] = (flipped[at] as number) ^ 1;
      await writeFile(file, whole);
      await writeFile(`${folder}.range`, flipped);
      expect(await readAll(folder)).toMatchObject({ texts: ["a", "b"], damages: [] });
    }
  });

  it("rejects records after its files were deleted while it was open", async () => {
    const folder = join(await tempFolder(), "log");
    const log = await openLog(folder);
    log.append(bytes("a"));
    await log.sync();
    await rm(folder, { recursive: true });
    log.append(bytes("b"));
    const deleted = { code: "ERR_IO", reason: "state_deleted" };
    await expect(log.sync()).rejects.toMatchObject(deleted);
    await expect(log.verify()).rejects.toMatchObject(deleted);
    await expect(log.close()).rejects.toMatchObject(deleted);
  });

  it("ignores other files, and rejects a path that can't be a folder", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "notes.txt"), "mine");
    await logOf(join(folder, "log"), ["a"]);
    await expect(openLog(join(folder, "notes.txt"))).rejects.toMatchObject({
      code: "ERR_CANT_CREATE",
      at: join(folder, "notes.txt"),
    });
  });
});

describe("A damaged SegmentLog", () => {
  const texts = ["first", "", "the third \u0000 record", "fourth"];

  it("truncated at any byte, loses only the truncated records, and continues", async () => {
    const folder = await tempFolder();
    const [file, ends] = await logOf(folder, texts);
    const [whole, range] = [await readFile(file), await readFile(`${folder}.range`)];
    for (let cut = 0; cut < whole.length; cut++) {
      await writeFile(file, whole.subarray(0, cut));
      await writeFile(`${folder}.range`, range);
      const left = ends.filter((end) => end <= cut).length;
      const read = await readAll(folder);
      expect(read.texts, `cut at ${cut}`).toEqual(texts.slice(0, left));
      // said once, also at the end of a record
      expect(lost(read.damages), `cut at ${cut}`).toBe(texts.length - left);
      const log = await openLog(folder);
      expect(log.append(bytes("next"))).toBe(left + 1);
      await log.close();
      expect(await readAll(folder)).toMatchObject({
        texts: [...texts.slice(0, left), "next"],
        damages: [],
      });
    }
  });

  it("with any bit flipped, loses that record and reports it", async () => {
    const folder = await tempFolder();
    const [file, ends] = await logOf(folder, texts);
    const [whole, range] = [await readFile(file), await readFile(`${folder}.range`)];
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      await writeFile(file, damaged);
      await writeFile(`${folder}.range`, range);
      const hit = ends.findIndex((end) => bit >> 3 < end);
      const read = await readAll(folder);
      expect(read.texts, `bit ${bit}`).toEqual(texts.filter((_, i) => i !== hit));
      expect(lost(read.damages), `bit ${bit}`).toBe(1);
    }
  });

  it("is read past garbage, and past zeros that a power cut left at its end", async () => {
    const folder = await tempFolder();
    const [file] = await logOf(folder, ["a", "b"]);
    await appendFile(file, Buffer.concat([Buffer.from("garbage"), encodeRecord(3, bytes("c"))]));
    await appendFile(file, new Uint8Array(5000));
    const first = await readAll(folder);
    expect(first.texts).toEqual(["a", "b", "c"]);
    expect(first.damages.map(({ records, bytes }) => [records, bytes])).toEqual([
      [0, 5000],
      [0, 7],
    ]);
  });

  it("ignores left-over and embedded records", async () => {
    const folder = await tempFolder();
    const inner = encodeRecord(1, bytes("old"));
    const [file, ends] = await logOf(folder, ["a", inner.toString("latin1"), "c"]);
    const whole = await readFile(file);
    const stale = Buffer.concat([whole.subarray(0, ends[0]), inner, whole.subarray(ends[0])]);
    await writeFile(file, stale);
    const { texts: read, damages } = await readAll(folder);
    expect(read).toHaveLength(3);
    expect(damages).toMatchObject([{ records: 0, bytes: inner.length }]);
  });

  it("in an older segment, reports exactly how many records are lost, also at its end", async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, [], { segmentBytes: 100 });
    for (let i = 0; i < 9; i++) log.append(new Uint8Array(12));
    await log.close();
    await truncate(join(folder, "0000000000000004.seg"), 35);
    const { seqs, damages } = await readAll(folder);
    expect(seqs).toEqual([1, 2, 3, 4, 7, 8, 9]);
    expect(damages).toMatchObject([{ records: 2, bytes: 5 }]);
    expect(damages[0]?.at).toMatch(/0000000000000004\.seg:30$/);
  });
});
